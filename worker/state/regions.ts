import type { Env } from './env.ts';

/** May the code at this point sleep as far as its program or callback goes? (kernel: in_sleepable) */
export function inSleepable(env: Env): boolean {
  return env.cur.inSleepable;
}

/**
 * Are RCU-protected pointers valid here? Locks, disabled preemption or interrupts and programs that never sleep
 * imply it. A nofault region does not: it is a sleepable place where faulting is forbidden.
 */
export function inRcuCs(env: Env): boolean {
  const s = env.cur;
  return s.activeRcuLocks !== 0 || s.activePreemptLocks !== 0 || s.activeLocks !== 0 || s.activeIrqId !== 0 || !s.inSleepable;
}

/** May a sleeping or faulting operation run here? */
export function inSleepableContext(env: Env): boolean {
  return env.cur.forbidFaultCount === 0 && !inRcuCs(env);
}

/** Why not, in the kernel's words; the first reason that applies. */
export function nonSleepableDescription(env: Env): string {
  const s = env.cur;
  if (s.activeRcuLocks !== 0) return 'rcu_read_lock region';
  if (s.activePreemptLocks !== 0) return 'non-preemptible region';
  if (s.activeIrqId !== 0) return 'IRQ-disabled region';
  if (s.activeLocks !== 0) return 'lock region';
  if (s.forbidFaultCount !== 0) return 'nofault region';
  return 'non-sleepable prog';
}
