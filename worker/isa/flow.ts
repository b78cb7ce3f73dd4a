import type { Insns } from './insns.ts';
import * as op from './opcodes.ts';
import { atomicRow, opRow, type RegUse } from './table.ts';

/** Slots that the instruction at `i` takes: 2 for the wide load, else 1. */
export const slotsOf = (insns: Insns, i: number): 1 | 2 => (insns.code[i] === op.OP_LD_IMM64 ? 2 : 1);

/** Slots where an instruction starts, in order. A wide load at the very end counts as one slot. */
export function* starts(insns: Insns): Generator<number> {
  for (let i = 0; i < insns.length; i += slotsOf(insns, i)) yield i;
}

/** True for conditional jumps (`if …`), not for may_goto. */
export const isConditionalJump = (code: number): boolean => opRow(code)?.shape === 'jump';

/**
 * Slot that a jump goes to when taken (`goto`, `gotol`, `may_goto`, `if`), or null for anything else, `gotox`
 * included. The slot may lie outside the program.
 */
export function jumpTarget(insns: Insns, i: number): number | null {
  switch (opRow(insns.code[i])?.shape) {
    case 'ja':
    case 'jump':
    case 'may_goto':
      return i + 1 + insns.off[i];
    case 'gotol':
      return i + 1 + insns.imm[i];
    default:
      return null;
  }
}

/** First slot of the subprogram that a `call` (pseudo kind 1) calls, or null for other instructions. */
export function callTarget(insns: Insns, i: number): number | null {
  return insns.code[i] === op.OP_CALL && insns.src[i] === op.BPF_PSEUDO_CALL ? i + 1 + insns.imm[i] : null;
}

/** First slot of the callback whose address a wide load (pseudo kind 4) takes, or null for other instructions. */
export function callbackTarget(insns: Insns, i: number): number | null {
  return insns.code[i] === op.OP_LD_IMM64 && insns.src[i] === op.BPF_PSEUDO_FUNC
    ? i + 1 + insns.imm[i]
    : null;
}

export const isHelperCall = (insns: Insns, i: number): boolean =>
  insns.code[i] === op.OP_CALL && insns.src[i] === 0;
export const isSubprogCall = (insns: Insns, i: number): boolean =>
  insns.code[i] === op.OP_CALL && insns.src[i] === op.BPF_PSEUDO_CALL;
export const isKfuncCall = (insns: Insns, i: number): boolean =>
  insns.code[i] === op.OP_CALL && insns.src[i] === op.BPF_PSEUDO_KFUNC_CALL;

/** Where control may go after slot `i`, inside a function: fall-through first, then the jump. Empty after exit and gotox. */
export function successors(insns: Insns, i: number): number[] {
  const shape = opRow(insns.code[i])?.shape;
  if (shape === 'exit' || shape === 'gotox') return [];
  const target = jumpTarget(insns, i);
  if (shape === 'ja' || shape === 'gotol') return [target!];
  const next = i + slotsOf(insns, i);
  return target === null ? [next] : [next, target];
}

/**
 * Registers read and written, as the kernel's liveness analysis sees them: bit r is the low half of register r,
 * bit r+16 its upper half.
 */
export interface RegMasks {
  readonly use: number;
  readonly def: number;
}

const low = (r: number): number => 1 << r;
const full = (r: number): number => (1 << r) | (1 << (r + 16));
const CALLER_SAVED = 0x3f;
const widen = (mask: number): number => mask | (mask << 16);
/** A use of every register: what the analysis assumes of the legacy packet loads. */
export const ALL_REGS = -1;

/** Masks of a call that reads its first `params` (0..5) arguments; 5 if nothing is known of the callee. */
export const callMasks = (params: number): RegMasks => ({
  def: widen(CALLER_SAVED),
  use: widen(((1 << params) - 1) << 1),
});

/**
 * {@link RegMasks} of one instruction. Calls count as reading r1-r5: a caller that knows the callee's
 * parameters uses {@link callMasks}. Numbers are 32-bit signed.
 */
export function readsWrites(insns: Insns, i: number): RegMasks {
  const row = opRow(insns.code[i]);
  if (row === null || row.shape === 'ld_abs' || row.shape === 'ld_ind') return { use: ALL_REGS, def: 0 };
  if (row.shape === 'call') return callMasks(5);
  const dst = insns.dst[i];
  const src = insns.src[i];
  if (row.shape === 'atomic') return atomicMasks(insns.imm[i], row.bits === 64, dst, src);
  const mask = (u: RegUse): number => {
    const r = u.field === 'dst' ? dst : u.field === 'src' ? src : 0;
    return u.bits === 64 ? full(r) : low(r);
  };
  let use = 0;
  let def = 0;
  for (const u of row.reads) use |= mask(u);
  for (const u of row.writes) def |= mask(u);
  return { use, def };
}

function atomicMasks(imm: number, wide: boolean, dst: number, src: number): RegMasks {
  const value = wide ? full : low;
  const row = atomicRow(imm);
  if (row === null) return { use: full(dst) | value(src), def: imm & op.BPF_FETCH ? full(src) : 0 };
  const field = { dst: full(dst), src: full(src), r0: full(0), srcW: value(src), r0W: value(0) };
  let use = 0;
  let def = 0;
  for (const u of row.reads) use |= field[u];
  for (const u of row.writes) def |= field[u];
  return { use, def };
}

/**
 * The register whose 32-bit half the instruction defines with the upper half left to zero-extension, or -1
 * (the kernel's bpf_insn_def32). `noUserConv`: the program's arena map has BPF_F_NO_USER_CONV.
 */
export function def32(insns: Insns, i: number, noUserConv = false): number {
  const code = insns.code[i];
  const row = opRow(code);
  switch (row?.shape) {
    case 'alu':
    case 'neg':
      return row.bits === 32 ? insns.dst[i] : -1;
    case 'mov':
      if (row.bits === 32) return insns.dst[i];
      if (code !== op.OP_MOV64_X || insns.off[i] !== op.BPF_ADDR_SPACE_CAST) return -1;
      return insns.imm[i] === 1 || (insns.imm[i] === 1 << 16 && noUserConv) ? insns.dst[i] : -1;
    case 'end':
      return insns.imm[i] === 64 ? -1 : insns.dst[i];
    case 'ldx':
      return row.bits < 64 && !row.signed ? insns.dst[i] : -1;
    case 'ld_abs':
    case 'ld_ind':
      return insns.dst[i];
    case 'atomic': {
      if (row.bits === 64) return -1;
      const imm = insns.imm[i];
      const written = atomicRow(imm)?.writes[0] ?? (imm & op.BPF_FETCH ? 'src' : null);
      return written === 'dst' ? insns.dst[i] : written === 'r0' ? 0 : written === 'src' ? insns.src[i] : -1;
    }
    default:
      return -1;
  }
}
