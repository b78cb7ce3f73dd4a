import { ASKS } from '../kernel/families.ts';
import type { Env } from '../state/env.ts';

/**
 * Is this the callback of a tree operation, which runs with the tree's lock held, or a function that it calls
 * (kernel: in_rbtree_lock_required_cb)?
 */
export function inRbtreeLockRequiredCallback(env: Env): boolean {
  const frames = env.cur.frames;
  for (let f = frames.length - 1; f > 0; f--) {
    if (!frames[f].inCallbackFn) continue;
    const kfunc = env.facts.kfuncs.get(frames[f].callsite)?.kfunc;
    if (kfunc && kfunc.families & ASKS.lockInCallback) return true;
  }
  return false;
}
