import { testCases } from '../testing/case-tests.testkit.ts';
import { CASES as CTX } from './ctx.cases.ts';
import { RECORDED as CTX_RECORDED } from './ctx.cases.recorded.ts';
import { CASES as MEMORY } from './memory.cases.ts';
import { RECORDED as MEMORY_RECORDED } from './memory.cases.recorded.ts';
import { CASES as STACK } from './stack.cases.ts';
import { RECORDED as STACK_RECORDED } from './stack.cases.recorded.ts';
import { CASES as KINDS } from './kinds.rules.cases.ts';
import { RECORDED as KINDS_RECORDED } from './kinds.rules.cases.recorded.ts';

testCases('the stack', STACK, STACK_RECORDED);
testCases('memory of other kinds', MEMORY, MEMORY_RECORDED);
testCases('the context', CTX, CTX_RECORDED);
testCases('constants, objects and places', KINDS, KINDS_RECORDED);
