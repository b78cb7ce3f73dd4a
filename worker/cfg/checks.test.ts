import { testCases } from '../testing/case-tests.testkit.ts';
import { CASES } from './checks.cases.ts';
import { RECORDED } from './checks.cases.recorded.ts';

testCases('before and after the walk', CASES, RECORDED);
