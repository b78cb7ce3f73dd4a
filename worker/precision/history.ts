import type { Env } from '../state/env.ts';
import { HistoryEntry, type LinkedReg } from '../state/history.ts';
import type { State } from '../state/state.ts';

/**
 * Records what backtracking needs to know about the current instruction: how it was reached, and the stack slot that
 * it touched or the registers linked by the scalar id that it refined (kernel: bpf_push_jmp_history). A second call for
 * the same instruction extends its entry.
 */
export function pushHistory(env: Env, state: State, flags: number, spi: number, frame: number, linked: readonly LinkedReg[] | null): void {
  const known = env.curHist;
  if (known !== null) {
    // copies of the state may share the entry: put a new one in its place
    const merged = new HistoryEntry(known.idx, known.prevIdx, known.flags | flags, spi, frame, linked);
    state.history[state.history.length - 1] = merged;
    env.curHist = merged;
    return;
  }
  const entry = new HistoryEntry(env.insnIdx, env.prevInsnIdx, flags, spi, frame, linked);
  state.history.push(entry);
  env.curHist = entry;
}
