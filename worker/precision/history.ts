import type { Env } from '../state/env.ts';
import { NO_ENTRY, type LinkedReg } from '../state/history.ts';
import type { State } from '../state/state.ts';

/**
 * Records what backtracking needs to know about the current instruction: how it was reached, and the stack slot that
 * it touched or the registers linked by the scalar id that it refined (kernel: bpf_push_jmp_history). A second call for
 * the same instruction extends its entry.
 */
export function pushHistory(env: Env, state: State, flags: number, spi: number, frame: number, linked: readonly LinkedReg[] | null): void {
  const { history } = env;
  const known = env.curHist;
  if (known !== NO_ENTRY) {
    // copies of the state may share the entry: put a new one in its place
    state.history = history.add(history.before(known), history.idx(known), history.prevIdx(known), history.flags(known) | flags, spi, frame, linked);
  } else {
    state.history = history.add(state.history, env.insnIdx, env.prevInsnIdx, flags, spi, frame, linked);
    state.historyLength++;
  }
  env.curHist = state.history;
}
