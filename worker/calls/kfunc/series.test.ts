import { testCases } from '../../testing/case-tests.testkit.ts';
import { CASES } from './series.cases.ts';
import { RECORDED } from './series.cases.recorded.ts';

testCases('the proposals', CASES, RECORDED);
