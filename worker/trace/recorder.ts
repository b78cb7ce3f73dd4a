import { AUX_PRUNE_POINT } from '../cfg/facts.ts';
import type { ContextKind } from '../failure/report.ts';
import * as op from '../isa/opcodes.ts';
import { PTR_TO_STACK } from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import type { Frame } from '../state/frame.ts';
import type { Location, ModReason, Observer } from '../state/observer.ts';
import type { Reg } from '../state/reg.ts';
import type { Slot } from '../state/slot.ts';
import type { State } from '../state/state.ts';
import {
  CHANGE_ARGS,
  CHANGE_CONTEXT,
  CHANGE_DEPTH,
  CHANGE_FRAME,
  CHANGE_REFS,
  CHANGE_REG,
  CHANGE_SLOT,
  CHANGE_STACK,
  changeKey,
  keyKind,
  type ChangeValue,
  type ContextFacts,
} from './changes.ts';
import { CounterColumn, IntColumn, ObjectColumn } from './columns.ts';
import { LaneRecorder } from './lanes.ts';
import { Mirror, MirrorFrame } from './mirror.ts';
import { CONTEXT_KINDS, EVENT_ACQUIRED, EVENT_ENTERED, EVENT_LEFT, EVENT_LOST, EVENT_RELEASED, LOSS_REASONS, Trace, type Path, type PathEnd, type PutAside } from './trace.ts';

/** A whole state is written down every so many steps; those between are changes. */
export const KEYFRAME_BITS = 9;
const KEYFRAME = 1 << KEYFRAME_BITS;

/** Room for steps to begin with. */
const FIRST_STEPS = 1 << 15;

/** What an instruction may change (see {@link reachOf}). */
const ANYTHING = 0;
const OWN_REGS = 1;
/** Only its registers, unless that register points into the stack. */
const BY_SOURCE = 2;
const BY_TARGET = 3;
/** A checkpoint may lie before the instruction. */
const AFTER_CHECKPOINT = 4;

const PLACE_KINDS: Readonly<Record<string, number>> = { reg: CHANGE_REG, slot: CHANGE_SLOT, 'stack-arg': CHANGE_ARGS };

/**
 * Records a walk as it happens: per step the instruction and what differs from the step recorded before it, whichever
 * path that was on. Registers and slots are immutable, so a change is a key and a reference.
 */
export class TraceRecorder implements Observer {
  readonly wantsSteps = true;
  readonly wantsWrites = false;
  readonly wantsSearch = false;
  private env!: Env;
  /** Columns that are written at every step: by hand, for a call each would cost as much as the rest. */
  private readonly sheet = takeSheet();
  private steps = 0;
  private insns = this.sheet.insns;
  /** Where each step's changes begin. */
  private changesAt = this.sheet.changesAt;
  private readonly processed = new CounterColumn();
  /** Changes so far, and what each is of. */
  private changes = 0;
  private changeKeys = this.sheet.changeKeys;
  /** By instruction: what it may change. */
  private reach = new Uint8Array(0);
  private readonly changeValues = new ObjectColumn<ChangeValue>();
  private readonly keyframes: Mirror[] = [];
  private readonly eventSteps = new IntColumn();
  private readonly eventKinds = new IntColumn();
  private readonly eventData = new IntColumn();
  private readonly checkpointSteps = new IntColumn();
  private readonly preciseSteps = new IntColumn();
  private readonly preciseCheckpoints = new IntColumn();
  private readonly preciseKeys = new IntColumn();
  private readonly paths: Path[] = [];
  private visits = new Int32Array(0);
  private lanes!: LaneRecorder;
  private mirror = new Mirror();
  /** Path and step from which each pending path was put aside, innermost last. */
  private readonly pending: PutAside[] = [];
  private path: Path | null = null;
  private pathStarts = false;
  private end: PathEnd | null = null;
  private coveredBy = -1;
  /** Instruction of the step before. */
  private lastInsn = -1;

  /** To be called before the walk: {@link VerifyOptions.onEnv}. */
  attach(env: Env): void {
    this.env = env;
    this.visits = new Int32Array(env.insns.length);
    this.reach = Uint8Array.from({ length: env.insns.length }, (_, insn) => reachOf(env, insn));
    this.lanes = new LaneRecorder(env.insns.length);
  }

  begin(subprogno: number): void {
    this.pending.length = 0;
    this.startPath(-1, -1, subprogno);
  }

  step(state: State, prevInsnIdx: number): void {
    const { env } = this;
    const insn = state.insnIdx;
    const step = this.steps++;
    if (step === this.insns.length) this.growSteps();
    this.insns[step] = insn;
    this.changesAt[step] = this.changes;
    this.processed.set(step, env.stats.insnProcessed - 1);
    this.visits[insn]++;
    const { lastInsn } = this;
    // a checkpoint cleans the whole state
    const full = this.pathStarts || (this.reach[insn] & AFTER_CHECKPOINT) !== 0 || !this.changesOwnRegs(lastInsn);
    if (this.pathStarts) {
      this.pathStarts = false;
      if (this.path!.fromInsn < 0) this.path!.fromInsn = prevInsnIdx;
      this.path!.start = step;
    }
    const { frames } = state;
    if (full) this.compareAll(state);
    else {
      const f = frames.length - 1;
      this.compareReg(frames[f], f, env.insns.dst[lastInsn]);
      this.compareReg(frames[f], f, env.insns.src[lastInsn]);
    }
    this.lanes.mark(insn);
    this.lastInsn = insn;
    if ((step & (KEYFRAME - 1)) === 0) this.keyframes.push(this.mirror.copy());
  }

  pushed(_state: State, at: number): void {
    this.pending.push({ path: this.paths.length - 1, step: this.steps - 1, insn: at });
  }

  popped(next: State | null): void {
    this.closePath(this.end ?? 'dead');
    if (next === null) return;
    const from = this.pending.pop()!;
    this.startPath(from.path, from.step, this.path!.subprog);
  }

  checkpoint(): void {
    this.checkpointSteps.push(this.steps);
  }

  pruned(state: State, by: State, kind: 'safe' | 'loop'): void {
    this.end = 'pruned';
    this.coveredBy = by.serial;
    this.path!.endInsn = state.insnIdx;
    this.path!.loop = kind === 'loop';
  }

  considered(): void {}
  backtracks(): void {}
  backtracked(): void {}

  exited(): void {
    this.end = 'exit';
  }

  branch(): void {}

  modified(at: Location, _before: Reg | null, _after: Reg | null, reason: ModReason): void {
    const why = LOSS_REASONS.indexOf(reason);
    if (why < 0 || at.kind === 'stack-range') return;
    this.event(EVENT_LOST + why, changeKey(PLACE_KINDS[at.kind], at.frameno, at.no));
  }

  acquired(_insnIdx: number, refId: number): void {
    this.event(EVENT_ACQUIRED, refId);
  }

  released(_insnIdx: number, refId: number): void {
    this.event(EVENT_RELEASED, refId);
  }

  region(_insnIdx: number, kind: ContextKind, enter: boolean, depth: number): void {
    this.event(enter ? EVENT_ENTERED : EVENT_LEFT, CONTEXT_KINDS.indexOf(kind) | (depth << 4));
  }

  precise(state: State, frameno: number, kind: 'reg' | 'slot' | 'stack-arg', no: number): void {
    if (state.serial === 0) return;
    this.preciseSteps.push(this.steps - 1);
    this.preciseCheckpoints.push(state.serial);
    this.preciseKeys.push(changeKey(PLACE_KINDS[kind], frameno, no));
  }

  /** Whatever keyframes hold came as a change. */
  eachReg(visit: (reg: Reg) => void): void {
    for (let i = 0; i < this.changes; i++) {
      const value = this.changeValues.at(i);
      switch (keyKind(this.changeKeys[i])) {
        case CHANGE_REG:
          visit(value as Reg);
          break;
        case CHANGE_SLOT:
          visit((value as Slot).reg);
          break;
        case CHANGE_ARGS:
          (value as readonly Reg[]).forEach((reg) => visit(reg));
          break;
      }
    }
  }

  /** The walk is over: what was recorded. `rejected`: the path that was being walked is the reason. */
  finish(rejected: boolean): Trace {
    if (this.path !== null && this.path.end === null) this.closePath(rejected ? 'rejected' : 'dead');
    if (this.steps === this.changesAt.length) this.growSteps();
    this.changesAt[this.steps] = this.changes;
    for (const column of [ this.eventSteps, this.eventKinds, this.eventData]) column.trim();
    const trace = new Trace({
      insns: this.insns.slice(0, this.steps),
      processed: this.processed,
      changesAt: this.changesAt.slice(0, this.steps + 1),
      changeKeys: this.changeKeys.slice(0, this.changes),
      changeValues: this.changeValues,
      keyframes: this.keyframes,
      keyframeBits: KEYFRAME_BITS,
      eventSteps: this.eventSteps.view(),
      eventKinds: this.eventKinds.view(),
      eventData: this.eventData.view(),
      checkpointSteps: this.checkpointSteps.view(),
      preciseSteps: this.preciseSteps.view(),
      preciseCheckpoints: this.preciseCheckpoints.view(),
      preciseKeys: this.preciseKeys.view(),
      paths: this.paths,
      unexplored: this.pending,
      visits: this.visits,
      lanes: this.lanes?.lanes ?? [],
    });
    giveSheetBack({ insns: this.insns, changesAt: this.changesAt, changeKeys: this.changeKeys });
    return trace;
  }

  private growSteps(): void {
    this.insns = longer(this.insns);
    this.changesAt = longer(this.changesAt);
  }

  private event(kind: number, data: number): void {
    // what a function is given at its entry belongs to its first step
    this.eventSteps.push(this.pathStarts ? this.steps : this.steps - 1);
    this.eventKinds.push(kind);
    this.eventData.push(data);
  }

  private startPath(parent: number, parentStep: number, subprog: number): void {
    const start = this.steps;
    const fromInsn = parentStep < 0 ? -1 : this.insns[parentStep];
    this.path = { index: this.paths.length, parent, parentStep, fromInsn, subprog, start, stop: start, end: null, endInsn: -1, coveredBy: -1, loop: false };
    this.paths.push(this.path);
    this.pathStarts = true;
    this.end = null;
  }

  private closePath(end: PathEnd): void {
    const path = this.path!;
    path.stop = this.steps;
    path.end = end;
    if (end === 'pruned') path.coveredBy = this.coveredBy;
    else if (path.stop > path.start) path.endInsn = this.insns[path.stop - 1];
    this.end = null;
  }

  private change(key: number, value: ChangeValue): void {
    const at = this.changes++;
    if (at === this.changeKeys.length) this.changeKeys = longer(this.changeKeys);
    this.changeKeys[at] = key;
    this.changeValues.push(value);
  }

  private compareAll(state: State): void {
    const { mirror } = this;
    const { frames } = state;
    const depth = frames.length;
    if (depth < mirror.frames.length) {
      this.change(changeKey(CHANGE_DEPTH, 0, depth), null);
      mirror.frames.length = depth;
    }
    for (let f = 0; f < depth; f++) {
      const frame = frames[f];
      if (f >= mirror.frames.length || mirror.frames[f].facts.id !== frame.diagFrameId) this.enterFrame(f, frame);
      this.compareRegs(frame, f);
      this.compareStack(frame, f);
    }
    const { context } = mirror;
    const held = state.refs !== mirror.refs;
    if (held) {
      mirror.refs = state.refs;
      this.change(changeKey(CHANGE_REFS, 0, 0), state.refs);
    }
    const moved =
      context.activeLocks !== state.activeLocks ||
      context.activeLockId !== state.activeLockId ||
      context.activeLockPtr !== state.activeLockPtr ||
      context.activePreemptLocks !== state.activePreemptLocks ||
      context.activeIrqId !== state.activeIrqId ||
      context.activeRcuLocks !== state.activeRcuLocks ||
      context.forbidFaultCount !== state.forbidFaultCount ||
      context.speculative !== state.speculative ||
      context.inSleepable !== state.inSleepable;
    if (moved) {
      mirror.context = contextOf(state);
      this.change(changeKey(CHANGE_CONTEXT, 0, 0), mirror.context);
    }
    if (held || moved) this.lanes.update(mirror);
  }

  private enterFrame(f: number, frame: Frame): void {
    const facts = {
      callsite: frame.callsite,
      subprogno: frame.subprogno,
      id: frame.diagFrameId,
      callbackRetRange: frame.callbackRetRange,
      inCallbackFn: frame.inCallbackFn,
      inAsyncCallbackFn: frame.inAsyncCallbackFn,
      inExceptionCallbackFn: frame.inExceptionCallbackFn,
    };
    this.mirror.frames[f] = new MirrorFrame(facts);
    this.change(changeKey(CHANGE_FRAME, f, 0), facts);
  }

  private compareRegs(frame: Frame, f: number): void {
    const { regs } = frame;
    const known = this.mirror.frames[f].regs;
    for (let r = 0; r < 11; r++) {
      const reg = regs[r];
      if (reg === known[r]) continue;
      known[r] = reg;
      this.change(changeKey(CHANGE_REG, f, r), reg);
    }
  }

  /** Did an instruction change nothing but the registers that it names? */
  private changesOwnRegs(insn: number): boolean {
    const reach = this.reach[insn] & ~AFTER_CHECKPOINT;
    if (reach === OWN_REGS) return true;
    if (reach === BY_SOURCE) return this.isElsewhere(this.env.insns.src[insn]);
    return reach === BY_TARGET && this.isElsewhere(this.env.insns.dst[insn]);
  }

  /** Did the register, as far as the mirror knows, point anywhere but into the stack? */
  private isElsewhere(regno: number): boolean {
    const { frames } = this.mirror;
    return regno <= 10 && frames[frames.length - 1].regs[regno].type !== PTR_TO_STACK;
  }

  private compareReg(frame: Frame, f: number, r: number): void {
    const known = this.mirror.frames[f].regs;
    // the source of a constant's load is no register
    if (r > 10 || frame.regs[r] === known[r]) return;
    known[r] = frame.regs[r];
    this.change(changeKey(CHANGE_REG, f, r), known[r]);
  }

  private compareStack(frame: Frame, f: number): void {
    const mirror = this.mirror.frames[f];
    const { stack } = frame;
    if (stack.length !== mirror.stack.length) {
      const key = changeKey(CHANGE_STACK, f, stack.length);
      this.mirror.apply(key, null);
      this.change(key, null);
    }
    const known = mirror.stack;
    for (let spi = 0; spi < stack.length; spi++) {
      const slot = stack[spi];
      if (slot === known[spi]) continue;
      known[spi] = slot;
      this.change(changeKey(CHANGE_SLOT, f, spi), slot);
    }
    if (frame.stackArgs !== mirror.args) {
      mirror.args = frame.stackArgs;
      this.change(changeKey(CHANGE_ARGS, f, 0), mirror.args);
    }
  }
}

/**
 * What an instruction may change: arithmetic and constants nothing but the registers that they name; loads and stores
 * neither, unless they touch the stack, as the mirror can tell, which still shows the state before it.
 */
function reachOf({ insns, facts }: Env, insn: number): number {
  const checkpoint = (facts.flags[insn] & AUX_PRUNE_POINT) !== 0 ? AFTER_CHECKPOINT : 0;
  const code = insns.code[insn];
  switch (code & 7) {
    case op.BPF_ALU:
    case op.BPF_ALU64:
      return checkpoint | OWN_REGS;
    case op.BPF_LD:
      return checkpoint | (code === op.OP_LD_IMM64 ? OWN_REGS : ANYTHING);
    case op.BPF_LDX:
      return checkpoint | BY_SOURCE;
    case op.BPF_ST:
      return checkpoint | BY_TARGET;
    case op.BPF_STX:
      return checkpoint | ((code & 0xe0) === op.BPF_ATOMIC ? ANYTHING : BY_TARGET);
    default:
      return checkpoint | ANYTHING;
  }
}

function longer(column: Int32Array): Int32Array<ArrayBuffer> {
  const next = new Int32Array(column.length * 2);
  next.set(column);
  return next;
}

/** Room that a recorder writes to while it records; the finished trace has copies of what was used. */
interface Sheet {
  readonly insns: Int32Array<ArrayBuffer>;
  readonly changesAt: Int32Array<ArrayBuffer>;
  readonly changeKeys: Int32Array<ArrayBuffer>;
}

/** The sheet of the last recorder that finished: growing one anew for each long walk took 5 % of its time. */
let spare: Sheet | null = null;

function takeSheet(): Sheet {
  const sheet = spare ?? {
    insns: new Int32Array(FIRST_STEPS),
    changesAt: new Int32Array(FIRST_STEPS),
    changeKeys: new Int32Array(FIRST_STEPS),
  };
  spare = null;
  return sheet;
}

function giveSheetBack(sheet: Sheet): void {
  spare = sheet;
}

function contextOf(state: State): ContextFacts {
  return {
    activeLocks: state.activeLocks,
    activeLockId: state.activeLockId,
    activeLockPtr: state.activeLockPtr,
    activePreemptLocks: state.activePreemptLocks,
    activeIrqId: state.activeIrqId,
    activeRcuLocks: state.activeRcuLocks,
    forbidFaultCount: state.forbidFaultCount,
    speculative: state.speculative,
    inSleepable: state.inSleepable,
  };
}
