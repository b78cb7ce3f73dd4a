import { EACCES, EINVAL } from '../failure/errno.ts';
import type { Env } from './env.ts';
import type { Reg } from './reg.ts';
import { REF_IRQ, REF_LOCK_MASK, REF_PTR, Reference } from './reference.ts';
import type { State } from './state.ts';

/**
 * Takes a new reference in the current state and returns its id. `parentId`: the reference it depends on, 0 if none;
 * `forbidFault`: no faulting while it is held (kernel: acquire_reference).
 */
export function acquireReference(env: Env, insnIdx: number, parentId: number, forbidFault = false): number {
  const id = env.newId();
  const state = env.cur;
  state.refs = [...state.refs, new Reference(REF_PTR, id, insnIdx, parentId, null, forbidFault)];
  if (env.obs !== null) env.obs.acquired(insnIdx, id);
  if (forbidFault) {
    state.forbidFaultCount++;
    if (env.obs !== null) env.obs.region(insnIdx, 'nofault', true, state.forbidFaultCount);
  }
  return id;
}

/**
 * Removes entry `idx`, keeping the order of the others: the one place where a reference, lock or irq flag
 * disappears from a state (kernel: release_reference_state). Returns what was removed.
 */
export function releaseReferenceEntry(state: State, idx: number): Reference {
  const gone = state.refs[idx];
  state.refs = state.refs.filter((_, i) => i !== idx);
  if (gone.forbidFault) state.forbidFaultCount--;
  return gone;
}

/** Is `id` an acquired reference (not a lock, not an irq flag)? */
export function findReference(state: State, id: number): boolean {
  const refs = state.refs;
  for (let i = 0; i < refs.length; i++) if (refs[i].type === REF_PTR && refs[i].id === id) return true;
  return false;
}

/** Does the register own a reference that the current state holds? */
export function isReferenced(env: Env, reg: Reg): boolean {
  return findReference(env.cur, reg.id);
}

/** Takes a lock of kind `type` (REF_LOCK …), identified by `id` and the object `ptr` that contains it. */
export function acquireLock(env: Env, insnIdx: number, type: number, id: number, ptr: object | null): void {
  const state = env.cur;
  state.refs = [...state.refs, new Reference(type, id, insnIdx, 0, ptr, false)];
  state.activeLocks++;
  state.activeLockId = id;
  state.activeLockPtr = ptr;
  if (env.obs !== null) env.obs.region(insnIdx, 'lock', true, state.activeLocks);
}

/** Gives a lock back; the lock taken before it becomes the active one. False: no such lock is held. */
export function releaseLock(env: Env, type: number, id: number, ptr: object | null): boolean {
  const state = env.cur;
  let prevId = 0;
  let prevPtr: object | null = null;
  for (let i = 0; i < state.refs.length; i++) {
    const ref = state.refs[i];
    if (ref.type === type && ref.id === id && ref.ptr === ptr) {
      releaseReferenceEntry(state, i);
      state.activeLocks--;
      state.activeLockId = prevId;
      state.activeLockPtr = prevPtr;
      if (env.obs !== null) env.obs.region(env.insnIdx, 'lock', false, state.activeLocks);
      return true;
    }
    if (ref.type & REF_LOCK_MASK) {
      prevId = ref.id;
      prevPtr = ref.ptr;
    }
  }
  return false;
}

/** The held lock of one of the kinds in `mask` with this identity, or null. */
export function findLock(state: State, mask: number, id: number, ptr: object | null): Reference | null {
  for (const ref of state.refs) if ((ref.type & mask) !== 0 && ref.id === id && ref.ptr === ptr) return ref;
  return null;
}

/** Saved irq flags that are outstanding. */
export function irqDepth(state: State): number {
  let depth = 0;
  for (const ref of state.refs) if (ref.type === REF_IRQ) depth++;
  return depth;
}

/** Notes that interrupts were disabled; returns the id of the saved flags. */
export function acquireIrq(env: Env, insnIdx: number): number {
  const state = env.cur;
  const id = env.newId();
  state.refs = [...state.refs, new Reference(REF_IRQ, id, insnIdx, 0, null, false)];
  state.activeIrqId = id;
  if (env.obs !== null) env.obs.region(insnIdx, 'irq', true, irqDepth(state));
  return id;
}

/** Restores the flags saved under `id`: 0, or EACCES if others were saved later, EINVAL if there is no such entry. */
export function releaseIrq(env: Env, id: number): number {
  const state = env.cur;
  if (id !== state.activeIrqId) return EACCES;
  let prevId = 0;
  for (let i = 0; i < state.refs.length; i++) {
    const ref = state.refs[i];
    if (ref.type !== REF_IRQ) continue;
    if (ref.id === id) {
      releaseReferenceEntry(state, i);
      state.activeIrqId = prevId;
      if (env.obs !== null) env.obs.region(env.insnIdx, 'irq', false, irqDepth(state));
      return 0;
    }
    prevId = ref.id;
  }
  return EINVAL;
}
