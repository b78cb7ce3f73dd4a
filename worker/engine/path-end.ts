import type { Env } from '../state/env.ts';
import type { State } from '../state/state.ts';
import { exitScc } from './scc.ts';
import { maybeFree } from './visited.ts';

/** A path ended: checkpoints of which it was the last open branch are explored to their end (kernel: bpf_update_branch_counts). */
export function closeBranches(env: Env, end: State): void {
  let state: State | null = end;
  while (state !== null) {
    if (--state.branches < 0) throw new Error(`a state at ${state.insnIdx} has too few branches`);
    if (state.branches !== 0) return;
    if (state.checkpoint !== null) {
      exitScc(env, state);
      maybeFree(env, state.checkpoint);
    }
    state = state.parent;
  }
}
