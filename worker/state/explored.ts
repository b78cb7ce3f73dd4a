import type { Env } from './env.ts';
import type { State } from './state.ts';

/** A state kept at an instruction to compare later ones with (kernel: struct bpf_verifier_state_list). */
export class Checkpoint {
  missCnt = 0;
  hitCnt = 0;
  inFreeList = false;
  constructor(readonly state: State) {}
}

/**
 * The checkpoints that may match `state` at instruction `insnIdx`, oldest first: callers walk it backwards to see
 * the kernel's order, newest first. The kernel hashes instruction and callsite; so do we, because states of
 * other instructions in the same bucket take part in its statistics and limits.
 */
export function exploredBucket(env: Env, insnIdx: number): Checkpoint[] {
  const state = env.cur;
  const bucket = ((insnIdx ^ state.frames[state.frames.length - 1].callsite) >>> 0) % env.explored.length;
  return (env.explored[bucket] ??= []);
}

/** Are both states in the same chain of calls? */
export function sameCallsites(a: State, b: State): boolean {
  if (a.frames.length !== b.frames.length) return false;
  for (let i = a.frames.length - 1; i >= 0; i--) if (a.frames[i].callsite !== b.frames[i].callsite) return false;
  return true;
}

/** The nearest state at `insnIdx` on the path that leads to `cur`: the previous entry of the loop. Null if there is none. */
export function findPrevEntry(env: Env, cur: State, insnIdx: number): State | null {
  const bucket = exploredBucket(env, insnIdx);
  for (let i = bucket.length - 1; i >= 0; i--) {
    const st = bucket[i].state;
    if (st.insnIdx === insnIdx && st.branches !== 0 && st.dfsDepth < cur.dfsDepth && sameCallsites(st, cur)) return st;
  }
  return null;
}
