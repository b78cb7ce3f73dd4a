import { testCases } from '../testing/case-tests.testkit.ts';
import { CASES as HELPERS } from './helpers.cases.ts';
import { RECORDED as HELPERS_RECORDED } from './helpers.cases.recorded.ts';
import { CASES as CALLS } from './kfunc/calls.cases.ts';
import { RECORDED as CALLS_RECORDED } from './kfunc/calls.cases.recorded.ts';
import { CASES as FLAGS } from './kfunc/flags.cases.ts';
import { RECORDED as FLAGS_RECORDED } from './kfunc/flags.cases.recorded.ts';
import { CASES as OBJECTS } from './kfunc/objects.cases.ts';
import { RECORDED as OBJECTS_RECORDED } from './kfunc/objects.cases.recorded.ts';
import { CASES as SUBPROGS } from './subprogs.cases.ts';
import { RECORDED as SUBPROGS_RECORDED } from './subprogs.cases.recorded.ts';

testCases('helpers', HELPERS, HELPERS_RECORDED);
testCases('functions of the program', SUBPROGS, SUBPROGS_RECORDED);
testCases('kfuncs', CALLS, CALLS_RECORDED);
testCases('flags of kfuncs', FLAGS, FLAGS_RECORDED);
testCases('objects, lists and trees', OBJECTS, OBJECTS_RECORDED);
