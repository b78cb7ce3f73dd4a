import { EACCES, EFAULT, EINVAL, EPERM } from '../../failure/errno.ts';
import { defineRules } from '../../failure/rule.ts';

/** Rules of kfunc calls. */
export const kfuncRules = defineRules('kfunc', {
  // may it be called at all
  notAllowed: { text: 'calling kernel function %s is not allowed\n', errno: EACCES },
  trap: { text: 'unexpected __bpf_trap() due to uninitialized variable?\n', errno: EFAULT },
  destructive: { text: 'destructive kfunc calls require CAP_SYS_BOOT capability\n', errno: EACCES },
  perfmon: { text: '%s is allowed only to CAP_PERFMON and CAP_SYS_ADMIN\n', errno: EPERM },
  programNotSleepable: { text: 'program must be sleepable to call sleepable kfunc %s\n', errno: EACCES },
  sleepableWithin: { text: 'kernel func %s is sleepable within %s\n', errno: EACCES },
  requiresRcu: { text: 'kernel func %s requires RCU critical section protection\n', errno: EACCES },
  // regions
  unmatchedRcuUnlock: { text: 'unmatched rcu read unlock (kernel function %s)\n', errno: EINVAL },
  unmatchedPreemptEnable: {
    text: 'unmatched attempt to enable preemption (kernel function %s)\n',
    errno: EINVAL,
  },
  rcuInRbtreeCallback: {
    text: 'Calling bpf_rcu_read_{lock,unlock} in unnecessary rbtree callback\n',
    errno: EACCES,
  },
  resLockInRbtreeCallback: { text: "can't res_spin_{lock,unlock} in rbtree cb\n", errno: EACCES },
  resLockPointer: { text: "%s doesn't point to map value or allocated object\n", errno: EINVAL },
  resLockKfunc: { text: '', errno: EFAULT },
  irqFlagPointer: { text: "%s doesn't point to an irq flag on stack\n", errno: EINVAL },
  irqFlagInitialized: { text: 'expected uninitialized irq flag as %s\n', errno: EINVAL },
  irqFlagUninitialized: { text: 'expected an initialized irq flag as %s\n', errno: EINVAL },
  // arguments
  auxOnStack: { text: '%s prog->aux cannot be a stack argument\n', errno: EINVAL },
  possiblyNull: { text: 'Possibly NULL pointer passed to trusted %s\n', errno: EACCES },
  releaseUnreferenced: {
    text: 'release kfunc %s expects referenced PTR_TO_BTF_ID passed to %s\n',
    errno: EINVAL,
  },
  notScalar: { text: '%s is not a scalar\n', errno: EINVAL },
  notConstant: { text: '%s must be a known constant\n', errno: EINVAL },
  sizeNotConst: { text: '%s is not a const\n', errno: EINVAL },
  sizeTooLarge: { text: '%s allocation size exceeds u32 max\n', errno: EINVAL },
  notCtx: { text: '%s expected pointer to ctx, but got %s\n', errno: EINVAL },
  notArena: { text: '%s is not a pointer to arena or scalar\n', errno: EINVAL },
  objDropExpected: { text: '%s expected for bpf_obj_drop()\n', errno: EINVAL },
  percpuObjDropExpected: { text: '%s expected for bpf_percpu_obj_drop()\n', errno: EINVAL },
  notAllocated: { text: '%s expected pointer to allocated object\n', errno: EINVAL },
  notOwned: { text: 'allocated object must be referenced\n', errno: EINVAL },
  notRefcounted: { text: '%s is neither owning or non-owning ref\n', errno: EINVAL },
  noRefcount: { text: "%s doesn't point to a type with bpf_refcount field\n", errno: EINVAL },
  notTrusted: { text: '%s must be referenced or trusted\n', errno: EINVAL },
  notRcu: { text: '%s must be a rcu pointer\n', errno: EINVAL },
  wrongStruct: {
    text: 'kernel function %s %s expected pointer to %s %s but %s has a pointer to %s %s\n',
    errno: EINVAL,
  },
  wrongPointer: { text: '%s is %s expected %s %s%s\n', errno: EINVAL },
  unknownSize: { text: "%s reference type('%s %s') size cannot be determined: %d\n", errno: EINVAL },
  memoryPair: { text: '%s and %s memory, len pair leads to invalid memory access\n', errno: EINVAL },
  notFunction: { text: '%s expected pointer to func\n', errno: EINVAL },
  notConstString: { text: "%s doesn't point to a const string\n", errno: EINVAL },
  notMapValue: { text: "%s doesn't point to a map value\n", errno: EINVAL },
  notMapPointer: { text: "pointer in %s isn't map pointer\n", errno: EINVAL },
  notMapOrObject: { text: '%s expected pointer to map value or allocated object\n', errno: EINVAL },
  // graphs
  graphRootKfunc: { text: 'verifier internal error: %s head arg for unknown kfunc\n', errno: EFAULT },
  graphNodeKfunc: { text: 'verifier internal error: %s node arg for unknown kfunc\n', errno: EFAULT },
  graphVariableOffset: {
    text: "%s doesn't have constant offset. %s has to be at the constant offset\n",
    errno: EINVAL,
  },
  graphNotFound: { text: '%s not found at offset=%u\n', errno: EINVAL },
  lockNotHeld: { text: 'bpf_spin_lock at off=%d must be held for %s\n', errno: EINVAL },
  rbNodeKind: { text: '%s can only take non-owning or refcounted bpf_rb_node pointer\n', errno: EINVAL },
  rbNodeInCallback: { text: '%s not allowed in rbtree cb\n', errno: EINVAL },
  nodeWrongStruct: {
    text: 'operation on %s expects arg#1 %s at offset=%d in struct %s, but arg is at offset=%d in struct %s\n',
    errno: EINVAL,
  },
  nodeWrongOffset: { text: 'arg#1 offset=%d, but expected %s at offset=%d in struct %s\n', errno: EINVAL },
  // iterators
  iterPointer: { text: '%s expected pointer to an iterator on stack\n', errno: EINVAL },
  iterType: { text: 'expected valid iter pointer as %s\n', errno: EINVAL },
  iterInitialized: { text: 'expected uninitialized iter_%s as %s\n', errno: EINVAL },
  iterUninitialized: { text: 'expected an initialized iter_%s as %s\n', errno: EINVAL },
  iterRcu: { text: 'expected an RCU CS when using %s\n', errno: 71 },
  cssTaskIter: {
    text: 'css_task_iter is only allowed in bpf_lsm, bpf_iter and sleepable progs\n',
    errno: EINVAL,
  },
  noAcquired: { text: 'no acquired reference to release\n', errno: EINVAL },
  // results
  releaseFailed: { text: '', errno: EINVAL },
  nmiUnsafe: {
    text: '%s cannot be used in tracing programs on types with NMI unsafe fields\n',
    errno: EINVAL,
  },
  callbackFailed: { text: 'kfunc %s#%d failed callback verification\n', errno: EINVAL },
  acquireReturn: { text: 'acquire kernel function does not return PTR_TO_BTF_ID\n', errno: EINVAL },
  returnType: { text: 'kernel function %s returns pointer type %s %s is not supported\n', errno: EINVAL },
  localTypeRange: { text: 'local type ID argument must be in range [0, U32_MAX]\n', errno: EINVAL },
  localTypeBtf: { text: 'bpf_obj_new/bpf_percpu_obj_new requires prog BTF\n', errno: EINVAL },
  localTypeStruct: {
    text: 'bpf_obj_new/bpf_percpu_obj_new type ID argument must be of a struct\n',
    errno: EINVAL,
  },
  percpuTooLarge: { text: 'bpf_percpu_obj_new type size (%d) is greater than %d\n', errno: EINVAL },
  percpuScalars: {
    text: 'bpf_percpu_obj_new type ID argument must be of a struct of scalars\n',
    errno: EINVAL,
  },
  percpuSpecial: {
    text: 'bpf_percpu_obj_new type ID argument must not contain special fields\n',
    errno: EINVAL,
  },
  castUnknown: { text: 'Unknown type ID %lld passed to kfunc bpf_rdonly_cast\n', errno: EINVAL },
  castType: { text: 'kfunc bpf_rdonly_cast type ID argument must be of a struct or void\n', errno: EINVAL },
  packetWrites: { text: 'the prog does not allow writes to packet data\n', errno: EINVAL },
  heldElsewhere: { text: 'held lock and object are not in the same allocation\n', errno: EINVAL },
  kernCtx: { text: 'kern ctx type id %u is not a struct\n', errno: EINVAL },
});
