import type { ContextKind } from '../failure/report.ts';
import type { ModReason } from '../state/observer.ts';
import type { State } from '../state/state.ts';
import { CHANGE_FRAME, changeKey, keyFrame, keyKind, type ChangeValue } from './changes.ts';
import { lastAtMost, type CounterColumn, type ObjectColumn } from './columns.ts';
import type { Lane } from './lanes.ts';
import type { Mirror } from './mirror.ts';

/** How a path ended. `dead`: it turned out to be impossible, or to lead nowhere that matters (speculation). */
export type PathEnd = 'exit' | 'pruned' | 'rejected' | 'dead';

/** One path of the walk: a run of steps, `start` to `stop` (exclusive). */
export interface Path {
  readonly index: number;
  /** The path that put this one aside, -1 if it begins a function; and the step on it at which that happened. */
  readonly parent: number;
  readonly parentStep: number;
  /** Instruction that the path comes from, -1 if it begins a function. */
  fromInsn: number;
  /** The function whose exploration this path is part of. */
  readonly subprog: number;
  start: number;
  stop: number;
  end: PathEnd | null;
  /** Where it ended; for pruned paths the instruction that was not walked again. */
  endInsn: number;
  /** Serial of the checkpoint that covers the state in which the path was pruned, -1 if it was not. */
  coveredBy: number;
  /** Pruned paths: the covering state is not explored to its end yet; the path closes a loop. */
  loop: boolean;
}

/** A way that was put aside: on a path, at a step, to be walked from an instruction on. */
export interface PutAside {
  readonly path: number;
  readonly step: number;
  readonly insn: number;
}

export const EVENT_ACQUIRED = 0;
export const EVENT_RELEASED = 1;
/** Data: index in {@link CONTEXT_KINDS} | depth after it << 4. */
export const EVENT_ENTERED = 2;
export const EVENT_LEFT = 3;
/** Plus the index in {@link LOSS_REASONS}; data: a change key. */
export const EVENT_LOST = 8;

export const CONTEXT_KINDS: readonly ContextKind[] = ['none', 'rcu', 'preempt', 'irq', 'lock', 'nofault'];
/** Reasons other than a plain write for which a value is lost. */
export const LOSS_REASONS: readonly ModReason[] = ['caller-saved', 'ref-release', 'pkt-data-change', 'non-own-ref'];

/** Something that happened while a step was walked. */
export interface TraceEvent {
  readonly step: number;
  readonly kind: number;
  readonly data: number;
}

export interface TraceData {
  readonly insns: Int32Array;
  readonly processed: CounterColumn;
  readonly changesAt: Int32Array;
  readonly changeKeys: Int32Array;
  readonly changeValues: ObjectColumn<ChangeValue>;
  readonly keyframes: readonly Mirror[];
  readonly keyframeBits: number;
  readonly eventSteps: Int32Array;
  readonly eventKinds: Int32Array;
  readonly eventData: Int32Array;
  readonly checkpointSteps: Int32Array;
  readonly preciseSteps: Int32Array;
  readonly preciseCheckpoints: Int32Array;
  readonly preciseKeys: Int32Array;
  readonly paths: readonly Path[];
  readonly unexplored: readonly PutAside[];
  readonly visits: Int32Array;
  readonly lanes: readonly Lane[];
}

/** Changes of all steps; see {@link Trace.changes}. */
export interface Changes {
  readonly at: Int32Array;
  readonly keys: Int32Array;
  readonly values: ObjectColumn<ChangeValue>;
}

/** A recorded walk. Steps are numbered from 0 in the order in which they were walked; a step's state is what holds before it. */
export class Trace {
  readonly paths: readonly Path[];
  readonly lanes: readonly Lane[];
  /** What was still put aside when the walk ended early. */
  readonly unexplored: readonly PutAside[];
  /** How often each instruction was walked. */
  readonly visits: Int32Array;
  private readonly starts: Int32Array;

  constructor(private readonly data: TraceData) {
    this.paths = data.paths;
    this.lanes = data.lanes;
    this.visits = data.visits;
    this.unexplored = data.unexplored;
    this.starts = Int32Array.from(data.paths, (path) => path.start);
  }

  get length(): number {
    return this.data.insns.length;
  }

  insnAt(step: number): number {
    return this.data.insns[step];
  }

  /** Instructions by step. */
  get insns(): Int32Array {
    return this.data.insns;
  }

  /** Every change of every step, for analyses that read them all: those that led to step `s` are `at[s]` to `at[s + 1]`, exclusive. */
  get changes(): Changes {
    const { changesAt, changeKeys, changeValues } = this.data;
    return { at: changesAt, keys: changeKeys, values: changeValues };
  }

  /** The step at which `processed` instructions had been processed before, or the last one before it; -1 if none. */
  stepOfProcessed(processed: number): number {
    return this.data.processed.lastAtMost(processed, this.length);
  }

  /** How many instructions had been processed before a step (the number that the log knows it by). */
  processedAt(step: number): number {
    return this.data.processed.at(step);
  }

  /** The path that a step is on. */
  pathOf(step: number): Path {
    // paths without steps share their start with the next one: the last of them is meant
    return this.paths[lastAtMost(this.starts, step)];
  }

  /** The step before `step` on its path, or the one at which its path was put aside; -1 at the beginning of a function. */
  before(step: number): number {
    const path = this.pathOf(step);
    return step > path.start ? step - 1 : path.parentStep;
  }

  /** Is `earlier` part of the way that leads to `later`? */
  leadsTo(earlier: number, later: number): boolean {
    for (let at = later; at >= earlier && at >= 0; ) {
      const path = this.pathOf(at);
      if (earlier >= path.start) return true;
      at = path.parentStep;
    }
    return false;
  }

  /** The steps that lead to `step`, itself included, latest first. */
  *way(step: number): Generator<number> {
    for (let at = step; at >= 0; ) {
      const path = this.pathOf(at);
      for (; at >= path.start; at--) yield at;
      at = path.parentStep;
    }
  }

  /** The state before a step, put together anew: the caller may do with it what it likes. */
  stateAt(step: number): State {
    const before = this.before(step);
    return this.mirrorAt(step).toState(this.insnAt(step), before < 0 ? -1 : this.insnAt(before));
  }

  /** What was true before a step, as recorded. */
  mirrorAt(step: number): Mirror {
    const { keyframes, keyframeBits, changesAt, changeKeys, changeValues } = this.data;
    const keyframe = step >> keyframeBits;
    const mirror = keyframes[keyframe].copy();
    const from = changesAt[(keyframe << keyframeBits) + 1];
    const to = changesAt[step + 1];
    for (let i = from; i < to; i++) mirror.apply(changeKeys[i], changeValues.at(i));
    return mirror;
  }

  /**
   * The latest step up to `step` before which register or slot `key` was not what it was before the step that led
   * there; -1 if it has been the same since the function was entered.
   */
  lastChange(step: number, key: number): number {
    const { changesAt, changeKeys } = this.data;
    const entered = changeKey(CHANGE_FRAME, keyFrame(key), 0);
    for (let at = step; ; ) {
      const path = this.pathOf(at);
      for (; at > path.start; at--) {
        for (let i = changesAt[at]; i < changesAt[at + 1]; i++) if (changeKeys[i] === key || changeKeys[i] === entered) return at;
      }
      // the changes of a path's first step are against another path
      if (path.parentStep < 0 || this.mirrorAt(at).get(key) !== this.mirrorAt(path.parentStep).get(key)) return at;
      at = path.parentStep;
    }
  }

  /**
   * Visits all recorded changes of some kinds (bits `1 << CHANGE_…`), in order, with the step that they hold before.
   * Changes are against the step recorded before, whichever path that is on.
   */
  eachChange(kinds: number, visit: (step: number, kind: number, value: ChangeValue) => void): void {
    const { changesAt, changeKeys, changeValues } = this.data;
    let step = 0;
    for (let i = 0; i < changeKeys.length; i++) {
      const kind = keyKind(changeKeys[i]);
      if (((kinds >> kind) & 1) === 0) continue;
      while (changesAt[step + 1] <= i) step++;
      visit(step, kind, changeValues.at(i));
    }
  }

  /** What happened while a step was walked. */
  eventsOf(step: number): readonly TraceEvent[] {
    const { eventSteps, eventKinds, eventData } = this.data;
    const events: TraceEvent[] = [];
    for (let i = lastAtMost(eventSteps, step - 1) + 1; i < eventSteps.length && eventSteps[i] === step; i++) {
      events.push({ step, kind: eventKinds[i], data: eventData[i] });
    }
    return events;
  }

  /** Events on the way to `step` (what `step` itself does is not among them), latest first. */
  *eventsBefore(step: number): Generator<TraceEvent> {
    const { eventSteps, eventKinds, eventData } = this.data;
    let path = this.pathOf(step);
    for (let end = step - 1; ; path = this.pathOf(end)) {
      for (let i = lastAtMost(eventSteps, end); i >= 0 && eventSteps[i] >= path.start; i--) {
        yield { step: eventSteps[i], kind: eventKinds[i], data: eventData[i] };
      }
      if (path.parentStep < 0) return;
      end = path.parentStep;
    }
  }

  /** Number of the visit that `step` is among all visits of its instruction, from 1. */
  visitOf(step: number): number {
    const { insns } = this.data;
    const insn = insns[step];
    let visit = 0;
    for (let i = 0; i <= step; i++) if (insns[i] === insn) visit++;
    return visit;
  }

  get checkpointCount(): number {
    return this.data.checkpointSteps.length;
  }

  /** Serial of the last checkpoint made up to a step, whichever path that is on; 0 if there is none. */
  lastCheckpoint(step: number): number {
    return lastAtMost(this.data.checkpointSteps, step) + 1;
  }

  /** Serial of the checkpoint that the state before a step became, 0 if it did not. */
  checkpointAt(step: number): number {
    const serial = this.lastCheckpoint(step);
    return serial !== 0 && this.data.checkpointSteps[serial - 1] === step ? serial : 0;
  }

  /** Marks of precision in the order in which they were made: the step that asked, the checkpoint's serial, a change key. */
  get marks(): { readonly steps: Int32Array; readonly checkpoints: Int32Array; readonly keys: Int32Array } {
    const { preciseSteps, preciseCheckpoints, preciseKeys } = this.data;
    return { steps: preciseSteps, checkpoints: preciseCheckpoints, keys: preciseKeys };
  }

  /** Step at which a checkpoint was made, -1 if it is not on record. */
  checkpointStep(serial: number): number {
    return this.data.checkpointSteps[serial - 1] ?? -1;
  }

  /** Registers and slots of the state before `step` (a checkpoint) whose exact value something relied on: change keys, and the step that did. */
  preciseAt(step: number): readonly { readonly key: number; readonly by: number }[] {
    const { checkpointSteps, preciseCheckpoints, preciseKeys, preciseSteps } = this.data;
    const serial = lastAtMost(checkpointSteps, step) + 1;
    if (serial === 0 || checkpointSteps[serial - 1] !== step) return [];
    const found = [];
    for (let i = 0; i < preciseCheckpoints.length; i++) {
      if (preciseCheckpoints[i] === serial) found.push({ key: preciseKeys[i], by: preciseSteps[i] });
    }
    return found;
  }

  /** Bytes held by the columns; registers and slots, which the walk made anyway, come on top. */
  get bytes(): number {
    const d = this.data;
    const columns = [d.insns, d.changesAt, d.changeKeys, d.eventSteps, d.eventKinds, d.eventData, d.checkpointSteps, d.preciseSteps, d.preciseCheckpoints, d.preciseKeys];
    return columns.reduce((sum, column) => sum + column.byteLength, 0) + d.changeValues.length * 8;
  }
}

