/**
 * What arithmetic does to values: the scalar part of the kernel's `adjust_scalar_min_max_vals`, and the additions it
 * makes elsewhere (pointer offsets, linked registers). Operations are pure functions of handles.
 */
import {
  VALUE_HI,
  MASK_LO,
  MASK_HI,
  SIZE_LO,
  SIZE_HI,
  SIZE32,
  WORK,
  OPERAND,
  OUT,
  OUT2,
  UNKNOWN,
  ZERO,
  words,
  load,
  isPlainConst,
  setConst,
  freeze,
  constant,
  type Scalar,
} from './arena.ts';
import { mul64, mul32, udiv64, udiv32, sdiv64, sdiv32, umod64, umod32, smod64, smod32 } from './muldiv.ts';
import {
  ult,
  u32min,
  u32max,
  unsignedBounds,
  setUnsigned64,
  setUnsigned32,
  setUnbounded32,
} from './ranges.ts';
import { add32, sub32, add64, sub64 } from './range-sums.ts';
import { zeroExtend } from './resize.ts';
import { lsh32, lsh64, rsh32, rsh64, arsh32, arsh64 } from './shift.ts';
import { memoSlot, recall, remember } from './memo.ts';
import { narrow32ByTnum, narrowByTnum, syncNarrowed, sync } from './sync.ts';
import { tnumAdd, tnumSub, tnumAnd, tnumOr, tnumXor, tnumMul } from './tnum.ts';

/** Questions as the memo knows them: `MEMO_ALU | operation | flags`, or one of the others. */
const MEMO_ALU = 0x100;
const MEMO_POINTER_ADD = 0x200;
const MEMO_PACKET_ADD = 0x201;

/** Operations, as in the upper four bits of an arithmetic opcode (`code & 0xf0`). */
export const ADD = 0x00;
export const SUB = 0x10;
export const MUL = 0x20;
export const DIV = 0x30;
export const OR = 0x40;
export const AND = 0x50;
export const LSH = 0x60;
export const RSH = 0x70;
export const NEG = 0x80;
export const MOD = 0x90;
export const XOR = 0xa0;
export const ARSH = 0xc0;

/** Shared ending: 32-bit results are zero-extended, then the components are brought into agreement. */
function finish(is64: boolean, like: Scalar): Scalar {
  if (!is64) zeroExtend(WORK);
  sync(WORK);
  return freeze(WORK, like);
}

function add(is64: boolean, dst: Scalar, src: Scalar): Scalar {
  if (isPlainConst(dst) && isPlainConst(src)) {
    const dlo = words[dst];
    const lo = (dlo + words[src]) | 0;
    return constant(
      lo,
      is64 ? words[dst + VALUE_HI] + words[src + VALUE_HI] + (lo >>> 0 < dlo >>> 0 ? 1 : 0) : 0,
    );
  }
  add32(WORK, dst, src);
  if (is64) add64(WORK, dst, src);
  tnumAdd(WORK, dst, src);
  return finish(is64, dst);
}

function sub(is64: boolean, dst: Scalar, src: Scalar, like: Scalar): Scalar {
  if (isPlainConst(dst) && isPlainConst(src)) {
    const dlo = words[dst];
    const slo = words[src];
    return constant(
      dlo - slo,
      is64 ? words[dst + VALUE_HI] - words[src + VALUE_HI] - (dlo >>> 0 < slo >>> 0 ? 1 : 0) : 0,
    );
  }
  sub32(WORK, dst, src);
  if (is64) sub64(WORK, dst, src);
  tnumSub(WORK, dst, src);
  return finish(is64, like);
}

function mul(is64: boolean, dst: Scalar, src: Scalar): Scalar {
  load(WORK, dst);
  tnumMul(WORK, dst, src);
  mul32(src);
  if (is64) mul64(src);
  return finish(is64, dst);
}

function divide(is64: boolean, signed: boolean, dst: Scalar, src: Scalar): Scalar {
  if (!isDivisor(is64, src)) return UNKNOWN;
  if (isZeroDivisor(is64, src)) return ZERO;
  load(WORK, dst);
  if (is64) {
    if (signed) sdiv64(src);
    else udiv64(src);
  } else if (signed) sdiv32(src);
  else udiv32(src);
  return finish(is64, dst);
}

function modulo(is64: boolean, signed: boolean, dst: Scalar, src: Scalar): Scalar {
  if (!isDivisor(is64, src)) return UNKNOWN;
  load(WORK, dst);
  if (!isZeroDivisor(is64, src)) {
    if (is64) {
      if (signed) smod64(src);
      else umod64(src);
    } else if (signed) smod32(src);
    else umod32(src);
  }
  return finish(is64, dst);
}

/** Only division by a constant is computed. */
function isDivisor(is64: boolean, src: Scalar): boolean {
  if (is64)
    return (words[src + MASK_LO] | words[src + MASK_HI] | words[src + SIZE_LO] | words[src + SIZE_HI]) === 0;
  return (words[src + MASK_LO] | words[src + SIZE32]) === 0;
}

function isZeroDivisor(is64: boolean, src: Scalar): boolean {
  if (!is64) return u32min(src) === 0;
  unsignedBounds(src, OUT);
  return (words[OUT] | words[OUT + 1]) === 0;
}

/** Bit operations narrow by the tnum over all 64 bits even when only 32 are kept: it can settle the value. */
function and(is64: boolean, dst: Scalar, src: Scalar): Scalar {
  if (isPlainConst(dst) && isPlainConst(src))
    return constant(words[dst] & words[src], is64 ? words[dst + VALUE_HI] & words[src + VALUE_HI] : 0);
  load(WORK, dst);
  tnumAnd(WORK, dst, src);
  const vl = words[WORK];
  // The least is what the tnum says; the largest cannot exceed that of either operand.
  if ((words[src + MASK_LO] | words[WORK + MASK_LO]) === 0) {
    setUnsigned32(WORK, vl, vl);
  } else {
    const a = u32max(dst);
    const b = u32max(src);
    setUnsigned32(WORK, vl, a >>> 0 < b >>> 0 ? a : b);
  }
  if ((words[src + MASK_LO] | words[src + MASK_HI] | words[WORK + MASK_LO] | words[WORK + MASK_HI]) === 0) {
    return constant(vl, is64 ? words[WORK + VALUE_HI] : 0);
  }
  unsignedBounds(dst, OUT);
  unsignedBounds(src, OUT2);
  const at = ult(words[OUT + 2], words[OUT + 3], words[OUT2 + 2], words[OUT2 + 3]) ? OUT : OUT2;
  setUnsigned64(WORK, vl, words[WORK + VALUE_HI], words[at + 2], words[at + 3]);
  narrowByTnum(WORK);
  if (!is64) return finish(false, dst);
  syncNarrowed(WORK);
  return freeze(WORK, dst);
}

function or(is64: boolean, dst: Scalar, src: Scalar): Scalar {
  if (isPlainConst(dst) && isPlainConst(src))
    return constant(words[dst] | words[src], is64 ? words[dst + VALUE_HI] | words[src + VALUE_HI] : 0);
  load(WORK, dst);
  tnumOr(WORK, dst, src);
  const vl = words[WORK];
  const vh = words[WORK + VALUE_HI];
  const ml = words[WORK + MASK_LO];
  const mh = words[WORK + MASK_HI];
  // The largest is what the tnum says; the least cannot be below that of either operand.
  if ((words[src + MASK_LO] | ml) === 0) {
    setUnsigned32(WORK, vl, vl);
  } else {
    const a = u32min(dst);
    const b = u32min(src);
    setUnsigned32(WORK, a >>> 0 > b >>> 0 ? a : b, vl | ml);
  }
  if ((words[src + MASK_LO] | words[src + MASK_HI] | ml | mh) === 0) return constant(vl, is64 ? vh : 0);
  unsignedBounds(dst, OUT);
  unsignedBounds(src, OUT2);
  const at = ult(words[OUT], words[OUT + 1], words[OUT2], words[OUT2 + 1]) ? OUT2 : OUT;
  setUnsigned64(WORK, words[at], words[at + 1], vl | ml, vh | mh);
  narrowByTnum(WORK);
  if (!is64) return finish(false, dst);
  syncNarrowed(WORK);
  return freeze(WORK, dst);
}

function xor(is64: boolean, dst: Scalar, src: Scalar): Scalar {
  if (isPlainConst(dst) && isPlainConst(src))
    return constant(words[dst] ^ words[src], is64 ? words[dst + VALUE_HI] ^ words[src + VALUE_HI] : 0);
  tnumXor(WORK, dst, src);
  const vl = words[WORK];
  const vh = words[WORK + VALUE_HI];
  const ml = words[WORK + MASK_LO];
  const mh = words[WORK + MASK_HI];
  setUnsigned32(WORK, vl, vl | ml);
  if (is64) setUnsigned64(WORK, vl, vh, vl | ml, vh | mh);
  return finish(is64, dst);
}

function shift(op: number, is64: boolean, dst: Scalar, src: Scalar): Scalar {
  if (!isDivisor(is64, src)) return UNKNOWN;
  // Even for 32-bit shifts it is the 64-bit amount that has to be in range.
  unsignedBounds(src, OUT);
  if (words[OUT + 3] !== 0 || words[OUT + 2] >>> 0 >= (is64 ? 64 : 32)) return UNKNOWN;
  const n = is64 ? words[OUT] : u32min(src);
  load(WORK, dst);
  if (is64) {
    if (op === LSH) lsh64(n);
    else if (op === RSH) rsh64(n);
    else arsh64(n);
    syncNarrowed(WORK);
    return freeze(WORK, dst);
  }
  if (op === LSH) lsh32(n);
  else if (op === RSH) rsh32(n);
  else arsh32(n);
  return finish(false, dst);
}

/**
 * Can the result of `dst op src` be computed at all (`is_safe_to_compute_dst_reg_range`)? Divisors must be known, shift
 * amounts known and in range.
 */
export function isComputable(op: number, is64: boolean, src: Scalar): boolean {
  switch (op) {
    case DIV:
    case MOD:
      return isDivisor(is64, src);
    case LSH:
    case RSH:
    case ARSH:
      if (!isDivisor(is64, src)) return false;
      unsignedBounds(src, OUT);
      return words[OUT + 3] === 0 && words[OUT + 2] >>> 0 < (is64 ? 64 : 32);
    default:
      return true;
  }
}

/**
 * `dst op src` of a 64-bit or 32-bit arithmetic instruction (the result of the latter is zero-extended). `off` is the
 * instruction's offset: 1 makes division and remainder signed. What cannot be computed (division by an unknown, shifts
 * by an unknown or too large amount) is {@link UNKNOWN}. {@link NEG} ignores `src`. Byte swaps are in `resize.ts`.
 *
 * The forking of a value in {-1, 0} before `and`/`or` with a constant is the caller's; see {@link forkWidth}.
 */
export function alu(op: number, is64: boolean, off: number, dst: Scalar, src: Scalar): Scalar {
  // constants are computed as fast as remembered, and counters never come back
  if ((words[dst + MASK_LO] | words[src + MASK_LO]) === 0) return compute(op, is64, off, dst, src);
  // `off` has a meaning for division and remainder only
  const code = op | (is64 ? 1 : 0) | (off === 1 ? 2 : 0) | MEMO_ALU;
  const slot = memoSlot(code, dst, src);
  const known = recall(slot, code, dst, src);
  return known !== 0 ? known : remember(slot, code, dst, src, compute(op, is64, off, dst, src));
}

function compute(op: number, is64: boolean, off: number, dst: Scalar, src: Scalar): Scalar {
  switch (op) {
    case ADD:
      return add(is64, dst, src);
    case SUB:
      return sub(is64, dst, src, dst);
    case MUL:
      return mul(is64, dst, src);
    case DIV:
      return divide(is64, off === 1, dst, src);
    case MOD:
      return modulo(is64, off === 1, dst, src);
    case AND:
      return and(is64, dst, src);
    case OR:
      return or(is64, dst, src);
    case XOR:
      return xor(is64, dst, src);
    case LSH:
    case RSH:
    case ARSH:
      return shift(op, is64, dst, src);
    case NEG:
      return sub(is64, ZERO, dst, dst);
    default:
      return UNKNOWN;
  }
}

/** `-s`, 64-bit or 32-bit and zero-extended. */
export function neg(is64: boolean, s: Scalar): Scalar {
  return sub(is64, ZERO, s, s);
}

function loadDelta(delta: number): void {
  const hi = Math.floor(delta / 0x1_0000_0000);
  setConst(OPERAND, delta % 0x1_0000_0000, hi);
}

/** `s + delta` for a known integer `delta` of at most 53 bits: a fixed offset (`add_scalar_to_reg`). 0 changes nothing. */
export function addConst(s: Scalar, delta: number): Scalar {
  if (delta === 0) return s;
  loadDelta(delta);
  return add(true, s, OPERAND);
}

/**
 * The value of a register that is linked to one that now has value `s`: `s + delta` (`sync_linked_regs`). With
 * `low32`, for links made by 32-bit additions, the sum is zero-extended.
 */
export function addLinked(s: Scalar, delta: number, low32: boolean): Scalar {
  loadDelta(delta);
  return add(!low32, s, OPERAND);
}

/** Offset of a pointer at `ptr` moved up by `off` (`adjust_ptr_min_max_vals`): pointers have no 32-bit range of their own. */
export function pointerAdd(ptr: Scalar, off: Scalar): Scalar {
  const slot = memoSlot(MEMO_POINTER_ADD, ptr, off);
  const known = recall(slot, MEMO_POINTER_ADD, ptr, off);
  if (known !== 0) return known;
  pointerSum(ptr, off);
  sync(WORK);
  return remember(slot, MEMO_POINTER_ADD, ptr, off, freeze(WORK, ptr));
}

/** As {@link pointerAdd}, downwards. */
export function pointerSub(ptr: Scalar, off: Scalar): Scalar {
  pointerDifference(ptr, off);
  sync(WORK);
  return freeze(WORK, ptr);
}

/**
 * As {@link pointerAdd}, for a packet pointer that keeps its id or range: its largest offset was used to set the range
 * of other pointers, so it must not be narrowed by the tnum; only the 32-bit range is.
 */
export function packetAdd(ptr: Scalar, off: Scalar): Scalar {
  const slot = memoSlot(MEMO_PACKET_ADD, ptr, off);
  const known = recall(slot, MEMO_PACKET_ADD, ptr, off);
  if (known !== 0) return known;
  pointerSum(ptr, off);
  narrow32ByTnum(WORK);
  return remember(slot, MEMO_PACKET_ADD, ptr, off, freeze(WORK, ptr));
}

/** As {@link packetAdd}, downwards. */
export function packetSub(ptr: Scalar, off: Scalar): Scalar {
  pointerDifference(ptr, off);
  narrow32ByTnum(WORK);
  return freeze(WORK, ptr);
}

function pointerSum(ptr: Scalar, off: Scalar): void {
  add64(WORK, ptr, off);
  tnumAdd(WORK, ptr, off);
  setUnbounded32(WORK);
}

function pointerDifference(ptr: Scalar, off: Scalar): void {
  sub64(WORK, ptr, off);
  tnumSub(WORK, ptr, off);
  setUnbounded32(WORK);
}
