import { testCases } from '../testing/case-tests.testkit.ts';
import { CASES } from './checks.cases.ts';
import { RECORDED } from './checks.cases.recorded.ts';
import { CASES as LIMITS } from './limits.rules.cases.ts';
import { RECORDED as LIMITS_RECORDED } from './limits.rules.cases.recorded.ts';
import { CASES as PROTOTYPES } from './prototypes.rules.cases.ts';
import { RECORDED as PROTOTYPES_RECORDED } from './prototypes.rules.cases.recorded.ts';

testCases('before and after the walk', CASES, RECORDED);
testCases('tables, limits and symbols', LIMITS, LIMITS_RECORDED);
testCases('prototypes', PROTOTYPES, PROTOTYPES_RECORDED);
