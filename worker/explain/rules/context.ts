import type { RuleNotes } from './note.ts';

const LOCK_FIELD =
  'The lock lies in the map’s value or object at an offset that BTF says. The kernel uses it there, whatever the bytes are.';

/** Locks and regions. */
export const CONTEXT_NOTES: RuleNotes = {
  lockVariableOffset: [
    'The lock’s place is not constant',
    'Locks are passed by a pointer with a constant offset.',
    LOCK_FIELD,
  ],
  lockMapWithoutBtf: [
    'The map has no types',
    'A map with a lock must be declared with BTF: __type(value, struct …) with a struct bpf_spin_lock in it.',
    LOCK_FIELD,
    ['context.lockMissing'],
  ],
  lockMissing: [
    'No lock in this map value or object',
    'The struct has no field of the lock’s type.',
    LOCK_FIELD,
    ['context.lockMapWithoutBtf'],
  ],
  lockWrongOffset: [
    'The pointer is not to the lock',
    'The pointer leads to another place than the lock’s field.',
    LOCK_FIELD,
  ],
  twoSpinLocks: [
    'A second lock',
    'Only one bpf_spin_lock may be held at a time. (bpf_res_spin_lock may nest.)',
    'Two CPUs that take two locks in different order wait for each other for ever.',
    ['context.sameResLock'],
  ],
  sameResLock: [
    'The same lock twice',
    'The program holds this lock already.',
    'It would wait for itself.',
    ['context.twoSpinLocks'],
  ],
  unlockWithoutLock: [
    'No lock is held on this path',
    'An unlock needs a lock that was taken before it.',
    'Another CPU’s lock would be given back.',
  ],
  unlockDifferent: [
    'Another lock is held',
    'The lock that is given back is not the one that was taken.',
    'The first would stay held for ever.',
    ['context.unlockOutOfOrder'],
  ],
  unlockOutOfOrder: [
    'Locks are given back out of order',
    'The lock that was taken last must be given back first.',
    'Deadlock detection relies on the order.',
    ['context.unlockDifferent', 'stack-object.irq-order'],
  ],
  lockInRbtreeCallback: [
    'Locks in a tree’s comparison',
    'bpf_rbtree_add calls the comparison with the tree’s lock held; locks cannot be taken or given back there.',
    'The comparison should compare and do nothing else.',
  ],
  insideSpinLock: [
    'The lock is still held here',
    'Every path must give the lock back before it leaves the program.',
    'Nobody else would ever get the lock again.',
  ],
  insideIrqSave: [
    'Interrupts are still disabled here',
    'Every bpf_local_irq_save needs its bpf_local_irq_restore on every path, before the program ends or calls something that wants interrupts.',
    'A CPU without interrupts hangs.',
    ['context.insidePreempt', 'stack-object.irq-order'],
  ],
  insideRcu: [
    'The RCU read section is still open here',
    'Every bpf_rcu_read_lock needs its bpf_rcu_read_unlock on every path.',
    'As long as it is open the kernel cannot free memory.',
  ],
  insidePreempt: [
    'Preemption is still disabled here',
    'Every bpf_preempt_disable needs its bpf_preempt_enable on every path.',
    'The CPU would belong to one task for ever.',
  ],
  referenceLeak: [
    'A reference is never given back',
    'What a program acquires it must release on every path.',
    'An object that is never released is never freed.',
  ],
};

export const REG_NOTES: RuleNotes = {
  notReadable: [
    'This register has no value here',
    'A register must be written on each path before it is read; calls take r1 to r5 away.',
    'What a register happens to contain is the kernel’s business.',
  ],
  fpReadOnly: [
    'The frame pointer cannot be changed',
    'r10 is read-only: copy it (r2 = r10) and change the copy.',
    'All accesses to the stack, and the way back, count from it.',
  ],
};

export const REFERENCE_NOTES: RuleNotes = {
  childLeaks: [
    'Something that depends on it is still held',
    'Another reference was acquired from this one and must be released first.',
    'Releasing the parent would free what the child points to.',
    ['context.referenceLeak'],
  ],
};
