/**
 * Ranges of products, quotients and remainders (the kernel's `scalar_min_max_{mul,udiv,sdiv,umod,smod}` and their
 * 32-bit forms). Each works on the scratch record {@link WORK}, which holds the left operand. Divisors are constants
 * other than zero.
 */
import { BASE_HI, BASE_LO, OUT, OUT2, type Scalar, WORK, words } from './arena.ts';
import {
  intersectSigned32,
  intersectSigned64,
  s32max,
  s32min,
  setSigned32,
  setSigned64,
  setUnbounded32,
  setUnbounded64,
  setUnsigned32,
  setUnsigned64,
  signedBounds,
  slt,
  u32max,
  u32min,
  ult,
  unsignedBounds,
} from './ranges.ts';
import { setTnumUnknown } from './tnum.ts';

const SIGN = -0x80000000;
const TWO32 = 0x1_0000_0000;
const EXACT = 0x20_0000;

/** Where the products of the signed bounds are collected. */
const products = new Int32Array(8);
/** Low and high word of the last {@link multiply} or {@link divide}. */
const result = new Int32Array(2);

/** High word of the product of two unsigned 32-bit numbers. */
function highWord(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const mid = ah * bl + ((al * bl) >>> 16);
  const mid2 = al * bh + (mid & 0xffff);
  return (ah * bh + (mid >>> 16) + (mid2 >>> 16)) | 0;
}

/** Unsigned 64-bit product into {@link result}; true when it does not fit. */
function multiply(al: number, ah: number, bl: number, bh: number): boolean {
  const low = Math.imul(al, bl);
  const high = highWord(al, bl);
  result[0] = low;
  if (ah === 0 && bh === 0) {
    result[1] = high;
    return false;
  }
  const cross = (Math.imul(ah, bl) + Math.imul(al, bh)) | 0;
  const sum = (high + cross) | 0;
  result[1] = sum;
  if (ah !== 0 && bh !== 0) return true;
  if (ah !== 0 ? highWord(ah, bl) !== 0 : highWord(al, bh) !== 0) return true;
  return sum >>> 0 < high >>> 0;
}

/** Signed 64-bit product into `products[i], products[i+1]`; true when it does not fit. */
function multiplySigned(al: number, ah: number, bl: number, bh: number, i: number): boolean {
  const negative = (ah ^ bh) < 0;
  if (ah < 0) {
    al = -al | 0;
    ah = (~ah + (al === 0 ? 1 : 0)) | 0;
  }
  if (bh < 0) {
    bl = -bl | 0;
    bh = (~bh + (bl === 0 ? 1 : 0)) | 0;
  }
  if (multiply(al, ah, bl, bh)) return true;
  let lo = result[0];
  let hi = result[1];
  if (negative) {
    lo = -lo | 0;
    hi = (~hi + (lo === 0 ? 1 : 0)) | 0;
    if (hi >= 0 && (hi | lo) !== 0) return true;
  } else if (hi < 0) {
    return true;
  }
  products[i] = lo;
  products[i + 1] = hi;
  return false;
}

/** 64-bit range of a product. */
export function mul64(src: Scalar): void {
  unsignedBounds(WORK, OUT);
  unsignedBounds(src, OUT2);
  let minLo = 0;
  let minHi = 0;
  let maxLo = -1;
  let maxHi = -1;
  if (!multiply(words[OUT + 2], words[OUT + 3], words[OUT2 + 2], words[OUT2 + 3])) {
    maxLo = result[0];
    maxHi = result[1];
    multiply(words[OUT], words[OUT + 1], words[OUT2], words[OUT2 + 1]);
    minLo = result[0];
    minHi = result[1];
  }
  signedBounds(WORK, OUT);
  signedBounds(src, OUT2);
  setUnsigned64(WORK, minLo, minHi, maxLo, maxHi);
  for (let i = 0; i < 4; i++) {
    const a = OUT + (i & 2);
    const b = OUT2 + (i & 1) * 2;
    if (multiplySigned(words[a], words[a + 1], words[b], words[b + 1], i * 2)) {
      intersectSigned64(WORK, 0, SIGN, -1, ~SIGN);
      return;
    }
  }
  minLo = maxLo = products[0];
  minHi = maxHi = products[1];
  for (let i = 2; i < 8; i += 2) {
    const lo = products[i];
    const hi = products[i + 1];
    if (slt(lo, hi, minLo, minHi)) {
      minLo = lo;
      minHi = hi;
    }
    if (slt(maxLo, maxHi, lo, hi)) {
      maxLo = lo;
      maxHi = hi;
    }
  }
  intersectSigned64(WORK, minLo, minHi, maxLo, maxHi);
}

/** 32-bit range of a product. */
export function mul32(src: Scalar): void {
  // Doubles hold products of 32-bit numbers well enough to compare them with 2^32; those below are exact.
  const umax = (u32max(WORK) >>> 0) * (u32max(src) >>> 0);
  const umin = (u32min(WORK) >>> 0) * (u32min(src) >>> 0);
  const dmin = s32min(WORK);
  const dmax = s32max(WORK);
  const smin = s32min(src);
  const smax = s32max(src);
  const p0 = dmin * smin;
  const p1 = dmin * smax;
  const p2 = dmax * smin;
  const p3 = dmax * smax;
  const min = Math.min(p0, p1, p2, p3);
  const max = Math.max(p0, p1, p2, p3);
  if (umax >= TWO32) setUnsigned32(WORK, 0, -1);
  else setUnsigned32(WORK, umin | 0, umax | 0);
  if (min < SIGN || max > ~SIGN) intersectSigned32(WORK, SIGN, ~SIGN);
  else intersectSigned32(WORK, min | 0, max | 0);
}

function asUnsigned(lo: number, hi: number): bigint {
  return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
}

/** Unsigned 64-bit quotient into {@link result}. */
function divide(al: number, ah: number, bl: number, bh: number): void {
  if (ah === 0 && bh === 0) {
    result[0] = Math.floor((al >>> 0) / (bl >>> 0));
    result[1] = 0;
    return;
  }
  if (ah >>> 0 < EXACT && bh >>> 0 < EXACT) {
    // Below 2^53 the rounded-down double quotient is exact.
    const q = Math.floor(((ah >>> 0) * TWO32 + (al >>> 0)) / ((bh >>> 0) * TWO32 + (bl >>> 0)));
    result[0] = q % TWO32;
    result[1] = q / TWO32;
    return;
  }
  const q = asUnsigned(al, ah) / asUnsigned(bl, bh);
  result[0] = Number(q & 0xffff_ffffn);
  result[1] = Number(q >> 32n);
}

/** Signed 64-bit quotient, rounded towards zero, into {@link result}. */
function divideSigned(al: number, ah: number, bl: number, bh: number): void {
  const negative = (ah ^ bh) < 0;
  if (ah < 0) {
    al = -al | 0;
    ah = (~ah + (al === 0 ? 1 : 0)) | 0;
  }
  if (bh < 0) {
    bl = -bl | 0;
    bh = (~bh + (bl === 0 ? 1 : 0)) | 0;
  }
  divide(al, ah, bl, bh);
  if (negative) {
    const lo = -result[0] | 0;
    result[1] = ~result[1] + (lo === 0 ? 1 : 0);
    result[0] = lo;
  }
}

/** Only the 64-bit range is kept of what was known. */
function forget32(): void {
  setUnbounded32(WORK);
  setTnumUnknown(WORK);
}

/** Only the 32-bit range is kept of what was known. */
function forget64(): void {
  setUnbounded64(WORK);
  setTnumUnknown(WORK);
}

export function udiv64(src: Scalar): void {
  const bl = words[src + BASE_LO];
  const bh = words[src + BASE_HI];
  unsignedBounds(WORK, OUT);
  divide(words[OUT], words[OUT + 1], bl, bh);
  const minLo = result[0];
  const minHi = result[1];
  divide(words[OUT + 2], words[OUT + 3], bl, bh);
  setUnsigned64(WORK, minLo, minHi, result[0], result[1]);
  forget32();
}

export function udiv32(src: Scalar): void {
  const by = u32min(src) >>> 0;
  setUnsigned32(WORK, Math.floor((u32min(WORK) >>> 0) / by), Math.floor((u32max(WORK) >>> 0) / by));
  forget64();
}

export function sdiv64(src: Scalar): void {
  const bl = words[src + BASE_LO];
  const bh = words[src + BASE_HI];
  signedBounds(WORK, OUT);
  const minLo = words[OUT];
  const minHi = words[OUT + 1];
  const maxLo = words[OUT + 2];
  const maxHi = words[OUT + 3];
  if (minLo === 0 && minHi === SIGN && (bl & bh) === -1) {
    // The most negative number divided by -1 is itself; with any other dividend beside it nothing is known.
    if (maxLo === 0 && maxHi === SIGN) setSigned64(WORK, 0, SIGN, 0, SIGN);
    else setUnbounded64(WORK);
  } else {
    divideSigned(minLo, minHi, bl, bh);
    const pl = result[0];
    const ph = result[1];
    divideSigned(maxLo, maxHi, bl, bh);
    const ql = result[0];
    const qh = result[1];
    if (slt(ql, qh, pl, ph)) setSigned64(WORK, ql, qh, pl, ph);
    else setSigned64(WORK, pl, ph, ql, qh);
  }
  forget32();
}

export function sdiv32(src: Scalar): void {
  const by = s32min(src);
  const min = s32min(WORK);
  const max = s32max(WORK);
  if (min === SIGN && by === -1) {
    if (max === SIGN) setSigned32(WORK, SIGN, SIGN);
    else setUnbounded32(WORK);
  } else {
    const p = (min / by) | 0;
    const q = (max / by) | 0;
    setSigned32(WORK, Math.min(p, q), Math.max(p, q));
  }
  forget64();
}

export function umod64(src: Scalar): void {
  const bl = words[src + BASE_LO];
  const rl = (bl - 1) | 0;
  const rh = (words[src + BASE_HI] - (bl === 0 ? 1 : 0)) | 0;
  unsignedBounds(WORK, OUT);
  if (!ult(rl, rh, words[OUT + 2], words[OUT + 3])) return;
  setUnsigned64(WORK, 0, 0, rl, rh);
  forget32();
}

export function umod32(src: Scalar): void {
  const most = (u32min(src) - 1) | 0;
  if (u32max(WORK) >>> 0 <= most >>> 0) return;
  setUnsigned32(WORK, 0, most);
  forget64();
}

export function smod64(src: Scalar): void {
  let rl = words[src + BASE_LO];
  let rh = words[src + BASE_HI];
  if (rh < 0) {
    rl = -rl | 0;
    rh = (~rh + (rl === 0 ? 1 : 0)) | 0;
  }
  // The largest remainder is one less than the magnitude; its negative is the smallest.
  rh = (rh - (rl === 0 ? 1 : 0)) | 0;
  rl = (rl - 1) | 0;
  const nl = -rl | 0;
  const nh = (~rh + (nl === 0 ? 1 : 0)) | 0;
  signedBounds(WORK, OUT);
  const minLo = words[OUT];
  const minHi = words[OUT + 1];
  const maxLo = words[OUT + 2];
  const maxHi = words[OUT + 3];
  const low = slt(minLo, minHi, nl, nh);
  const high = slt(rl, rh, maxLo, maxHi);
  if (!low && !high) return;
  if (minHi >= 0) setSigned64(WORK, 0, 0, high ? rl : maxLo, high ? rh : maxHi);
  else if (maxHi < 0 || (maxLo | maxHi) === 0) setSigned64(WORK, low ? nl : minLo, low ? nh : minHi, 0, 0);
  else setSigned64(WORK, nl, nh, rl, rh);
  forget32();
}

export function smod32(src: Scalar): void {
  const most = (Math.abs(s32min(src)) - 1) | 0;
  const min = s32min(WORK);
  const max = s32max(WORK);
  if (min >= -most && max <= most) return;
  if (min >= 0) setSigned32(WORK, 0, Math.min(max, most));
  else if (max <= 0) setSigned32(WORK, Math.max(min, -most), 0);
  else setSigned32(WORK, -most, most);
  forget64();
}
