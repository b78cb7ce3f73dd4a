// Recorded by `npm run record-cases`: what Linux 7.3.4 says of the programs beside; ids of types masked.
import type { Recorded } from '../../testing/cases.ts';

export const RECORDED: Recorded = {
  "KF_FASTCALL: a register kept around a call": [
    [0],
    [13,"after.combinedStack","combined stack size of 2 calls is 528. Too large"],
    [13,"after.combinedStack","combined stack size of 2 calls is 528. Too large"],
    [0],
  ],
  "KF_DESTRUCTIVE: an argument is what fails, not the flag": [
    [0],
    [13,"kfunc.possiblyNull","Possibly NULL pointer passed to trusted R1"],
    [13,"memory.not-memory","R1 type=scalar expected=fp"],
  ],
  "KF_PERFMON": [
    [0],
    [0],
    [0],
    [1,"load.privileges",""],
  ],
  "KF_IMPLICIT_ARGS: what the kernel adds is not passed": [
    [0],
    [13,"memory.var-off","variable ? access var_off=(0x0; 0xffffffffffffffff) disallowed"],
    [22,"kfunc.notScalar","R1 is not a scalar"],
    [13,"kfunc.possiblyNull","Possibly NULL pointer passed to trusted R2"],
  ],
  "KF_ARENA_RET and KF_ARENA_ARG2: pages of an arena": [
    [0],
    [0],
    [13,"memory.var-off","variable ? access var_off=(0x0; 0xffffffffffffffff) disallowed"],
    [13,"kfunc.possiblyNull","Possibly NULL pointer passed to trusted R1"],
    [0],
    [0],
  ],
  "what an arena’s kfunc returns": [
    [0],
    [13,"memory.invalid-access","R0 invalid mem access 'scalar'"],
  ],
};
