import { testCases } from '../testing/case-tests.testkit.ts';
import { CASES as ALU } from './alu.cases.ts';
import { RECORDED as ALU_RECORDED } from './alu.cases.recorded.ts';

testCases('arithmetic and branches', ALU, ALU_RECORDED);
