import { AUX_CALLS_CALLBACK } from '../cfg/facts.ts';
import * as op from '../isa/opcodes.ts';
import type { Env } from '../state/env.ts';
import { HIST_DST_STACK, HIST_SRC_STACK, HIST_STACK_ACCESS, HIST_STACK_ARG, type History, type HistoryEntry, NO_ENTRY } from '../state/history.ts';
import * as want from './wanted.ts';

const ARGS = 0x3e;
const TAIL_CALL = 12;

/**
 * Goes back over one instruction: what was wanted after it becomes what is wanted before it. `next` is the instruction
 * that followed on the path. False: exact tracking is impossible here, everything must be taken as precise
 * (kernel: backtrack_insn).
 */
export function backtrackInsn(env: Env, idx: number, next: number, entry: HistoryEntry): boolean {
  const insns = env.insns;
  const code = insns.code[idx];
  // second half of a wide load
  if (code === 0) return true;
  if (env.messages.level === 2) {
    const frame = want.wantedFrame();
    env.messages.text(
      `mark_precise: frame${frame}: regs=${want.regsText(frame)} stack=${want.slotsText(frame)} before ${idx}: ${env.walk!.insnText(idx)}\n`,
    );
  }
  // registers that gained their range here together with a wanted one
  const { history } = env;
  const linked = entry === NO_ENTRY ? null : history.linked(entry);
  want.syncLinked(linked);

  const dst = insns.dst[idx];
  const src = insns.src[idx];
  const frame = want.wantedFrame();
  switch (code & 7) {
    case op.BPF_ALU:
    case op.BPF_ALU64: {
      if (!want.isRegWanted(frame, dst)) return true;
      const operation = code & 0xf0;
      if (operation === op.BPF_END || operation === op.BPF_NEG) return true;
      if (operation === op.BPF_MOV) want.dropReg(frame, dst);
      if (code & op.BPF_X && src !== op.BPF_REG_FP) want.wantReg(frame, src);
      break;
    }
    case op.BPF_LDX:
      if (!load(history, frame, dst, entry)) return true;
      break;
    case op.BPF_STX: {
      if ((code & 0xe0) === op.BPF_ATOMIC) {
        const imm = insns.imm[idx];
        if (imm === op.BPF_LOAD_ACQ || imm & op.BPF_FETCH) {
          const loaded = imm === op.BPF_LOAD_ACQ ? dst : imm === op.BPF_CMPXCHG ? 0 : src;
          if (!load(history, frame, loaded, entry)) return true;
          break;
        }
      }
      const done = store(history, frame, dst, src, entry);
      if (done !== 1) return done === 0;
      break;
    }
    case op.BPF_ST: {
      const done = store(history, frame, dst, -1, entry);
      if (done !== 1) return done === 0;
      break;
    }
    case op.BPF_JMP:
    case op.BPF_JMP32: {
      const done = jump(env, idx, next, entry, code);
      if (done !== 1) return done === 0;
      break;
    }
    case op.BPF_LD: {
      const mode = code & 0xe0;
      if (mode === op.BPF_IMM) {
        want.dropReg(frame, dst);
        return true;
      }
      if (mode === op.BPF_IND || mode === op.BPF_ABS) {
        if (want.isRegWanted(frame, dst)) return false;
        // it may also leave the function
        if (next !== idx + 1) want.enterFrame();
        return true;
      }
      break;
    }
  }
  // registers that became wanted here are linked to others too
  want.syncLinked(linked);
  return true;
}

/** A register filled from memory: its value comes from a spill, if from anything that is tracked. False: done with it. */
function load(history: History, frame: number, reg: number, entry: HistoryEntry): boolean {
  if (!want.isRegWanted(frame, reg)) return false;
  want.dropReg(frame, reg);
  if (entry === NO_ENTRY) return false;
  if (history.flags(entry) & HIST_STACK_ARG) {
    // the callee reads what its caller put there
    want.wantStackArg(frame - 1, history.spi(entry));
    return false;
  }
  if (!(history.flags(entry) & HIST_STACK_ACCESS)) return false;
  want.wantSlot(history.frame(entry), history.spi(entry));
  return true;
}

/** A spill; `src` -1: of a constant. 0: done, 1: go on, -1: impossible. */
function store(history: History, frame: number, dst: number, src: number, entry: HistoryEntry): -1 | 0 | 1 {
  // only a difference of pointers makes a wanted scalar out of an address
  if (want.isRegWanted(frame, dst)) return -1;
  if (entry === NO_ENTRY) return 0;
  if (history.flags(entry) & HIST_STACK_ARG) {
    if (!want.isStackArgWanted(frame, history.spi(entry))) return 0;
    want.dropStackArg(frame, history.spi(entry));
    if (src >= 0) want.wantReg(frame, src);
    return 0;
  }
  if (!(history.flags(entry) & HIST_STACK_ACCESS)) return 0;
  if (!want.isSlotWanted(history.frame(entry), history.spi(entry))) return 0;
  want.dropSlot(history.frame(entry), history.spi(entry));
  if (src >= 0) want.wantReg(frame, src);
  return 1;
}

/** Jumps, calls and exits. 0: done, 1: go on, -1: impossible. */
function jump(env: Env, idx: number, next: number, entry: HistoryEntry, code: number): -1 | 0 | 1 {
  const { insns, facts } = env;
  const frame = want.wantedFrame();
  const operation = code & 0xf0;
  const src = insns.src[idx];
  if (code === op.OP_CALL && src === op.BPF_PSEUDO_CALL) {
    const callee = facts.subprogs[facts.subprogOf[idx + insns.imm[idx] + 1]];
    if (callee.isGlobal) {
      if (want.wantedRegs(frame) & ARGS) throw new Error(`arguments of a global function are wanted after its call at ${idx}`);
      want.dropReg(frame, 0);
      return 0;
    }
    if (want.wantedRegs(frame) & ~ARGS) throw new Error(`callee registers are wanted before its entry from ${idx}`);
    if (want.anySlotWanted(frame)) throw new Error(`callee slots are wanted before its entry from ${idx}`);
    if (want.wantedStackArgs(frame) !== 0) throw new Error(`callee stack arguments are wanted before its entry from ${idx}`);
    for (let r = 1; r <= 5; r++) {
      if (!want.isRegWanted(frame, r)) continue;
      want.dropReg(frame, r);
      want.wantReg(frame - 1, r);
    }
    want.leaveFrame();
    return 0;
  }
  if (facts.flags[idx] & AUX_CALLS_CALLBACK && idx !== next - 1) {
    // out of a callback; its arguments are not those of the call
    if (want.wantedRegs(frame) & ~ARGS) throw new Error(`callback registers are wanted before its entry from ${idx}`);
    if (want.anySlotWanted(frame)) throw new Error(`callback slots are wanted before its entry from ${idx}`);
    for (let r = 1; r <= 5; r++) want.dropReg(frame, r);
    want.leaveFrame();
    return 0;
  }
  if (operation === op.BPF_CALL) {
    if (src === op.BPF_PSEUDO_KFUNC_CALL && insns.imm[idx] === 0) return -1;
    want.dropReg(frame, 0);
    if (want.wantedRegs(frame) & ARGS) throw new Error(`arguments are wanted after the call at ${idx}`);
    // a tail call in a subprogram may also return to the caller
    if (src === 0 && insns.imm[idx] === TAIL_CALL && next - idx !== 1) want.enterFrame();
    return 1;
  }
  if (operation === op.BPF_EXIT) {
    const call = next - 1;
    const fromCall = call >= 0 && insns.code[call] === op.OP_CALL && insns.src[call] === op.BPF_PSEUDO_CALL;
    const result = fromCall && want.isRegWanted(frame, 0);
    if (fromCall && want.wantedRegs(frame) & ARGS) throw new Error(`arguments are wanted after the return from ${idx}`);
    want.dropReg(frame, 0);
    want.enterFrame();
    if (result) want.wantReg(frame + 1, 0);
    return 0;
  }
  if (code & op.BPF_X) {
    const dst = insns.dst[idx];
    if (!want.isRegWanted(frame, dst) && !want.isRegWanted(frame, src)) return 0;
    const flags = entry === NO_ENTRY ? 0 : env.history.flags(entry);
    if (!(flags & HIST_SRC_STACK)) want.wantReg(frame, src);
    if (!(flags & HIST_DST_STACK)) want.wantReg(frame, dst);
  }
  return 1;
}
