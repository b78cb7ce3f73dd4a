import type { Env } from '../state/env.ts';
import type { HistoryEntry } from '../state/history.ts';
import { IdleObserver } from '../state/idle-observer.ts';
import type { State } from '../state/state.ts';
import { regsText, slotsText, wantedFrame, wantedStackArgs } from '../precision/wanted.ts';
import { momentOfPruning, type Moment } from './search-witness.ts';
import type { Trace } from './trace.ts';

/** Backtracking went over an instruction, and what was wanted was another set before it than behind it. */
export interface Hop {
  /** Step of the instruction, -1 if it is none of the recorded way. */
  readonly step: number;
  readonly insn: number;
  /** What is wanted before it: `R6, fp-8`; empty: nothing more. */
  readonly wanted: string;
}

/** How a register of a kept state became precise. */
export interface Descent {
  /** What asked: an instruction; a path that was pruned, whose covering state relied on the value; a loop that was settled. */
  readonly cause: 'insn' | 'pruned' | 'loop';
  /** Where the way back begins, and what was wanted there. */
  readonly step: number;
  readonly insn: number;
  readonly wanted: string;
  /** Serial of the covering state; 0 if an instruction asked. */
  readonly cover: number;
  readonly hops: readonly Hop[];
  /** The way back could not be followed: every scalar on it was taken for precise. */
  readonly gaveUp: boolean;
}

/** Hops that are kept of very long ways. */
const MOST_HOPS = 400;

interface Ended {
  readonly parent: State | null;
  readonly history: HistoryEntry;
  readonly insn: number;
  readonly moment: Moment;
  readonly cover: number;
}

/** Watches backtracking while a program is walked once more, until a mark of precision is made. */
export class PrecisionWitness extends IdleObserver {
  override readonly wantsSearch = true;
  override readonly wantsSteps = true;
  done = false;
  found: Descent | null = null;
  private env!: Env;
  private made = 0;
  private stepped: Moment = -1;
  /** Paths that closed loops, whose states are backtracked from once the loop is settled. */
  private readonly ends: Ended[] = [];
  private start: {
    readonly cause: Descent['cause'];
    readonly moment: Moment;
    readonly insn: number;
    readonly wanted: string;
    readonly cover: number;
  } | null = null;
  private passed: { readonly insn: number; readonly wanted: string }[] = [];
  private gaveUp = false;
  /** The state that covers the current one, if it is about to be pruned by the last one considered. */
  private candidate = 0;
  private readonly moments = new Map<Moment, number>();
  /** Nothing before it can have made the mark. */
  private readonly since: Moment;

  constructor(
    private readonly trace: Trace,
    /** Number of the mark among {@link Trace.marks}. */
    private readonly mark: number,
  ) {
    super();
    this.since = trace.processedAt(trace.marks.steps[mark]);
  }

  attach(env: Env): void {
    this.env = env;
  }

  override step(): void {
    this.stepped = this.env.stats.insnProcessed - 1;
  }

  override considered(known: State): void {
    this.candidate = known.serial;
  }

  override pruned(state: State, by: State, kind: 'safe' | 'loop'): void {
    if (kind === 'loop')
      this.ends.push({
        parent: state.parent,
        history: state.history,
        insn: state.insnIdx,
        moment: this.env.stats.insnProcessed - 1,
        cover: by.serial,
      });
  }

  override backtracks(from: State): void {
    if (this.done) return;
    const now = this.env.stats.insnProcessed - 1;
    this.start = null;
    if (now < this.since) return;
    const wanted = wantedText();
    this.passed = [];
    this.gaveUp = false;
    if (from === this.env.cur) {
      const inStep = this.stepped === now;
      this.start = {
        cause: inStep ? 'insn' : 'pruned',
        moment: now,
        insn: from.insnIdx,
        wanted,
        cover: inStep ? 0 : this.candidate,
      };
      return;
    }
    const end = this.ends.findLast(
      (one) => one.parent === from.parent && one.history === from.history && one.insn === from.insnIdx,
    );
    this.start = {
      cause: 'loop',
      moment: end?.moment ?? -1,
      insn: from.insnIdx,
      wanted,
      cover: end?.cover ?? 0,
    };
  }

  override backtracked(insnIdx: number): void {
    if (this.done || this.start === null) return;
    if (insnIdx < 0) {
      this.gaveUp = true;
      return;
    }
    this.passed.push({ insn: insnIdx, wanted: wantedText() });
  }

  override precise(state: State): void {
    if (this.done || state.serial === 0 || this.made++ !== this.mark) return;
    this.done = true;
    if (this.start !== null) this.found = this.descent(this.start);
  }

  private descent(start: NonNullable<PrecisionWitness['start']>): Descent {
    const { trace } = this;
    const from = this.stepOf(start.cause, start.moment);
    const way = from < 0 ? null : trace.way(from);
    // the instruction that asks has not been walked yet
    if (way !== null && start.cause === 'insn') way.next();
    const hops: Hop[] = [];
    let before = start.wanted;
    let at = way?.next();
    for (const { insn, wanted } of this.passed) {
      let step = -1;
      // wide loads have a second slot, which is no step
      if (at !== undefined && !at.done && trace.insnAt(at.value) === insn) {
        step = at.value;
        at = way!.next();
      }
      if (wanted !== before && hops.length < MOST_HOPS) hops.push({ step, insn, wanted });
      before = wanted;
    }
    return {
      cause: start.cause,
      step: from,
      insn: start.insn,
      wanted: start.wanted,
      cover: start.cover,
      hops,
      gaveUp: this.gaveUp,
    };
  }

  /** The step that is walked in a moment, or behind which a path is pruned in it. */
  private stepOf(cause: Descent['cause'], moment: Moment): number {
    const { trace } = this;
    if (moment < 0) return -1;
    if (cause === 'insn') return trace.stepOfProcessed(moment);
    if (this.moments.size === 0) {
      for (const path of trace.paths)
        if (path.end === 'pruned') this.moments.set(momentOfPruning(trace, path.index), path.index);
    }
    const path = this.moments.get(moment);
    if (path === undefined) return -1;
    const { start, stop, parentStep } = trace.paths[path];
    return start < stop ? stop - 1 : parentStep;
  }
}

/** All that is wanted, innermost frame last. */
function wantedText(): string {
  const frames: string[] = [];
  const innermost = wantedFrame();
  for (let f = 0; f <= innermost; f++) {
    const regs = regsText(f).toUpperCase();
    const slots = slotsText(f);
    const things = [
      ...(regs === '' ? [] : regs.split(',')),
      ...(slots === '' ? [] : slots.split(',').map((offset) => `fp${offset}`)),
    ];
    for (let a = 0; a < 7; a++) if ((wantedStackArgs(f) >> a) & 1) things.push(`arg${a + 6}`);
    if (things.length !== 0) frames.push((innermost > 0 ? `frame ${f}: ` : '') + things.join(', '));
  }
  return frames.join('; ');
}
