import { testCases } from '../testing/case-tests.testkit.ts';
import { CASES as ALU } from './alu.cases.ts';
import { RECORDED as ALU_RECORDED } from './alu.cases.recorded.ts';
import { CASES as CORNERS } from './corners.cases.ts';
import { RECORDED as CORNERS_RECORDED } from './corners.cases.recorded.ts';
import { CASES as JUMP_TABLES } from './jump-tables.cases.ts';
import { RECORDED as JUMP_TABLES_RECORDED } from './jump-tables.cases.recorded.ts';
import { CASES as LIMITS } from './limits.cases.ts';
import { RECORDED as LIMITS_RECORDED } from './limits.cases.recorded.ts';
import { CASES as SPECULATION } from './speculation.rules.cases.ts';
import { RECORDED as SPECULATION_RECORDED } from './speculation.rules.cases.recorded.ts';

testCases('arithmetic and branches', ALU, ALU_RECORDED);
testCases('jump tables', JUMP_TABLES, JUMP_TABLES_RECORDED);
testCases('returns, packet loads and limits', LIMITS, LIMITS_RECORDED);
testCases('rules that few programs reach', CORNERS, CORNERS_RECORDED);
testCases('speculation, exceptions in loops, callbacks', SPECULATION, SPECULATION_RECORDED);
