import { compareStates, type StateComparison } from '../engine/compare-states.ts';
import type { Env } from '../state/env.ts';
import { IdleObserver } from '../state/idle-observer.ts';
import type { State } from '../state/state.ts';
import type { Trace } from './trace.ts';

/**
 * When something of the search happened: how many instructions had been processed before it. A step has the moment in
 * which it was come to; a path that is pruned is so in a moment of its own.
 */
export type Moment = number;

/** The moment in which a path was pruned. */
export function momentOfPruning(trace: Trace, path: number): Moment {
  const { paths } = trace;
  const { stop } = paths[path];
  // paths that were pruned before their first step follow one another without steps between
  let since = 1;
  for (let p = path; paths[p].start === paths[p].stop && p > 0 && paths[p - 1].stop === stop; p--) if (paths[p - 1].end === 'pruned') since++;
  return (stop === 0 ? -1 : trace.processedAt(stop - 1)) + since;
}

/** The paths that were pruned right after a step: the path that it ends, and those that were put aside there and got no step of their own. */
export function prunedAfter(trace: Trace, step: number): number[] {
  const { paths } = trace;
  const { index } = trace.pathOf(step);
  const found: number[] = [];
  for (let p = index; p < paths.length; p++) {
    const path = paths[p];
    // what was put aside on this path or beneath it is taken up before anything else
    if (p > index && path.parentStep < step) break;
    if (path.end !== 'pruned') continue;
    if (p === index ? path.stop === step + 1 : path.parentStep === step && path.start === path.stop) found.push(p);
  }
  return found;
}

/** Explains, while a program is walked once more, the comparisons of the moments that are asked about. */
export class SearchWitness extends IdleObserver {
  override readonly wantsSearch = true;
  /** Nothing more is to come. */
  done = false;
  private env!: Env;
  private readonly last: Moment;

  constructor(
    private readonly moments: ReadonlySet<Moment>,
    /** Told of each comparison before it is made; both states will change. */
    private readonly tell: (moment: Moment, old: State, cur: State, comparison: StateComparison) => void,
  ) {
    super();
    this.last = Math.max(...moments);
  }

  attach(env: Env): void {
    this.env = env;
  }

  override considered(known: State, state: State): void {
    const moment = this.env.stats.insnProcessed - 1;
    if (this.moments.has(moment)) this.tell(moment, known, state, compareStates(this.env, known, state, state.insnIdx));
    else if (moment > this.last) this.done = true;
  }

  override pruned(): void {
    if (this.env.stats.insnProcessed - 1 >= this.last) this.done = true;
  }
}
