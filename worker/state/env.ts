import type { BtfRecord } from '../btf/fields.ts';
import type { Facts, Subprog } from '../cfg/facts.ts';
import type { StackLiveness } from '../cfg/stack-liveness.ts';
import { arenaMark, constantS32 } from '../domain/scalar.ts';
import { fail, say, type Messages } from '../failure/messages.ts';
import type { Rule } from '../failure/rule.ts';
import type { Arg } from '../failure/format.ts';
import type { Report } from '../failure/report.ts';
import type { Insns } from '../isa/insns.ts';
import type { KernelModel } from '../kernel/model.ts';
import type { ProgTraits } from '../kernel/prog-traits.ts';
import type { Program } from '../program/program.ts';
import type { AttachTarget } from './attach-target.ts';
import type { Frame } from './frame.ts';
import type { Checkpoint } from './explored.ts';
import { History, NO_ENTRY, type HistoryEntry } from './history.ts';
import type { MapInfo } from './map-info.ts';
import type { Observer } from './observer.ts';
import { sameReg, scalarReg, type Reg } from './reg.ts';
import type { State } from './state.ts';
import type { WalkText } from './walk-text.ts';

/** What the loader of the program may do; decides some checks and texts (kernel: bpf_capable, allow_ptr_leaks, …). */
export interface Capabilities {
  readonly bpfCapable: boolean;
  readonly allowPtrLeaks: boolean;
  readonly allowUninitStack: boolean;
  readonly bypassSpecV1: boolean;
  readonly bypassSpecV4: boolean;
}

/** Counters of the `processed …` line. */
export class Stats {
  insnProcessed = 0;
  prevInsnProcessed = 0;
  jmpsProcessed = 0;
  prevJmpsProcessed = 0;
  maxStatesPerInsn = 0;
  totalStates = 0;
  peakStates = 0;
  exploredStates = 0;
  freeListSize = 0;
  numBackedges = 0;
  longestMarkReadWalk = 0;
}

/** A path put aside to be walked later (kernel: struct bpf_verifier_stack_elem). */
export class Pending {
  constructor(
    readonly state: State,
    readonly insnIdx: number,
    readonly prevInsnIdx: number,
    readonly next: Pending | null,
  ) {}
}

/** One verification run (kernel: `struct bpf_verifier_env`): what every layer from `state/` on is given. */
export class Env {
  readonly program: Program;
  readonly model: KernelModel;
  readonly insns: Insns;
  readonly facts: Facts;
  readonly caps: Capabilities;
  /** The program as the kernel model's questions need it. */
  readonly traits: ProgTraits;
  readonly messages: Messages;
  /** Writes states and instructions into the log; null when there is no log. */
  walk: WalkText | null = null;
  /** Null when nobody listens. */
  obs: Observer | null = null;
  /** Maps of the program by their index; the verifier's used_maps order is `usedMaps`. */
  maps: MapInfo[] = [];
  usedMaps: MapInfo[] = [];
  /** Arena that the program uses, null if it uses none. */
  arena: MapInfo | null = null;
  /** Special fields of the program's structs, by BTF id. */
  structRecords: ReadonlyMap<number, BtfRecord> = new Map();
  liveness: StackLiveness | null = null;
  /** Null for programs that attach to nothing in the kernel's types. */
  attach: AttachTarget | null = null;

  readonly strictAlignment: boolean;
  readonly testStateFreq: boolean;
  readonly testRegInvariants: boolean;
  /** License is GPL compatible. */
  readonly gplCompatible: boolean;

  cur!: State;
  /** Checkpoints of the walk, hashed by instruction and callsite: see explored.ts. */
  explored: (Checkpoint[] | undefined)[] = [];
  pending: Pending | null = null;
  pendingCount = 0;
  insnIdx = 0;
  prevInsnIdx = -1;
  /** Jump histories of all states. */
  readonly history = new History();
  /** History entry of the current instruction, if it made one. */
  curHist: HistoryEntry = NO_ENTRY;
  idGen = 0;
  frameIdGen = 0;
  /** Registers of the current frame changed since the state was last printed; likewise slots (low 32, high 32). */
  scratchedRegs = 0;
  scratchedSlotsLo = 0;
  scratchedSlotsHi = 0;
  /** Number of the current walk: main program, then global functions. */
  passCnt = 0;
  seenDirectWrite = false;
  seenException = false;
  maxStackDepth = 0;
  readonly stats = new Stats();
  /** Values that are older than the run; the arena is compacted above it. */
  readonly arenaFloor = arenaMark();
  /** See {@link immReg}. */
  private readonly immRegs: (Reg | undefined)[];
  /** See {@link sharedReg}. */
  private readonly resultRegs: (Reg | undefined)[];
  /** Speculative: ALU limits are being explored. */
  exploreAluLimits = false;

  constructor(options: {
    program: Program;
    model: KernelModel;
    facts: Facts;
    caps: Capabilities;
    traits: ProgTraits;
    messages: Messages;
    strictAlignment: boolean;
    testStateFreq: boolean;
    testRegInvariants: boolean;
    gplCompatible: boolean;
  }) {
    this.program = options.program;
    this.model = options.model;
    this.insns = options.facts.insns;
    this.immRegs = new Array<undefined>(this.insns.length);
    this.resultRegs = new Array<undefined>(this.insns.length);
    this.facts = options.facts;
    this.caps = options.caps;
    this.traits = options.traits;
    this.messages = options.messages;
    this.strictAlignment = options.strictAlignment;
    this.testStateFreq = options.testStateFreq;
    this.testRegInvariants = options.testRegInvariants;
    this.gplCompatible = options.gplCompatible;
  }

  /** The current frame, for reading. */
  frame(): Frame {
    const frames = this.cur.frames;
    return frames[frames.length - 1];
  }
  /** Register of the current frame. */
  reg(regno: number): Reg {
    return this.frame().regs[regno];
  }
  /** Writes a register of the current frame. Does not mark it scratched: see {@link scratchReg}. */
  setReg(regno: number, reg: Reg): void {
    const frame = this.cur.writable(this.cur.frames.length - 1);
    frame.regs[regno] = reg;
    if (reg.precise) frame.mayHavePrecise = true;
  }
  /** The function that the current frame runs. */
  subprog(): Subprog {
    return this.facts.subprogs[this.frame().subprogno];
  }
  /** The immediate of an instruction as an operand. */
  immReg(pc: number): Reg {
    return (this.immRegs[pc] ??= scalarReg(constantS32(this.insns.imm[pc])));
  }
  /**
   * `reg`, or the register that the instruction yielded before if that is the same: states and recordings then share it,
   * and most comparisons end at once.
   */
  sharedReg(pc: number, reg: Reg): Reg {
    const before = this.resultRegs[pc];
    if (before !== undefined && sameReg(before, reg)) return before;
    return (this.resultRegs[pc] = reg);
  }
  /** The arena is about to be compacted: registers that are kept only to be shared need not be kept. */
  forgetSharedRegs(): void {
    this.immRegs.fill(undefined);
    this.resultRegs.fill(undefined);
  }
  newId(): number {
    return ++this.idGen;
  }
  /** The register will be shown in the next state line. */
  scratchReg(regno: number): void {
    this.scratchedRegs |= 1 << regno;
  }
  scratchSlot(spi: number): void {
    if (spi < 32) this.scratchedSlotsLo |= 1 << spi;
    else this.scratchedSlotsHi |= 1 << (spi - 32);
  }
  scratchAll(): void {
    this.scratchedRegs = this.scratchedSlotsLo = this.scratchedSlotsHi = -1;
  }
  scratchNone(): void {
    this.scratchedRegs = this.scratchedSlotsLo = this.scratchedSlotsHi = 0;
  }

  /** Rejects the program; see `failure/messages.ts`. */
  fail(rule: Rule, args: readonly Arg[] = [], report: Report | null = null, errno = rule.errno): never {
    fail(this.messages, rule, args, report, errno);
  }
  /** Says something in the log without rejecting. */
  say(template: string, ...args: Arg[]): void {
    if (this.messages.level !== 0) say(this.messages, template, ...args);
  }
}
