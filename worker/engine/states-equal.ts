import type { Env } from '../state/env.ts';
import type { Frame } from '../state/frame.ts';
import { REF_IRQ, REF_PTR } from '../state/reference.ts';
import { IterExt, ITER_ACTIVE } from '../state/reg.ts';
import { STACK_ITER } from '../state/slot.ts';
import type { State } from '../state/state.ts';
import { checkIds, resetIdMap } from './id-map.ts';
import { identical, regSafe, type Exactness } from './reg-safe.ts';
import { stackArgsSafe, stackSafe } from './stack-safe.ts';

/**
 * Is whatever is safe from `old` on safe from `cur` on too? `old` was explored, so its registers and slots may say
 * more than what follows needed (kernel: states_equal).
 */
export function statesEqual(env: Env, old: State, cur: State, exact: Exactness): boolean {
  if (old.frames.length !== cur.frames.length) return false;
  resetIdMap(env.idGen);
  // what was only found out in speculation never covers a real path
  if (old.speculative && !cur.speculative) return false;
  if (old.inSleepable !== cur.inSleepable) return false;
  if (!refsSafe(old, cur)) return false;
  for (let f = 0; f < old.frames.length; f++) {
    const before = old.frames[f];
    const now = cur.frames[f];
    if (before.callsite !== now.callsite) return false;
    if (!framesEqual(env, before, now, old.frameInsnIdx(f), exact)) return false;
  }
  return true;
}

function framesEqual(env: Env, old: Frame, cur: Frame, insnIdx: number, exact: Exactness): boolean {
  if (old.callbackDepth > cur.callbackDepth) return false;
  if (!old.noStackArgLoad && cur.noStackArgLoad) return false;
  const live = env.facts.liveRegs[insnIdx];
  const strict = env.exploreAluLimits;
  for (let r = 0; r < 11; r++) {
    if (((live >> r) & 1) !== 0 && !regSafe(old.regs[r], cur.regs[r], exact, strict)) return false;
  }
  return stackSafe(old, cur, exact, strict, env.caps.allowUninitStack) && stackArgsSafe(old, cur, exact, strict);
}

/** References, locks and regions must correspond one to one (kernel: refsafe). */
export function refsSafe(old: State, cur: State): boolean {
  if (old.refs.length !== cur.refs.length || old.activeLocks !== cur.activeLocks) return false;
  if (old.activePreemptLocks !== cur.activePreemptLocks || old.activeRcuLocks !== cur.activeRcuLocks) return false;
  if (old.forbidFaultCount !== cur.forbidFaultCount) return false;
  if (!checkIds(old.activeIrqId * 4, cur.activeIrqId * 4)) return false;
  if (!checkIds(old.activeLockId * 4, cur.activeLockId * 4) || old.activeLockPtr !== cur.activeLockPtr) return false;
  for (let i = 0; i < old.refs.length; i++) {
    const a = old.refs[i];
    const b = cur.refs[i];
    if (!checkIds(a.id * 4, b.id * 4) || a.type !== b.type || a.forbidFault !== b.forbidFault) return false;
    if (a.type === REF_PTR) {
      if (!checkIds(a.parentId * 4, b.parentId * 4)) return false;
    } else if (a.type !== REF_IRQ && a.ptr !== b.ptr) return false;
  }
  return true;
}

/** Are the registers of the current frame the same, ids and all? A quick test before the full one. */
export function maybeLooping(old: State, cur: State): boolean {
  if (old.frames.length !== cur.frames.length) return false;
  const a = old.top().regs;
  const b = cur.top().regs;
  for (let r = 0; r < 11; r++) if (!identical(a[r], b[r])) return false;
  return true;
}

/** Did an active iterator move on between the two? Then it is another round, not an infinite loop. */
export function iteratorsMoved(old: State, cur: State): boolean {
  for (let f = old.frames.length - 1; f >= 0; f--) {
    const stack = old.frames[f].stack;
    for (let spi = 0; spi < stack.length; spi++) {
      if ((stack[spi].types & 7) !== STACK_ITER) continue;
      const before = stack[spi].reg.ext;
      const now = cur.frames[f].stack[spi].reg.ext;
      if (!(before instanceof IterExt) || before.state !== ITER_ACTIVE) continue;
      if (!(now instanceof IterExt) || now.depth !== before.depth) return true;
    }
  }
  return false;
}
