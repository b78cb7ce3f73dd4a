import type { State } from './state.ts';

/** A place in a walk, as far as regions go. */
export interface InState {
  readonly cur: State;
}

/** May the code at this point sleep as far as its program or callback goes? (kernel: in_sleepable) */
export function inSleepable(place: InState): boolean {
  return place.cur.inSleepable;
}

/**
 * Are RCU-protected pointers valid here? Locks, disabled preemption or interrupts and programs that never sleep
 * imply it. A nofault region does not: it is a sleepable place where faulting is forbidden.
 */
export function inRcuCs(place: InState): boolean {
  const s = place.cur;
  return s.activeRcuLocks !== 0 || s.activePreemptLocks !== 0 || s.activeLocks !== 0 || s.activeIrqId !== 0 || !s.inSleepable;
}

/** May a sleeping or faulting operation run here? */
export function inSleepableContext(place: InState): boolean {
  return place.cur.forbidFaultCount === 0 && !inRcuCs(place);
}

/** Why not, in the kernel's words; the first reason that applies. */
export function nonSleepableDescription(place: InState): string {
  const s = place.cur;
  if (s.activeRcuLocks !== 0) return 'rcu_read_lock region';
  if (s.activePreemptLocks !== 0) return 'non-preemptible region';
  if (s.activeIrqId !== 0) return 'IRQ-disabled region';
  if (s.activeLocks !== 0) return 'lock region';
  if (s.forbidFaultCount !== 0) return 'nofault region';
  return 'non-sleepable prog';
}
