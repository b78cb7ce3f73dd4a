// Recorded by `npm run record-cases`: what Linux 7.3.4 says of the programs beside; ids of types masked.
import type { Recorded } from '../../testing/cases.ts';

export const RECORDED: Recorded = {
  "a node that is still there": [
    [0],
    [22,"kfunc.rbNodeKind","bpf_rbtree_remove can only take non-owning or refcounted bpf_rb_node pointer"],
  ],
  "a function that compares": [
    [0],
    [22,"kfunc.notFunction","R3 expected pointer to func"],
    [22,"kfunc.notFunction","R3 expected pointer to func"],
    [13,"kfunc.possiblyNull","Possibly NULL pointer passed to trusted R3"],
  ],
  "how deep a comparison is called": [
    [0],
    [7,"kfunc.callbackFailed","the call stack of 17 frames is too deep\nkfunc bpf_rbtree_add_impl#… failed callback verification"],
  ],
  "locks of two kinds": [
    [0],
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "what is freed where interrupts cannot wait": [
    [0],
    [22,"kfunc.nmiUnsafe","bpf_obj_drop cannot be used in tracing programs on types with NMI unsafe fields"],
  ],
  "what is freed anywhere": [
    [0],
    [22,"kfunc.nmiUnsafe","bpf_obj_drop cannot be used in tracing programs on types with NMI unsafe fields"],
  ],
  "a task that is certain": [
    [0],
    [22,"kfunc.notTrusted","R1 must be referenced or trusted"],
  ],
  "a task that RCU keeps": [
    [0],
    [22,"kfunc.notRcu","R1 must be a rcu pointer"],
  ],
  "a name that is constant": [
    [0],
    [22,"kfunc.notConstString","R2 doesn't point to a const string"],
    [13,"call.strNotReadonly","R2 does not point to a readonly map'"],
    [22,"cfg.directValue","invalid access to map value pointer, value_size=16 off=16"],
  ],
  "256 functions of the kernel": [
    [0],
    [0],
    [7,"cfg.kfuncTooMany","too many different kernel function calls"],
  ],
  "an arena's address beyond the registers": [
    [22,"cfg.kfuncArgArenaStack","*(R11-8) arena pointer cannot be a stack argument"],
    [0],
  ],
  "an address that is in no arena": [
    [22,"kfunc.notArena","R1 is not a pointer to arena or scalar"],
    [0],
  ],
  "the program beyond the registers": [
    [22,"kfunc.auxOnStack","*(R11-8) prog->aux cannot be a stack argument"],
    [0],
  ],
  "a pointer to what is unknown": [
    [22,"kfunc.returnType","kernel function f returns pointer type FUNC_PROTO  is not supported"],
    [0],
  ],
  "an empty struct by value": [
    [22,"cfg.protoVoidArg","The function f has malformed void argument."],
    [0],
  ],
  "an iterator of no kind": [
    [22,"kfunc.iterType","expected valid iter pointer as R1"],
    [0],
  ],
};
