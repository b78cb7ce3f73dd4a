import { NOT_INIT_REG, type Reg } from './reg.ts';
import { INVALID_SLOT, type Slot } from './slot.ts';

/** Most frames have no on-stack arguments: one array for all of them. */
const NO_REGS: readonly Reg[] = [];

/** Return values that a callback or program may have (kernel: struct bpf_retval_range). */
export interface RetvalRange {
  readonly min: number;
  readonly max: number;
  readonly return32bit: boolean;
}

/**
 * One call frame (kernel: `struct bpf_func_state`). Frames are shared between states and copied when a state
 * that shares one writes to it: change them only through {@link State.writable} and the mutators of `mutate.ts`.
 */
export class Frame {
  /** R0..R10. */
  regs: Reg[];
  /** Slot `spi` covers fp - 8 * (spi + 1) .. fp - 8 * spi; its length is the stack in use (kernel: allocated_stack / 8). */
  stack: Slot[];
  /** Outgoing on-stack arguments 6..12 (kernel: stack_arg_regs). */
  stackArgs: readonly Reg[] = NO_REGS;
  /** Instruction of the call that entered this frame, -1 for the outermost. */
  callsite: number;
  frameno: number;
  /** Identity of this invocation for the report; never reused. */
  diagFrameId = 0;
  subprogno: number;
  asyncEntryCnt = 0;
  callbackRetRange: RetvalRange | null = null;
  inCallbackFn = false;
  inAsyncCallbackFn = false;
  inExceptionCallbackFn = false;
  noStackArgLoad = false;
  /** How often the callback called from here was simulated. */
  callbackDepth = 0;
  /** Instructions processed in this frame and callees on the current path. */
  insnsSubtotal = 0;
  /** More than one state refers to this frame: copy before writing. */
  shared = false;
  /** `stack` belongs to another frame too: copy before writing. */
  stackShared = false;
  /** False only if no register or spilled scalar of this frame is marked precise. */
  mayHavePrecise = false;

  constructor(callsite: number, frameno: number, subprogno: number, regs: Reg[] = new Array<Reg>(11).fill(NOT_INIT_REG), stack: Slot[] = []) {
    this.callsite = callsite;
    this.frameno = frameno;
    this.subprogno = subprogno;
    this.regs = regs;
    this.stack = stack;
  }

  /** A copy of its own registers that still shares the stack array. */
  clone(): Frame {
    const copy = new Frame(this.callsite, this.frameno, this.subprogno, this.regs.slice(), this.stack);
    this.stackShared = true;
    copy.stackShared = true;
    copy.stackArgs = this.stackArgs;
    copy.diagFrameId = this.diagFrameId;
    copy.asyncEntryCnt = this.asyncEntryCnt;
    copy.callbackRetRange = this.callbackRetRange;
    copy.inCallbackFn = this.inCallbackFn;
    copy.inAsyncCallbackFn = this.inAsyncCallbackFn;
    copy.inExceptionCallbackFn = this.inExceptionCallbackFn;
    copy.noStackArgLoad = this.noStackArgLoad;
    copy.callbackDepth = this.callbackDepth;
    copy.insnsSubtotal = this.insnsSubtotal;
    copy.mayHavePrecise = this.mayHavePrecise;
    return copy;
  }

  /** Grows the stack to cover `bytes` below the frame pointer. The frame must be writable. */
  growStack(bytes: number): void {
    const slots = (bytes + 7) >> 3;
    if (slots <= this.stack.length) return;
    this.ownStack();
    while (this.stack.length < slots) this.stack.push(INVALID_SLOT);
  }

  /** Makes the stack array this frame's own. */
  ownStack(): void {
    if (!this.stackShared) return;
    this.stack = this.stack.slice();
    this.stackShared = false;
  }
}
