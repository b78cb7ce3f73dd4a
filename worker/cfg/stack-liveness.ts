import { AUX_CALLS_CALLBACK, type Facts, type Subprog } from './facts.ts';
import { addAll, addRange, addSet, MASK_WORDS } from './stack-mask.ts';
import { successors } from './successors.ts';

/** Depth that calls may reach: frames 0..15. */
export const MAX_CALL_FRAMES = 16;

/** Sets of half slots of one frame per instruction of a function, {@link MASK_WORDS} words each. */
export interface FrameMasks {
  /** What the instruction may read, what it surely overwrites, and what may be read from here on. */
  readonly mayRead: Int32Array;
  readonly mustWrite: Int32Array;
  readonly liveBefore: Int32Array;
}

/**
 * A function as called from one call instruction at one depth: its accesses to its own stack (frame `depth`) and to
 * those of its callers (kernel: struct func_instance). Functions that nobody gives stack pointers to have depth 0.
 */
export class FuncInstance {
  /** By frame; absent where nothing was recorded. */
  readonly frames: (FrameMasks | undefined)[] = [];
  analyzed = false;

  constructor(
    readonly subprog: Subprog,
    /** Call instruction; the function's first instruction at depth 0. */
    readonly callsite: number,
    readonly depth: number,
  ) {}

  /** Word of instruction `i` in the sets. */
  at(i: number): number {
    return MASK_WORDS * (i - this.subprog.start);
  }

  private frame(frame: number): FrameMasks {
    let masks = this.frames[frame];
    if (masks === undefined) {
      const words = MASK_WORDS * (this.subprog.end - this.subprog.start);
      masks = { mayRead: new Int32Array(words), mustWrite: new Int32Array(words), liveBefore: new Int32Array(words) };
      this.frames[frame] = masks;
    }
    return masks;
  }

  readAll(frame: number, i: number): void {
    addAll(this.frame(frame).mayRead, this.at(i));
  }
  read(frame: number, i: number, from: number, to: number): void {
    addRange(this.frame(frame).mayRead, this.at(i), from, to);
  }
  readSet(frame: number, i: number, words: Int32Array, at: number): void {
    addSet(this.frame(frame).mayRead, this.at(i), words, at);
  }
  write(frame: number, i: number, from: number, to: number): void {
    addRange(this.frame(frame).mustWrite, this.at(i), from, to);
  }

  /** Adds the half slots of a frame that may be read at `i` or later, before they are overwritten. */
  addLive(frame: number, i: number, to: Int32Array): void {
    const masks = this.frames[frame];
    if (masks !== undefined) addSet(to, 0, masks.liveBefore, this.at(i));
  }

  /** Takes over what another analysis of the same call found: reads add up, writes must be common to both. */
  merge(other: FuncInstance): void {
    for (let f = 0; f <= this.depth; f++) {
      const mine = this.frames[f];
      const theirs = other.frames[f];
      if (mine === undefined) {
        if (theirs === undefined) continue;
        theirs.mustWrite.fill(0);
        this.frames[f] = theirs;
      } else if (theirs === undefined) mine.mustWrite.fill(0);
      else {
        for (let w = 0; w < mine.mayRead.length; w++) {
          mine.mayRead[w] |= theirs.mayRead[w];
          mine.mustWrite[w] &= theirs.mustWrite[w];
        }
      }
    }
  }

  /** Computes `liveBefore` from reads and writes, backwards to a fixed point. */
  update(facts: Facts): void {
    this.analyzed = true;
    const { postorderStart, postorderEnd } = this.subprog;
    for (const masks of this.frames) {
      if (masks === undefined) continue;
      const { mayRead, mustWrite, liveBefore } = masks;
      let changed = true;
      while (changed) {
        changed = false;
        for (let p = postorderStart; p < postorderEnd; p++) {
          const i = facts.postorder[p];
          const out = successors(facts, i);
          if (out.length === 0) continue;
          const at = this.at(i);
          for (let w = 0; w < MASK_WORDS; w++) {
            let after = 0;
            for (const next of out) after |= liveBefore[this.at(next) + w];
            const before = (after & ~mustWrite[at + w]) | mayRead[at + w];
            if (before === liveBefore[at + w]) continue;
            liveBefore[at + w] = before;
            changed = true;
          }
        }
      }
    }
  }
}

/** What a query needs to see of a verifier state: its frames, outermost first, and where the innermost is. */
export interface LivenessState {
  readonly frames: readonly { readonly subprogno: number; readonly callsite: number }[];
  readonly insnIdx: number;
}

/** Which stack slots may still be read, asked per state (kernel: struct bpf_liveness). */
export class StackLiveness {
  private readonly instances = new Map<number, FuncInstance>();
  /** Of the state of the last {@link queryInit}. */
  private readonly found: (FuncInstance | null)[] = [];
  private readonly callsites: number[] = [];
  private current = 0;
  private insn = 0;
  private readonly halves = new Int32Array(MASK_WORDS);

  constructor(private readonly facts: Facts) {}

  /** All instances by call instruction, then depth. */
  sorted(): FuncInstance[] {
    return [...this.instances.values()].sort((a, b) => a.callsite - b.callsite || a.depth - b.depth);
  }

  /** The instance for a call from `caller` at `callsite`, or for a function by itself; made if there is none. */
  instance(caller: FuncInstance | null, callsite: number, subprog: Subprog): FuncInstance {
    const depth = caller === null ? 0 : caller.depth + 1;
    const at = depth > 0 ? callsite : subprog.start;
    const key = keyOf(at, depth);
    let known = this.instances.get(key);
    if (known === undefined) this.instances.set(key, (known = new FuncInstance(subprog, at, depth)));
    return known;
  }

  /** The instance that describes a frame: at its depth, or less deep if it was analysed apart from its callers. */
  private lookUp(subprogno: number, callsite: number, frameno: number): FuncInstance | null {
    for (let depth = frameno; depth > 0; depth--) {
      const known = this.instances.get(keyOf(callsite, depth));
      if (known !== undefined) return known;
    }
    return this.instances.get(keyOf(this.facts.subprogs[subprogno].start, 0)) ?? null;
  }

  /** Prepares {@link alive} for a state. */
  queryInit(state: LivenessState): void {
    const { frames } = state;
    this.current = frames.length - 1;
    this.insn = state.insnIdx;
    for (let f = 0; f < frames.length; f++) {
      const frame = frames[f];
      this.found[f] = this.lookUp(frame.subprogno, frame.callsite, f);
      if (f < this.current) this.callsites[f] = frames[f + 1].callsite;
    }
  }

  /**
   * The half slots of frame `frameno` that may still be read: in the innermost function from here on, or in an outer one
   * after it returns (before the call, if the call runs a callback, which may be run again). Null: all of them. The set
   * is {@link MASK_WORDS} words that the next question overwrites.
   */
  alive(frameno: number): Int32Array | null {
    const alive = this.halves;
    const innermost = this.found[this.current];
    if (innermost === null) return null;
    alive.fill(0);
    // A frame outside of the instance was out of its reach.
    innermost.addLive(frameno + innermost.depth - this.current, this.insn, alive);
    for (let f = frameno; f < this.current; f++) {
      const outer = this.found[f];
      if (outer === null) return null;
      const frame = frameno + outer.depth - f;
      if (frame < 0 || frame > outer.depth) return null;
      const callsite = this.callsites[f];
      outer.addLive(frame, this.facts.flags[callsite] & AUX_CALLS_CALLBACK ? callsite : callsite + 1, alive);
    }
    return alive;
  }
}

function keyOf(callsite: number, depth: number): number {
  return callsite * MAX_CALL_FRAMES + depth;
}
