import { Frame } from '../state/frame.ts';
import type { Reference } from '../state/reference.ts';
import { NOT_INIT_REG, type Reg } from '../state/reg.ts';
import { INVALID_SLOT, type Slot } from '../state/slot.ts';
import { State } from '../state/state.ts';
import {
  CHANGE_ARGS,
  CHANGE_CONTEXT,
  CHANGE_DEPTH,
  CHANGE_FRAME,
  CHANGE_REFS,
  CHANGE_REG,
  CHANGE_SLOT,
  CHANGE_STACK,
  keyFrame,
  keyKind,
  keyNo,
  type ChangeValue,
  type ContextFacts,
  type FrameFacts,
} from './changes.ts';

const NO_ARGS: readonly Reg[] = [];
const NO_REFS: readonly Reference[] = [];

/** A context in which nothing is held. */
export const NO_CONTEXT: ContextFacts = {
  activeLocks: 0,
  activeLockId: 0,
  activeLockPtr: null,
  activePreemptLocks: 0,
  activeIrqId: 0,
  activeRcuLocks: 0,
  forbidFaultCount: 0,
  speculative: false,
  inSleepable: false,
};

/** One frame of a {@link Mirror}. */
export class MirrorFrame {
  readonly regs: Reg[] = new Array<Reg>(11).fill(NOT_INIT_REG);
  stack: Slot[] = [];
  args: readonly Reg[] = NO_ARGS;
  facts: FrameFacts;

  constructor(facts: FrameFacts) {
    this.facts = facts;
  }
}

/** A state written down: the last one recorded, or one that is put together again from its changes. */
export class Mirror {
  readonly frames: MirrorFrame[] = [];
  refs: readonly Reference[] = NO_REFS;
  context: ContextFacts = NO_CONTEXT;

  /** The register or slot that a key names, undefined if there is none. */
  get(key: number): Reg | Slot | undefined {
    const frame = this.frames[keyFrame(key)];
    return keyKind(key) === CHANGE_REG ? frame?.regs[keyNo(key)] : frame?.stack[keyNo(key)];
  }

  apply(key: number, value: ChangeValue): void {
    const no = keyNo(key);
    switch (keyKind(key)) {
      case CHANGE_REG:
        this.frames[keyFrame(key)].regs[no] = value as Reg;
        return;
      case CHANGE_SLOT:
        this.frames[keyFrame(key)].stack[no] = value as Slot;
        return;
      case CHANGE_ARGS:
        this.frames[keyFrame(key)].args = value as readonly Reg[];
        return;
      case CHANGE_STACK: {
        const { stack } = this.frames[keyFrame(key)];
        while (stack.length < no) stack.push(INVALID_SLOT);
        stack.length = no;
        return;
      }
      case CHANGE_FRAME:
        this.frames[keyFrame(key)] = new MirrorFrame(value as FrameFacts);
        return;
      case CHANGE_DEPTH:
        this.frames.length = no;
        return;
      case CHANGE_REFS:
        this.refs = value as readonly Reference[];
        return;
      case CHANGE_CONTEXT:
        this.context = value as ContextFacts;
        return;
    }
  }

  /** A copy that later changes do not reach. */
  copy(): Mirror {
    const copy = new Mirror();
    for (const frame of this.frames) {
      const own = new MirrorFrame(frame.facts);
      for (let r = 0; r < 11; r++) own.regs[r] = frame.regs[r];
      own.stack = frame.stack.slice();
      own.args = frame.args;
      copy.frames.push(own);
    }
    copy.refs = this.refs;
    copy.context = this.context;
    return copy;
  }

  /** As a state of the verifier, at instruction `insn`, come to from `prevInsn`. */
  toState(insn: number, prevInsn: number): State {
    const state = new State(
      this.frames.map((from, frameno) => {
        const frame = new Frame(from.facts.callsite, frameno, from.facts.subprogno);
        frame.regs = from.regs.slice();
        frame.stack = from.stack.slice();
        frame.stackArgs = from.args;
        frame.diagFrameId = from.facts.id;
        frame.callbackRetRange = from.facts.callbackRetRange;
        frame.inCallbackFn = from.facts.inCallbackFn;
        frame.inAsyncCallbackFn = from.facts.inAsyncCallbackFn;
        frame.inExceptionCallbackFn = from.facts.inExceptionCallbackFn;
        return frame;
      }),
    );
    state.refs = this.refs;
    Object.assign(state, this.context);
    state.insnIdx = insn;
    state.lastInsnIdx = prevInsn;
    return state;
  }
}
