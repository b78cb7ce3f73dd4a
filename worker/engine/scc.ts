import type { Env, Stats } from '../state/env.ts';
import { SccVisit } from '../state/scc-visit.ts';
import type { State } from '../state/state.ts';
import { markAllScalarsPrecise } from '../precision/trace.ts';
import { propagatePrecision } from './propagate.ts';
import { searchRules } from './rules.ts';

/** Rounds after which a loop's precision is no longer iterated to its fixed point. */
const MAX_ROUNDS = 64;

/** The passages through loops of the walk under way, by chain of calls and component. */
export class SccVisits {
  private readonly byKey = new Map<string, SccVisit>();

  all(): Iterable<SccVisit> {
    return this.byKey.values();
  }

  /** A checkpoint was made: if it lies in a loop it belongs to the passage through it, and may be its first (kernel: maybe_enter_scc). */
  enter(env: Env, checkpoint: State): void {
    const key = callchain(env, checkpoint);
    if (key === null) return;
    let visit = this.byKey.get(key);
    if (visit === undefined) this.byKey.set(key, (visit = new SccVisit(key)));
    checkpoint.visit = visit;
    if (visit.entry !== null) return;
    visit.entry = checkpoint;
    if (env.messages.level === 2) env.messages.text(`SCC enter ${visit.label}\n`);
  }

  /**
   * A path came to its end, by exit or exception. The kernel takes it for granted that no path ends in a loop which
   * has no checkpoint yet; one that throws an exception does, and is refused (kernel: maybe_exit_scc).
   */
  checkEnd(env: Env, state: State): void {
    const key = callchain(env, state);
    if (key !== null && !state.speculative && !this.byKey.has(key)) env.fail(searchRules.endsInLoop, [key]);
  }
}

/** Call sites from the outermost frame to the first frame that is in a loop, and the loop: the kernel's `(1,2,scc)`; null if no frame is in one. */
function callchain(env: Env, state: State): string | null {
  const sites: number[] = [];
  for (let f = 0; f < state.frames.length; f++) {
    const insn = state.frameInsnIdx(f);
    const scc = env.facts.scc[insn];
    if (scc !== 0) {
      // the kernel's table is filled with zeros and printed up to the first one
      const end = sites.indexOf(0);
      return `(${(end < 0 ? sites : sites.slice(0, end)).map((s) => s + ',').join('')}${scc})`;
    }
    sites.push(insn);
  }
  return null;
}

/** All paths from a checkpoint were walked: the passage that it began ends, and what waited for it is settled (kernel: maybe_exit_scc). */
export function exitScc(env: Env, checkpoint: State): void {
  const visit = checkpoint.visit;
  if (visit === null || visit.entry !== checkpoint) return;
  if (env.messages.level === 2) env.messages.text(`SCC exit ${visit.label}\n`);
  visit.entry = null;
  env.stats.numBackedges -= visit.counted;
  visit.counted = 0;
  updatePeakStates(env.stats);
  settleBackedges(env, visit);
}

/** `edge` was found equal to `checkpoint`, which is not settled yet (kernel: add_scc_backedge). */
export function addBackedge(env: Env, checkpoint: State, edge: State): void {
  const visit = checkpoint.visit;
  if (visit === null) throw new Error(`a back edge outside any loop at ${checkpoint.insnIdx}`);
  if (env.messages.level === 2) env.messages.text(`SCC backedge ${visit.label}\n`);
  visit.backedges.unshift(edge);
  visit.counted++;
  env.stats.numBackedges++;
  updatePeakStates(env.stats);
}

/** May the precision marks of the checkpoint still grow? */
export function isUnsettled(checkpoint: State): boolean {
  return checkpoint.visit !== null && checkpoint.visit.backedges.length !== 0;
}

/** What the equal state depends on, the path to the back edge depends on too; until nothing changes (kernel: propagate_backedges). */
function settleBackedges(env: Env, visit: SccVisit): void {
  for (let round = 0; ; round++) {
    if (round > MAX_ROUNDS) {
      if (env.messages.level === 2) env.messages.text('propagate_backedges: too many iterations\n');
      for (const edge of visit.backedges) markAllScalarsPrecise(env, edge);
      break;
    }
    let changed = false;
    for (const edge of visit.backedges) if (propagatePrecision(env, edge.equalState!, edge)) changed = true;
    if (!changed) break;
  }
  visit.backedges = [];
}

export function updatePeakStates(stats: Stats): void {
  const now = stats.exploredStates + stats.freeListSize + stats.numBackedges;
  if (now > stats.peakStates) stats.peakStates = now;
}
