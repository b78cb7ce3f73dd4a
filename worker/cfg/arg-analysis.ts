import { isHelperCall, isKfuncCall, isSubprogCall } from '../isa/flow.ts';
import { isStackArgLoad, isStackArgStore } from '../isa/legality.ts';
import * as op from '../isa/opcodes.ts';
import { argTransfer, STACK_ARGS, TRACKED_REGS, TRACKED_SLOTS, type ArgState, type Tracks } from './arg-flow.ts';
import { addOffset, ARG_IMPRECISE, ARG_NONE, anywhereIn, ArgTrack, joinTracks, NONE, precise, sameTrack } from './arg-tracks.ts';
import { callSummary } from './call-summary.ts';
import { reject, type Context } from './context.ts';
import { AUX_CALLS_CALLBACK } from './facts.ts';
import { MAX_FUNC_REG_ARGS } from './kfunc-args.ts';
import { cfgRules } from './rules.ts';
import { callAccessBytes, type AccessBytes } from './stack-access.ts';
import { dumpArgAccess, dumpInstances, logJoin, logTransfer } from './stack-dump.ts';
import { FuncInstance, MAX_CALL_FRAMES, StackLiveness } from './stack-liveness.ts';
import { HALF_SLOT_BYTES } from './stack-mask.ts';
import { successors } from './successors.ts';
import { findSubprog, referredFunction } from './subprogs.ts';

/** Functions that may be analysed in all, counting each call path. */
const MAX_ANALYSES = 10000;

/** Callback helpers: register of the callback, and which register of the caller reaches the callback as which. */
const CALLBACK_ARGS: ReadonlyMap<number, { readonly callback: number; readonly from: number; readonly to: number }> = new Map([
  [181, { callback: 2, from: 3, to: 2 }], // bpf_loop
  [164, { callback: 2, from: 3, to: 4 }], // bpf_for_each_map_elem
  [180, { callback: 3, from: 4, to: 3 }], // bpf_find_vma
  [209, { callback: 2, from: 3, to: 2 }], // bpf_user_ringbuf_drain
]);

/** States of one function, by instruction from its start; absent where no path leads. */
export type FlowStates = readonly (ArgState | undefined)[];

const NO_ARGS: Tracks = new Array<ArgTrack>(TRACKED_REGS).fill(NONE);
const EMPTY_STACK: Tracks = new Array<ArgTrack>(TRACKED_SLOTS).fill(NONE);

/**
 * Follows frame pointers through registers, spills and calls, and records which stack slots each instruction reads
 * or overwrites, in its own frame and its callers' (kernel: bpf_compute_subprog_arg_access). Callers come before
 * their callees, so that a callee that gets stack pointers is analysed once per call with the pointers it gets.
 */
export function analyzeStack(ctx: Context): StackLiveness {
  const liveness = new StackLiveness(ctx.facts);
  const analysis: Analysis = { ctx, liveness, count: 0, states: [], stackAtCall: new Map(), callsites: [] };
  const { facts } = ctx;
  for (let k = facts.topoOrder.length - 1; k >= 0; k--) {
    const subprog = facts.subprogs[facts.topoOrder[k]];
    if (analysis.states[subprog.index] !== undefined && !subprog.isGlobal) continue;
    analyze(analysis, null, liveness.instance(null, 0, subprog));
  }
  dumpInstances(ctx, liveness);
  return liveness;
}

interface Analysis {
  readonly ctx: Context;
  readonly liveness: StackLiveness;
  count: number;
  /** The last analysis of each function. */
  readonly states: (FlowStates | undefined)[];
  /** Stack slots at each call, of its last analysis. */
  readonly stackAtCall: Map<number, Tracks>;
  /** The calls that lead to the function under analysis, by frame. */
  readonly callsites: number[];
}

function analyze(analysis: Analysis, entry: Tracks | null, instance: FuncInstance): void {
  const { ctx, liveness } = analysis;
  const { facts } = ctx;
  if (++analysis.count > MAX_ANALYSES) reject(ctx, cfgRules.livenessTooComplex, [analysis.count]);
  // Recorded apart if the same call was analysed before: what only one of the two passes overwrites is not certain.
  const record = instance.analyzed ? new FuncInstance(instance.subprog, instance.callsite, instance.depth) : instance;
  const { subprog, depth } = record;
  analysis.states[subprog.index] = undefined;
  analysis.states[subprog.index] = flow(analysis, record, entry);
  for (let p = subprog.postorderStart; p < subprog.postorderEnd; p++) {
    const i = facts.postorder[p];
    const callee = calleeAt(analysis, record, i);
    if (callee === null || !hasFp(callee.args)) continue;
    if (depth === MAX_CALL_FRAMES - 1) reject(ctx, cfgRules.livenessTooDeep);
    const called = liveness.instance(record, i, facts.subprogs[callee.subprog]);
    analysis.callsites[depth] = i;
    analyze(analysis, callee.args, called);
    for (let f = 0; f < called.depth; f++) {
      const masks = called.frames[f];
      if (masks !== undefined) record.readSet(f, i, masks.liveBefore, called.at(called.subprog.start));
    }
  }
  if (record !== instance) instance.merge(record);
  instance.update(facts);
}

interface Callee {
  readonly subprog: number;
  readonly args: Tracks;
}

/** What instruction `i` calls and hands over, null if it calls no function of the program. */
function calleeAt(analysis: Analysis, instance: FuncInstance, i: number): Callee | null {
  const { ctx, states } = analysis;
  const { facts, insns } = ctx;
  const subprog = instance.subprog;
  const regsAt = (): Tracks => states[subprog.index]![i - subprog.start]!.regs;
  if (isSubprogCall(insns, i)) {
    const number = findSubprog(facts, referredFunction(facts, i)!);
    if (number < 0) return null;
    const args = regsAt().slice();
    args.fill(NONE, 6, op.MAX_BPF_REG);
    args[0] = NONE;
    return { subprog: number, args };
  }
  if ((facts.flags[i] & AUX_CALLS_CALLBACK) === 0 || !isHelperCall(insns, i)) return null;
  const plan = CALLBACK_ARGS.get(insns.imm[i]);
  if (plan === undefined) return null;
  const handed = regsAt()[plan.from];
  if ((facts.constSubprogMask[i] & (1 << plan.callback)) === 0) {
    // More than one callback may be meant: they may read everything.
    if (handed.frame !== ARG_NONE) for (let f = 0; f <= instance.depth; f++) instance.readAll(f, i);
    return null;
  }
  const args = NO_ARGS.slice();
  args[plan.to] = handed;
  return { subprog: facts.constVals[10 * i + plan.callback], args };
}

function hasFp(args: Tracks): boolean {
  return args.some((track, r) => ((r >= 1 && r <= 5) || r >= op.MAX_BPF_REG) && track.isFp);
}

/** The flow of frame pointers through one function, and the accesses that follow (kernel: compute_subprog_args). */
function flow(analysis: Analysis, instance: FuncInstance, entry: Tracks | null): FlowStates {
  const { ctx } = analysis;
  const { facts, messages } = ctx;
  const { subprog, depth } = instance;
  const { start, end } = subprog;
  const states: (ArgState | undefined)[] = new Array<undefined>(end - start);
  const regs = NO_ARGS.slice();
  regs[op.BPF_REG_FP] = precise(depth, 0);
  if (entry !== null) for (let r = 1; r <= 5; r++) regs[r] = entry[r];
  states[0] = { regs, stack: EMPTY_STACK };
  const around = {
    depth,
    incoming: (entry ?? NO_ARGS).slice(op.MAX_BPF_REG, op.MAX_BPF_REG + STACK_ARGS),
    stackOf: (frame: number): Tracks => analysis.stackAtCall.get(analysis.callsites[frame])!,
  };
  const logged = messages.level === 2;
  if (logged) messages.text(`subprog#${subprog.index}: analyzing (depth ${depth})...\n`);
  /** Places whose state changed since they were last passed through; the log shows every passage. */
  const stale = new Uint8Array(end - start).fill(1);
  let changed = true;
  while (changed) {
    changed = false;
    for (let p = subprog.postorderEnd - 1; p >= subprog.postorderStart; p--) {
      const i = facts.postorder[p];
      const before = states[i - start];
      if (before === undefined || (stale[i - start] === 0 && !logged)) continue;
      stale[i - start] = 0;
      const after = argTransfer(facts, i, before, around);
      if (logged) logTransfer(ctx, i, before, after);
      for (const next of successors(facts, i)) {
        if (next < start || next >= end) continue;
        const old = states[next - start];
        const joined = old === undefined ? after : join(ctx, i, next, old, after);
        if (joined === old) continue;
        states[next - start] = joined;
        stale[next - start] = 1;
        changed = true;
      }
    }
  }
  recordAccesses(analysis, instance, states);
  dumpArgAccess(ctx, subprog, states);
  return states;
}

function join(ctx: Context, from: number, to: number, old: ArgState, now: ArgState): ArgState {
  const logged = ctx.messages.level === 2;
  const merge = (a: Tracks, b: Tracks, name: (r: number) => string): Tracks => {
    if (a === b) return a;
    let result: ArgTrack[] | null = null;
    for (let r = 0; r < a.length; r++) {
      if (a[r] === b[r]) continue;
      const joined = joinTracks(a[r], b[r]);
      if (sameTrack(joined, a[r])) continue;
      (result ??= a.slice())[r] = joined;
      if (logged) logJoin(ctx, from, to, name(r), a[r], b[r], joined);
    }
    return result ?? a;
  };
  const regs = merge(old.regs, now.regs, (r) => (r >= op.MAX_BPF_REG ? `sa${r - op.MAX_BPF_REG}` : `r${r}`));
  const stack = merge(old.stack, now.stack, (slot) => `fp${-8 * (slot + 1)}`);
  return regs === old.regs && stack === old.stack ? old : { regs, stack };
}

function recordAccesses(analysis: Analysis, instance: FuncInstance, states: FlowStates): void {
  const { facts, insns } = analysis.ctx;
  const { subprog } = instance;
  for (let p = subprog.postorderEnd - 1; p >= subprog.postorderStart; p--) {
    const i = facts.postorder[p];
    const { regs, stack } = states[i - subprog.start]!;
    recordLoadStore(analysis.ctx, instance, regs, i);
    if (insns.code[i] !== op.OP_CALL) continue;
    if (isHelperCall(insns, i) || isKfuncCall(insns, i)) recordCall(analysis.ctx, instance, regs, i);
    if (isSubprogCall(insns, i) || facts.flags[i] & AUX_CALLS_CALLBACK) analysis.stackAtCall.set(i, stack);
  }
}

function recordLoadStore(ctx: Context, instance: FuncInstance, regs: Tracks, i: number): void {
  const { insns } = ctx;
  if (isStackArgStore(insns, i) || isStackArgLoad(insns, i)) return;
  const code = insns.code[i];
  const size = op.bytesOfSize(code);
  let pointer: ArgTrack;
  let bytes = -size;
  switch (op.classOf(code)) {
    case op.BPF_LDX:
      pointer = regs[insns.src[i]];
      bytes = size;
      break;
    case op.BPF_STX:
      pointer = regs[insns.dst[i]];
      if (op.modeOf(code) !== op.BPF_ATOMIC) break;
      if (insns.imm[i] === op.BPF_LOAD_ACQ) pointer = regs[insns.src[i]];
      if (insns.imm[i] !== op.BPF_STORE_REL) bytes = size;
      break;
    case op.BPF_ST:
      pointer = regs[insns.dst[i]];
      break;
    default:
      return;
  }
  recordAccess(instance, displaced(pointer, insns.off[i]), bytes, i);
}

function displaced(pointer: ArgTrack, off: number): ArgTrack {
  if (pointer.offsets.length === 0) return pointer;
  const moved: number[] = [];
  for (const at of pointer.offsets) {
    const sum = addOffset(at, off);
    if (sum === null) return anywhereIn(pointer.frame);
    moved.push(sum);
  }
  return new ArgTrack(pointer.frame, moved, 0);
}

function recordCall(ctx: Context, instance: FuncInstance, regs: Tracks, i: number): void {
  const params = callSummary(ctx, i)?.params ?? MAX_FUNC_REG_ARGS;
  for (let arg = 0; arg < Math.min(params, MAX_FUNC_REG_ARGS + STACK_ARGS); arg++) {
    const track = regs[arg < MAX_FUNC_REG_ARGS ? arg + 1 : op.MAX_BPF_REG + arg - MAX_FUNC_REG_ARGS];
    if (track.isFp) recordAccess(instance, track, callAccessBytes(ctx, i, arg), i);
  }
}

function recordAccess(instance: FuncInstance, pointer: ArgTrack, bytes: AccessBytes, i: number): void {
  if (bytes === 0) return;
  const { frame, offsets } = pointer;
  if (frame === ARG_IMPRECISE) {
    for (let f = 0; f <= instance.depth; f++) if (pointer.mask & (1 << f)) instance.readAll(f, i);
    return;
  }
  if (frame < 0 || frame > instance.depth) return;
  const reads = bytes === null || bytes > 0;
  if (offsets.length === 0) {
    if (reads) instance.readAll(frame, i);
    return;
  }
  if (!reads && offsets.length !== 1) return;
  for (const off of offsets) recordAt(instance, frame, off, bytes, i);
}

/** Any half slot that is touched is read; only those covered whole are overwritten. */
function recordAt(instance: FuncInstance, frame: number, off: number, bytes: AccessBytes, i: number): void {
  if (off >= 0) return; // out of bounds: the walk will refuse it
  const top = Math.trunc((-off - 1) / HALF_SLOT_BYTES);
  if (bytes === null) instance.read(frame, i, 0, top);
  else if (bytes > 0) instance.read(frame, i, Math.max(Math.trunc((-off - bytes) / HALF_SLOT_BYTES), 0), top);
  else {
    const last = Math.trunc(-off / HALF_SLOT_BYTES) - 1;
    const first = Math.max(Math.trunc((-off + bytes + HALF_SLOT_BYTES - 1) / HALF_SLOT_BYTES), 0);
    if (first <= last) instance.write(frame, i, first, last);
  }
}
