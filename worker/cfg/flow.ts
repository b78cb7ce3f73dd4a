import { isHelperCall, isKfuncCall, slotsOf } from '../isa/flow.ts';
import * as op from '../isa/opcodes.ts';
import { HELPER_CHANGES_PKT_DATA } from '../kernel/helpers.ts';
import { callsAsyncCallback, callsSyncCallback, kfuncEffects } from './call-kinds.ts';
import { reject, rejectStructure, type Context } from './context.ts';
import { AUX_CALLS_CALLBACK, AUX_FORCE_CHECKPOINT, AUX_JMP_POINT, AUX_JUMP_TARGET, AUX_PRUNE_POINT } from './facts.ts';
import { gotoxTable } from './jump-tables.ts';
import { fetchKfunc } from './kfuncs.ts';
import { BPF_PROG_TYPE_STRUCT_OPS } from '../kernel/uapi.ts';
import { cfgRules } from './rules.ts';
import { referredFunction, subprogAt, FUNC_TAIL_CALL } from './subprogs.ts';
import { jumpOffset } from './successors.ts';

/** State of an instruction in the search: 0 unseen, then DISCOVERED plus the last edge taken, then EXPLORED. */
const DISCOVERED = 0x10;
const EXPLORED = 0x20;
const FALLTHROUGH = 1;
const BRANCH = 2;
type Edge = typeof FALLTHROUGH | typeof BRANCH;

/**
 * Walks the flow of the program depth first, through calls, and marks where states are to be compared, where
 * jump history begins and where jumps lead to. Refuses unreachable instructions, and loops for programs without
 * CAP_BPF (kernel: bpf_check_cfg). Effects of callees (packet data changes, sleeps, throws) reach their callers,
 * because a callee is explored before the call is.
 */
export function checkFlow(ctx: Context): void {
  const walk = new Walk(ctx);
  walk.from(0);
  const { facts } = ctx;
  const exceptionStart = facts.exceptionCallbackSubprog === 0 ? 0 : facts.subprogs[facts.exceptionCallbackSubprog].start;
  if (exceptionStart !== 0 && walk.state[exceptionStart] !== EXPLORED) walk.from(exceptionStart);
  walk.checkReached();
}

class Walk {
  readonly state: Uint8Array;
  private readonly stack: Int32Array;
  private height = 0;

  constructor(private readonly ctx: Context) {
    this.state = new Uint8Array(ctx.insns.length);
    this.stack = new Int32Array(ctx.insns.length);
  }

  from(start: number): void {
    this.state[start] = DISCOVERED;
    this.stack[0] = start;
    this.height = 1;
    while (this.height > 0) {
      const at = this.stack[this.height - 1];
      if (this.visit(at)) continue;
      this.state[at] = EXPLORED;
      this.height--;
    }
  }

  private mark(i: number, flags: number): void {
    this.ctx.facts.flags[i] |= flags;
  }

  /** Takes an edge; true if it leads to something new, which is then on top of the stack. */
  private take(at: number, to: number, edge: Edge): boolean {
    const { ctx, state } = this;
    if (state[at] >= (DISCOVERED | edge)) return false;
    const count = ctx.insns.length;
    if (to < 0 || to >= count) {
      ctx.messages.sourceLine(at, `${at}: `);
      rejectStructure(
        ctx,
        cfgRules.jumpOutOfProgram,
        [at, to],
        at,
        'jump out of range',
        'Keep branch targets inside the program.',
        `Instruction ${at} jumps to instruction ${to}, but the program only contains instructions 0 through ${count - 1}.`,
      );
    }
    if (edge === BRANCH) this.mark(to, AUX_PRUNE_POINT | AUX_JMP_POINT | AUX_JUMP_TARGET);
    if (state[to] === 0) {
      state[at] = DISCOVERED | edge;
      this.push(to);
      return true;
    }
    if (state[to] === EXPLORED) state[at] = DISCOVERED | edge;
    else if (!ctx.caps.bpfCapable) this.rejectLoop(at, to);
    return false;
  }

  private push(to: number): void {
    if (this.height >= this.stack.length) reject(this.ctx, cfgRules.flowTooDeep);
    this.state[to] |= DISCOVERED;
    this.stack[this.height++] = to;
  }

  private rejectLoop(at: number, to: number): never {
    const { ctx } = this;
    ctx.messages.sourceLine(at, `${at}: `);
    ctx.messages.sourceLine(to, `${to}: `);
    return rejectStructure(
      ctx,
      cfgRules.backEdge,
      [at, to],
      at,
      'back-edge is not allowed',
      'Load with privileges that allow this back-edge, or rewrite the control flow so it does not branch backward.',
      `Instruction ${at} branches back to instruction ${to}. This program is being rejected without the privilege needed for this back-edge.`,
    );
  }

  /** Explores one edge of an instruction; false when all of them are. */
  private visit(at: number): boolean {
    const { insns, facts } = this.ctx;
    const code = insns.code[at];
    const cls = op.classOf(code);
    if (cls !== op.BPF_JMP && cls !== op.BPF_JMP32) {
      if (code === op.OP_LD_IMM64 && insns.src[at] === op.BPF_PSEUDO_FUNC) return this.visitCall(at);
      if (cls === op.BPF_LD && (op.modeOf(code) === op.BPF_ABS || op.modeOf(code) === op.BPF_IND)) this.noteHiddenExit(at);
      return this.take(at, at + slotsOf(insns, at), FALLTHROUGH);
    }
    switch (op.opOf(code)) {
      case op.BPF_EXIT:
        return false;
      case op.BPF_CALL:
        // Once is enough, but a kfunc that cannot be found is complained of at every visit.
        if (this.state[at] === DISCOVERED || insns.src[at] === op.BPF_PSEUDO_KFUNC_CALL) this.noteCall(at);
        return this.visitCall(at);
      case op.BPF_JA: {
        if (op.sourceOf(code) === op.BPF_X) return this.visitGotox(at);
        const to = at + jumpOffset(facts, at) + 1;
        if (this.take(at, to, FALLTHROUGH)) return true;
        this.mark(to, AUX_PRUNE_POINT | AUX_JMP_POINT | AUX_JUMP_TARGET);
        return false;
      }
      default:
        this.mark(at, code === op.OP_MAY_GOTO ? AUX_PRUNE_POINT | AUX_FORCE_CHECKPOINT : AUX_PRUNE_POINT);
        return this.take(at, at + 1, FALLTHROUGH) || this.take(at, at + insns.off[at] + 1, BRANCH);
    }
  }

  /** A call, or a wide load of a function, which counts as one. */
  private visitCall(at: number): boolean {
    const { facts, insns } = this.ctx;
    const next = at + slotsOf(insns, at);
    if (this.take(at, next, FALLTHROUGH)) return true;
    this.mark(next, AUX_PRUNE_POINT | AUX_JMP_POINT);
    const callee = referredFunction(facts, at);
    if (callee === null) return false;
    this.mark(at, AUX_PRUNE_POINT);
    const from = subprogAt(facts, at);
    const to = subprogAt(facts, callee);
    from.changesPktData ||= to.changesPktData;
    from.mightSleep ||= to.mightSleep;
    from.mightThrow ||= to.mightThrow;
    return this.take(at, callee, BRANCH);
  }

  private noteCall(at: number): void {
    const { ctx } = this;
    const { facts, insns, model } = ctx;
    if (callsAsyncCallback(facts, model, at)) this.mark(at, AUX_PRUNE_POINT);
    if (callsSyncCallback(facts, model, at)) this.mark(at, AUX_CALLS_CALLBACK | AUX_FORCE_CHECKPOINT | AUX_PRUNE_POINT | AUX_JMP_POINT);
    const subprog = subprogAt(facts, at);
    if (isHelperCall(insns, at)) {
      const id = insns.imm[at];
      // The helpers of struct_ops programs are known only once their target was checked.
      const proto = ctx.traits.progType === BPF_PROG_TYPE_STRUCT_OPS ? null : model.helper(id, ctx.traits);
      if (proto?.mightSleep) subprog.mightSleep = true;
      if ((model.helperRow(id)?.traits ?? 0) & HELPER_CHANGES_PKT_DATA) subprog.changesPktData = true;
      if (id === FUNC_TAIL_CALL) this.noteHiddenExit(at);
    } else if (isKfuncCall(insns, at)) {
      const meta = fetchKfunc(ctx, at);
      if (meta === null || meta.kfunc === null || !meta.allowed) return;
      const effects = kfuncEffects(meta.kfunc.flags, meta.kfunc.special);
      if (effects.iterNext) this.mark(at, AUX_PRUNE_POINT | AUX_FORCE_CHECKPOINT);
      if (effects.sleeps) subprog.mightSleep = true;
      if (effects.changesPktData) subprog.changesPktData = true;
      if (effects.throws) subprog.mightThrow = true;
    }
  }

  /** Tail calls and packet loads may leave their function at once: as if they jumped to an exit. */
  private noteHiddenExit(at: number): void {
    const { facts } = this.ctx;
    if (!facts.jumpTables.has(at)) facts.jumpTables.set(at, [at + 1, subprogAt(facts, at).exitIdx]);
  }

  private visitGotox(at: number): boolean {
    const { ctx } = this;
    let table = ctx.facts.jumpTables.get(at);
    if (table === undefined) ctx.facts.jumpTables.set(at, (table = gotoxTable(ctx, at)));
    this.mark(at, AUX_PRUNE_POINT);
    let found = false;
    for (const to of table) {
      this.mark(to, AUX_JMP_POINT | AUX_JUMP_TARGET);
      if (this.state[to] !== 0) continue;
      this.push(to);
      found = true;
    }
    return found;
  }

  checkReached(): void {
    const { ctx, state } = this;
    const { insns } = ctx;
    for (let i = 0; i < insns.length; i++) {
      if (state[i] !== EXPLORED) {
        rejectStructure(
          ctx,
          cfgRules.unreachable,
          [i],
          i,
          'unreachable instruction',
          'Remove the unreachable instruction or add valid control flow that reaches it.',
          `Instruction ${i} is not reachable from the program entry point.`,
        );
      }
      if (insns.code[i] !== op.OP_LD_IMM64) continue;
      if (state[i + 1] !== 0) {
        rejectStructure(
          ctx,
          cfgRules.jumpIntoWide,
          [i],
          i,
          'jump into ldimm64 immediate',
          'Target the first instruction of the ldimm64 pair, or restructure the jump target.',
          `Control flow reaches the second half of the ldimm64 instruction pair that starts at instruction ${i}.`,
        );
      }
      i++;
    }
  }
}
