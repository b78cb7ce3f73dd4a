import { AUX_NOSPEC } from '../cfg/facts.ts';
import { constNumber, isConst, smaxNumber, sminIsNegative, sminNumber, umaxNumber } from '../domain/scalar.ts';
import { Rejection } from '../failure/rule.ts';
import { BPF_ADD, BPF_SUB, BPF_X } from '../isa/opcodes.ts';
import { PTR_TO_MAP_VALUE, PTR_TO_STACK, SCALAR_VALUE } from '../kernel/types.ts';
import { tnumText } from '../memory/bounds.ts';
import { MAX_BPF_STACK } from '../memory/kinds.ts';
import { checkMapAccess } from '../memory/map-value.ts';
import type { Env } from '../state/env.ts';
import type { MapInfo } from '../state/map-info.ts';
import { unknownReg } from '../state/marks.ts';
import { pushState } from '../state/pending.ts';
import type { Reg } from '../state/reg.ts';
import { aluRules as R } from './alu-rules.ts';

/** How the kernel will mask an operand (kernel: BPF_ALU_*). */
const SANITIZE_SRC = 1;
const SANITIZE_DST = 2;
const NEG_VALUE = 4;
const NON_POINTER = 8;
const IMMEDIATE = 16;

/** What the first look at a pointer operation found out for the second, after the operation. */
export interface Window {
  state: number;
  limit: number;
  maskToLeft: boolean;
}

/** Operations that the kernel masks against speculation. */
export function isSanitized(op: number): boolean {
  return op === BPF_ADD || op === BPF_SUB;
}

/** Is there nothing to mask: a privileged loader, a constant operand, or a barrier in front? */
function canSkip(env: Env, pc: number): boolean {
  return env.caps.bypassSpecV1 || !(env.insns.code[pc] & BPF_X) || (env.facts.flags[pc] & AUX_NOSPEC) !== 0;
}

/**
 * Puts the other way of a branch aside, to be walked as the processor might in speculation. `operands`: the branch's
 * registers are unknown there.
 */
export function pushSpeculative(env: Env, pc: number, next: number, operands: boolean): void {
  const state = pushState(env, next, pc, true);
  if (!operands) return;
  const frame = state.writable(state.curframe);
  frame.regs[env.insns.dst[pc]] = unknownReg(env);
  if (env.insns.code[pc] & BPF_X) frame.regs[env.insns.src[pc]] = unknownReg(env);
  if (!env.caps.bpfCapable) frame.mayHavePrecise = true;
}

/** The limit to which the pointer may move in the direction of the operation; rejects what cannot be masked. */
function pointerLimit(env: Env, pc: number, ptr: Reg, maskToLeft: boolean): number {
  let max: number;
  let limit: number;
  if (ptr.type === PTR_TO_STACK) {
    // offset 0 is out of bounds, but a start for moving left
    max = MAX_BPF_STACK + (maskToLeft ? 1 : 0);
    limit = -constNumber(ptr.scalar);
  } else if (ptr.type === PTR_TO_MAP_VALUE) {
    max = (ptr.ext as MapInfo).valueSize;
    limit = maskToLeft ? sminNumber(ptr.scalar) : umaxNumber(ptr.scalar);
  } else {
    const { insns } = env;
    const named = env.reg(insns.src[pc]).type === SCALAR_VALUE ? insns.dst[pc] : insns.src[pc];
    return env.fail(R.unsupportedType, [named]);
  }
  const unsigned = limit < 0 ? (limit + 2 ** 64) % 2 ** 32 : limit % 2 ** 32;
  if (unsigned >= max) env.fail(R.beyondBounds, [env.insns.dst[pc], opName(env, pc)]);
  return unsigned;
}

function opName(env: Env, pc: number): string {
  return (env.insns.code[pc] & 0xf0) === BPF_ADD ? 'add' : 'sub';
}

/** The same masking must do for every path that comes here. */
function setMasking(env: Env, pc: number, state: number, limit: number): void {
  const { aluState, aluLimit } = env.facts;
  if (aluState[pc] !== 0 && (aluState[pc] !== state || aluLimit[pc] !== limit)) {
    env.fail(R.differentPaths, [env.insns.dst[pc], opName(env, pc)]);
  }
  aluState[pc] = state;
  aluLimit[pc] = limit;
}

/** Scalar arithmetic at a place where another path has a pointer cannot be masked (kernel: sanitize_val_alu). */
export function sanitizeScalar(env: Env, pc: number): void {
  if (!canSkip(env, pc)) setMasking(env, pc, NON_POINTER, 0);
}

/**
 * Before pointer arithmetic with a register: judges whether masking is possible, and puts the path aside on which the
 * masked operand is 0 (kernel: sanitize_ptr_alu). Null: nothing needs masking.
 */
export function openWindow(env: Env, pc: number, ptr: Reg, off: Reg, ptrIsDst: boolean): Window | null {
  if (canSkip(env, pc)) return null;
  const immediate = isConst(off.scalar);
  const window: Window = { state: 0, limit: 0, maskToLeft: false };
  if (!env.cur.speculative) {
    const negative = sminIsNegative(off.scalar);
    if (!immediate && negative !== smaxNumber(off.scalar) < 0) {
      const { insns } = env;
      env.fail(R.mixedBounds, [env.reg(insns.src[pc]).type === SCALAR_VALUE ? insns.src[pc] : insns.dst[pc]]);
    }
    const add = (env.insns.code[pc] & 0xf0) === BPF_ADD;
    window.maskToLeft = add === negative;
    window.limit = pointerLimit(env, pc, ptr, window.maskToLeft);
    window.state = (negative ? NEG_VALUE : 0) | (immediate ? IMMEDIATE : 0) | (ptrIsDst ? SANITIZE_SRC : SANITIZE_DST);
    // what differs between paths must not be pruned away
    if (!immediate) env.exploreAluLimits = true;
  }
  if (!immediate) simulateMasked(env, pc, ptr, ptrIsDst);
  return window;
}

/** The path on which masking made the operand 0: the result is the pointer itself. */
function simulateMasked(env: Env, pc: number, ptr: Reg, ptrIsDst: boolean): void {
  const dst = env.insns.dst[pc];
  const saved = env.reg(dst);
  if (!ptrIsDst) env.setReg(dst, ptr);
  try {
    pushSpeculative(env, pc, pc + 1, false);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    env.fail(R.notPushed, [dst]);
  }
  if (!ptrIsDst) env.setReg(dst, saved);
}

/** After the operation: the window narrows by how far the pointer moved. */
export function closeWindow(env: Env, pc: number, window: Window, result: Reg): void {
  if (env.cur.speculative) return;
  const limit = pointerLimit(env, pc, result, window.maskToLeft);
  setMasking(env, pc, window.state, Math.abs(window.limit - limit));
}

/** Unprivileged pointers must stay within their object, so that accesses can be masked (kernel: sanitize_check_bounds). */
export function checkResultBounds(env: Env, pc: number, result: Reg): void {
  if (env.caps.bypassSpecV1) return;
  const dst = env.insns.dst[pc];
  if (result.type === PTR_TO_STACK) {
    if (!isConst(result.scalar)) env.fail(R.variableStack, [dst, tnumText(result.scalar), constNumber(result.scalar)]);
    const off = constNumber(result.scalar);
    if (off >= 0 || off < -MAX_BPF_STACK) env.fail(R.stackOutOfRange, [dst, off]);
  } else if (result.type === PTR_TO_MAP_VALUE) {
    try {
      checkMapAccess(env, result, dst, 0, 1, false, 'helper');
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      env.fail(R.mapValueOutOfRange, [dst]);
    }
  }
}
