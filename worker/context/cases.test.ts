import { testCases } from '../testing/case-tests.testkit.ts';
import { CASES } from './locks.cases.ts';
import { RECORDED } from './locks.cases.recorded.ts';

testCases('locks and regions', CASES, RECORDED);
