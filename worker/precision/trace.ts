import { SCALAR_VALUE } from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import { NO_ENTRY } from '../state/history.ts';
import { setFrameReg, setSlot } from '../state/mutate.ts';
import { withPrecise, type Reg } from '../state/reg.ts';
import { Slot, isSpilledReg } from '../state/slot.ts';
import type { State } from '../state/state.ts';
import { backtrackInsn } from './backtrack.ts';
import * as want from './wanted.ts';

/** No earlier instruction within the state. */
const START = -2;
const ARGS = 0x3e;

/**
 * Traces the wanted values, and register `regno` if it is not -1, back from the end of `start`.
 * True: something was marked that had not been (kernel: bpf_mark_chain_precision).
 */
export function tracePrecision(env: Env, start: State, regno: number): boolean {
  if (!env.caps.bpfCapable) return false;
  want.startAt(start.curframe);
  if (regno >= 0) {
    if (start.top().regs[regno].type !== SCALAR_VALUE) throw new Error(`precision of R${regno} is wanted, which is no scalar`);
    want.wantReg(start.curframe, regno);
  }
  if (want.nothingWanted()) return false;

  const { history } = env;
  const watched = env.obs !== null && env.obs.wantsSearch ? env.obs : null;
  if (watched !== null) watched.backtracks(start);
  const verbose = env.messages.level === 2;
  let state: State = start;
  let first = start.firstInsnIdx;
  let last = start.insnIdx;
  let next = -1;
  let changed = false;
  // the instruction that asks has not been walked yet
  let skip = true;
  for (;;) {
    if (verbose) env.messages.text(`mark_precise: frame${want.wantedFrame()}: last_idx ${last} first_idx ${first} subseq_idx ${next} \n`);
    if (last < 0) return markArguments(env, state) || changed;

    let entry = state.history;
    for (let i = last; ; ) {
      if (skip) skip = false;
      else {
        if (!backtrackInsn(env, i, next, entry !== NO_ENTRY && history.idx(entry) === i ? entry : NO_ENTRY)) {
          markAllScalarsPrecise(env, start);
          want.forgetWanted();
          return changed;
        }
        if (watched !== null) watched.backtracked(i);
      }
      if (want.nothingWanted()) return changed;
      next = i;
      // to the instruction before, which a recorded jump may tell
      const recorded = entry !== NO_ENTRY && history.idx(entry) === i;
      if (i === state.firstInsnIdx && (entry === NO_ENTRY || (recorded && history.before(entry) === NO_ENTRY))) i = START;
      else if (recorded) {
        i = history.prevIdx(entry);
        entry = history.before(entry);
      } else i--;
      if (i === START) break;
      if (i < 0 || i >= env.insns.length) throw new Error(`backtracking left the program at ${i}`);
    }

    if (state.parent === null) break;
    state = state.parent;
    for (let f = want.wantedFrame(); f >= 0; f--) {
      if (markFrame(env, state, f)) changed = true;
      if (verbose) {
        env.messages.text(`mark_precise: frame${f}: parent state regs=${want.regsText(f)} stack=${want.slotsText(f)}: `);
        env.walk!.frame(state, f);
      }
    }
    if (want.nothingWanted()) return changed;
    next = first;
    last = state.lastInsnIdx;
    first = state.firstInsnIdx;
  }
  // something was missed, e.g. a stack access through another register
  markAllScalarsPrecise(env, start);
  want.forgetWanted();
  return changed;
}

/** The entry of a global function was reached: only its arguments can still be wanted. */
function markArguments(env: Env, state: State): boolean {
  const frame = want.wantedFrame();
  const regs = want.wantedRegs(frame);
  const entry = state.frames[0];
  if (state.curframe !== 0 || entry.subprogno === 0 || entry.callsite !== -1 || want.anySlotWanted(frame) || regs & ~ARGS) {
    throw new Error(`backtracking reached the entry of function ${entry.subprogno} with registers ${want.regsText(frame)} slots ${want.slotsText(frame)}`);
  }
  let changed = false;
  for (let r = 1; r <= 5; r++) {
    if (!((regs >> r) & 1)) continue;
    want.dropReg(frame, r);
    const reg = state.frames[0].regs[r];
    if (reg.type !== SCALAR_VALUE) continue;
    mark(env, state, 0, 'reg', r, reg);
    changed = true;
  }
  return changed;
}

/** Marks what is wanted of a frame of a checkpoint; what is precise already, or no scalar, need not be traced further. */
function markFrame(env: Env, state: State, frameno: number): boolean {
  let changed = false;
  const regs = want.wantedRegs(frameno);
  for (let r = 0; r < 11; r++) {
    if (!((regs >> r) & 1)) continue;
    const reg = state.frames[frameno].regs[r];
    if (reg.type !== SCALAR_VALUE || reg.precise) want.dropReg(frameno, r);
    else {
      mark(env, state, frameno, 'reg', r, reg);
      changed = true;
    }
  }
  if (want.anySlotWanted(frameno)) {
    for (let spi = 0; spi < 64; spi++) {
      if (!want.isSlotWanted(frameno, spi)) continue;
      const stack = state.frames[frameno].stack;
      if (spi >= stack.length) throw new Error(`slot ${spi} is wanted of a stack of ${stack.length}`);
      const slot = stack[spi];
      if (!isSpilledReg(slot) || slot.reg.type !== SCALAR_VALUE || slot.reg.precise) want.dropSlot(frameno, spi);
      else {
        mark(env, state, frameno, 'slot', spi, slot.reg);
        changed = true;
      }
    }
  }
  if (want.wantedStackArgs(frameno) !== 0) {
    const args = state.frames[frameno].stackArgs;
    for (let a = 0; a < args.length; a++) {
      if (!want.isStackArgWanted(frameno, a)) continue;
      if (args[a].type !== SCALAR_VALUE || args[a].precise) want.dropStackArg(frameno, a);
      else {
        mark(env, state, frameno, 'stack-arg', a, args[a]);
        changed = true;
      }
    }
  }
  return changed;
}

function mark(env: Env, state: State, frameno: number, kind: 'reg' | 'slot' | 'stack-arg', no: number, reg: Reg): void {
  const precise = withPrecise(reg, true);
  if (kind === 'reg') setFrameReg(state, frameno, no, precise);
  else if (kind === 'slot') setSlot(state, frameno, no, new Slot(state.frames[frameno].stack[no].types, precise));
  else {
    const frame = state.writable(frameno);
    const args = frame.stackArgs.slice();
    args[no] = precise;
    frame.stackArgs = args;
  }
  if (env.obs !== null) env.obs.precise(state, frameno, kind, no);
}

/** Gives up tracing: every scalar in every checkpoint of the path is precise (kernel: bpf_mark_all_scalars_precise). */
export function markAllScalarsPrecise(env: Env, start: State): void {
  if (env.obs !== null && env.obs.wantsSearch) env.obs.backtracked(-1);
  const verbose = env.messages.level === 2;
  if (verbose) env.messages.text(`mark_precise: frame${start.curframe}: falling back to forcing all scalars precise\n`);
  for (let state = start.parent; state !== null; state = state.parent) {
    for (let f = 0; f < state.frames.length; f++) {
      for (let r = 0; r < 10; r++) {
        const reg = state.frames[f].regs[r];
        if (reg.type !== SCALAR_VALUE || reg.precise) continue;
        mark(env, state, f, 'reg', r, reg);
        if (verbose) env.messages.text(`force_precise: frame${f}: forcing r${r} to be precise\n`);
      }
      for (let spi = 0; spi < state.frames[f].stack.length; spi++) {
        const slot = state.frames[f].stack[spi];
        if (!isSpilledReg(slot) || slot.reg.type !== SCALAR_VALUE || slot.reg.precise) continue;
        mark(env, state, f, 'slot', spi, slot.reg);
        if (verbose) env.messages.text(`force_precise: frame${f}: forcing fp${-(spi + 1) * 8} to be precise\n`);
      }
    }
  }
}
