import { EACCES, EINVAL } from '../failure/errno.ts';
import { defineRules } from '../failure/rule.ts';

/** Rules of locks and of what may not be held where. */
export const contextRules = defineRules('context', {
  lockVariableOffset: {
    text: "%s doesn't have constant offset. %s_lock has to be at the constant offset\n",
    errno: EINVAL,
  },
  lockMapWithoutBtf: { text: "map '%s' has to have BTF in order to use %s_lock\n", errno: EINVAL },
  lockMissing: { text: "%s '%s' has no valid %s_lock\n", errno: EINVAL },
  lockWrongOffset: { text: "off %lld doesn't point to 'struct %s_lock' that is at %d\n", errno: EINVAL },
  twoSpinLocks: { text: 'Locking two bpf_spin_locks are not allowed\n', errno: EINVAL },
  sameResLock: { text: 'Acquiring the same lock again, AA deadlock detected\n', errno: EINVAL },
  unlockWithoutLock: { text: '%s_unlock without taking a lock\n', errno: EINVAL },
  unlockDifferent: { text: '%s_unlock of different lock\n', errno: EINVAL },
  unlockOutOfOrder: { text: '%s_unlock cannot be out of order\n', errno: EINVAL },
  lockInRbtreeCallback: { text: "can't spin_{lock,unlock} in rbtree cb\n", errno: EACCES },
  insideSpinLock: { text: '%s cannot be used inside bpf_spin_lock-ed region\n', errno: EINVAL },
  insideIrqSave: { text: '%s cannot be used inside bpf_local_irq_save-ed region\n', errno: EINVAL },
  insideRcu: { text: '%s cannot be used inside bpf_rcu_read_lock-ed region\n', errno: EINVAL },
  insidePreempt: { text: '%s cannot be used inside bpf_preempt_disable-ed region\n', errno: EINVAL },
  referenceLeak: { text: '%s would lead to reference leak\n', errno: EINVAL },
});
