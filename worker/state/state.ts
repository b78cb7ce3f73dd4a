import type { Checkpoint } from './explored.ts';
import type { Frame } from './frame.ts';
import { NO_ENTRY, type HistoryEntry } from './history.ts';
import type { Reference } from './reference.ts';
import { REF_LOCK_MASK } from './reference.ts';
import type { SccVisit } from './scc-visit.ts';

/**
 * The verifier's knowledge at one point of one path (kernel: `struct bpf_verifier_state`). Frames and references
 * are shared between copies; `copy()` costs a few words.
 */
export class State {
  frames: Frame[];
  /** Acquired references in order of acquisition; replaced as a whole, never changed in place. */
  refs: readonly Reference[] = [];
  activeLocks = 0;
  activeLockId = 0;
  activeLockPtr: object | null = null;
  activePreemptLocks = 0;
  activeIrqId = 0;
  activeRcuLocks = 0;
  /** Held references that forbid faulting (kf-forbid-fault). */
  forbidFaultCount = 0;
  speculative = false;
  inSleepable = false;

  /** The checkpoint that this path continues. */
  parent: State | null = null;
  /** Branches still to explore from here; 0 when this state is a proven one. */
  branches = 1;
  insnIdx = 0;
  firstInsnIdx = 0;
  lastInsnIdx = -1;
  /** The checkpoint that a back-edge state was found equal to. */
  equalState: State | null = null;
  /** Latest entry of the jump history since the parent, and how many there are. */
  history: HistoryEntry = NO_ENTRY;
  historyLength = 0;
  dfsDepth = 0;
  callbackUnrollDepth = 0;
  mayGotoDepth = 0;
  /** Number of this state among all states of the run, for the trace; assigned when it becomes a checkpoint. */
  serial = 0;
  /** The entry of the table of checkpoints that this state belongs to; null while it is being walked or pending. */
  checkpoint: Checkpoint | null = null;
  /** Checkpoints within a loop: the passage that they are part of. */
  visit: SccVisit | null = null;

  constructor(frames: Frame[]) {
    this.frames = frames;
  }

  /** Index of the current frame. */
  get curframe(): number {
    return this.frames.length - 1;
  }

  /** The current frame, for reading. */
  top(): Frame {
    return this.frames[this.frames.length - 1];
  }

  /** Frame `frameno`, private to this state: the only way to write to a frame. */
  writable(frameno: number): Frame {
    const frame = this.frames[frameno];
    if (!frame.shared) return frame;
    return (this.frames[frameno] = frame.clone());
  }

  /** A copy that shares frames and history. */
  copy(): State {
    const frames = this.frames.slice();
    for (let i = 0; i < frames.length; i++) frames[i].shared = true;
    const copy = new State(frames);
    copy.refs = this.refs;
    copy.activeLocks = this.activeLocks;
    copy.activeLockId = this.activeLockId;
    copy.activeLockPtr = this.activeLockPtr;
    copy.activePreemptLocks = this.activePreemptLocks;
    copy.activeIrqId = this.activeIrqId;
    copy.activeRcuLocks = this.activeRcuLocks;
    copy.forbidFaultCount = this.forbidFaultCount;
    copy.speculative = this.speculative;
    copy.inSleepable = this.inSleepable;
    copy.parent = this.parent;
    copy.branches = this.branches;
    copy.insnIdx = this.insnIdx;
    copy.firstInsnIdx = this.firstInsnIdx;
    copy.lastInsnIdx = this.lastInsnIdx;
    copy.equalState = this.equalState;
    copy.history = this.history;
    copy.historyLength = this.historyLength;
    copy.dfsDepth = this.dfsDepth;
    copy.callbackUnrollDepth = this.callbackUnrollDepth;
    copy.mayGotoDepth = this.mayGotoDepth;
    return copy;
  }

  /** Instruction that frame `frameno` is at: the current one, or its call (kernel: bpf_frame_insn_idx). */
  frameInsnIdx(frameno: number): number {
    return frameno === this.frames.length - 1 ? this.insnIdx : this.frames[frameno + 1].callsite;
  }

  /** Does it hold a lock of the kinds in `mask`? */
  holdsLock(mask = REF_LOCK_MASK): boolean {
    return this.activeLocks !== 0 && this.refs.some((r) => (r.type & mask) !== 0);
  }
}
