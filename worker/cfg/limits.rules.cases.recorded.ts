// Recorded by `npm run record-cases`: what Linux 7.3.4 says of the programs beside; ids of types masked.
import type { Recorded } from '../testing/cases.ts';

export const RECORDED: Recorded = {
  "where an indirect jump goes": [
    null,
    [22,"gotox.notInsn","R1 has type scalar, expected PTR_TO_INSN"],
    [13,"alu.kindProhibited","R1 pointer arithmetic on insn prohibited"],
    [13,"alu.kindProhibited","R1 pointer arithmetic on insn prohibited"],
    [13,"alu.kindProhibited","R1 pointer arithmetic on insn prohibited"],
  ],
  "how an entry is read": [
    null,
    [13,"map.insn-array-read","Invalid read of 4 bytes from insn_array"],
    [13,"map.insn-array-read","Invalid read of 1 bytes from insn_array"],
    [13,"memory.min-outside","invalid access to map value, value_size=8 off=8 size=8\nR1 min value is outside of the allowed memory range"],
    [13,"memory.misaligned","misaligned value access off 0+4 size 8"],
    [13,"map.write-forbidden","write into map forbidden, value_size=16 off=0 size=8"],
  ],
  "a function without a table": [
    null,
    [22,"cfg.jumpTableMissing","no jump tables found for subprog starting at 4"],
  ],
  "a table that is complete": [
    [0],
  ],
  "a table that leads into two functions": [
    [22,"cfg.jumpTableOutside","jump table for insn 4 points outside of the subprog [0,10]"],
  ],
  "a table that is not complete": [
    null,
    [22,"cfg.insnArrayInit","Failed to properly initialize insn array"],
    [22,"cfg.insnArrayInit","Failed to properly initialize insn array"],
    [22,"cfg.insnArrayInit","Failed to properly initialize insn array"],
  ],
  "how deep stacks are followed": [
    [0],
    [22,"cfg.livenessTooDeep",""],
  ],
  "how often functions are followed": [
    [0],
    [7,"cfg.livenessTooComplex","liveness analysis exceeded complexity limit (10001 calls)"],
  ],
  "how deep calls go that are walked apart": [
    [0],
    [0],
    [0],
  ],
  "how deep calls go that are not walked": [
    [0],
    [7,"after.callDepth","the call stack of 16 frames is too deep !"],
    [7,"after.callDepth","the call stack of 16 frames is too deep !"],
  ],
  "a wide load at the end": [
    [0],
    [22,"cfg.lastInsnWide","invalid bpf_ld_imm64 insn"],
  ],
  "a call of nothing": [
    [0],
    [22,"after.kfuncNotResolved","invalid kernel function call not eliminated in verifier pass"],
  ],
  "functions of callbacks, walked apart": [
    [0],
    [22,"after.ldAbsInCallback","cannot use BPF_LD_[ABS|IND] within callback"],
    [22,"after.tailCallInCallback","cannot tail call within callback"],
  ],
  "metadata of a device": [
    [0],
    [22,"cfg.kfuncDevBound","metadata kfuncs require device-bound program"],
  ],
  "an arena needs privileges": [
    [0],
    [1,"cfg.arenaNotPermitted","CAP_BPF and CAP_PERFMON are required to use arena"],
  ],
  "where the exception is caught": [
    [0],
    [22,"cfg.exceptionCallbackNoInfo","exception callback type id not found in func_info"],
  ],
  "types of attachment": [
    [0],
    [22,"attach.unsupported",""],
    [22,"attach.unsupported",""],
  ],
  "what a function returns": [
    [95,"attach.bigReturn","Attach to function bpf_testmod_test_int128_ret with a >8 byte return value is not supported for this attach type"],
    [0],
  ],
  "what is no function but a prototype": [
    [22,"cfg.kfuncNoAddress","cannot find address for kernel function bpf_kfunc_implicit_arg_impl"],
    [0],
  ],
  "an argument in an arena": [
    [22,"attach.structOpsArena","arena argument of test_arena requires a program with an associated arena"],
    [0],
  ],
  "a packet that is handed over": [
    [0],
    [22,"context.referenceLeak","Unreleased reference id=1 alloc_insn=0"],
    [22,"attach.structOpsTailCall","program with __ref argument cannot tail call"],
  ],
};
