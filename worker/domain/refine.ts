/**
 * What a condition that holds teaches about its operands (the kernel's `regs_refine_cond_op`), on scratch records.
 */
import {
  VALUE_HI,
  MASK_LO,
  MASK_HI,
  BASE_LO,
  BASE_HI,
  SIZE_LO,
  SIZE_HI,
  BASE32,
  SIZE32,
  OUT,
  words,
  setUnbounded,
} from './arena.ts';
import { JEQ, JGT, JGE, JSET, JNE, JSGT, JSGE, JLT, JLE, JSLT, JSLE, JCLEAR } from './conditions.ts';
import {
  u32min,
  u32max,
  s32min,
  s32max,
  unsignedBounds,
  signedBounds,
  intersect32,
  intersect64,
  intersectUnsigned64,
  intersectSigned64,
  intersectSigned32,
} from './ranges.ts';
import { setTnum } from './tnum.ts';

const SIGN = -0x80000000;

/** True when the tnum of `r`, or its low half, is a constant. */
export function isConstAt(r: number, is32: boolean): boolean {
  return (is32 ? words[r + MASK_LO] : words[r + MASK_LO] | words[r + MASK_HI]) === 0;
}

/** Narrows the scratch records `a` and `b` by the fact that `a op b` holds; no sync. */
export function refine(op: number, is32: boolean, a: number, b: number): void {
  switch (op) {
    case JEQ:
      refineEqual(is32, a, b);
      return;
    case JNE:
      if (isConstAt(b, is32)) exclude(is32, a, b);
      else if (isConstAt(a, is32)) exclude(is32, b, a);
      return;
    case JSET:
      if (isConstAt(b, is32)) requireBit(is32, a, b);
      else if (isConstAt(a, is32)) requireBit(is32, b, a);
      return;
    case JCLEAR:
      if (isConstAt(b, is32)) clearBits(is32, a, b);
      else if (isConstAt(a, is32)) clearBits(is32, b, a);
      return;
    case JLT:
      refineLess(is32, a, b, 1);
      return;
    case JLE:
      refineLess(is32, a, b, 0);
      return;
    case JGT:
      refineLess(is32, b, a, 1);
      return;
    case JGE:
      refineLess(is32, b, a, 0);
      return;
    case JSLT:
      refineSignedLess(is32, a, b, 1);
      return;
    case JSLE:
      refineSignedLess(is32, a, b, 0);
      return;
    case JSGT:
      refineSignedLess(is32, b, a, 1);
      return;
    case JSGE:
      refineSignedLess(is32, b, a, 0);
      return;
  }
}

function refineEqual(is32: boolean, a: number, b: number): void {
  const vl = words[a] | words[b];
  const ml = words[a + MASK_LO] & words[b + MASK_LO];
  if (is32) {
    intersect32(a, words[b + BASE32], words[b + SIZE32]);
    words[b + BASE32] = words[a + BASE32];
    words[b + SIZE32] = words[a + SIZE32];
    setTnum(a, vl, words[a + VALUE_HI], ml, words[a + MASK_HI]);
    setTnum(b, vl, words[b + VALUE_HI], ml, words[b + MASK_HI]);
    return;
  }
  intersect64(a, words[b + BASE_LO], words[b + BASE_HI], words[b + SIZE_LO], words[b + SIZE_HI]);
  words[b + BASE_LO] = words[a + BASE_LO];
  words[b + BASE_HI] = words[a + BASE_HI];
  words[b + SIZE_LO] = words[a + SIZE_LO];
  words[b + SIZE_HI] = words[a + SIZE_HI];
  const vh = words[a + VALUE_HI] | words[b + VALUE_HI];
  const mh = words[a + MASK_HI] & words[b + MASK_HI];
  setTnum(a, vl, vh, ml, mh);
  setTnum(b, vl, vh, ml, mh);
}

/** `a` is not the constant `b`: the range that starts after it and ends before it. */
export function exclude(is32: boolean, a: number, b: number): void {
  const lo = (words[b] + 1) | 0;
  if (is32) intersect32(a, lo, -2);
  else intersect64(a, lo, (words[b + VALUE_HI] + (lo === 0 ? 1 : 0)) | 0, -2, -1);
}

/** `a` shares a bit with the constant `b`: says something only when `b` has a single one. */
function requireBit(is32: boolean, a: number, b: number): void {
  const lo = words[b];
  const hi = is32 ? 0 : words[b + VALUE_HI];
  const single =
    (lo !== 0 && hi === 0 && (lo & (lo - 1)) === 0) || (lo === 0 && hi !== 0 && (hi & (hi - 1)) === 0);
  if (!single) return;
  words[a] = words[a] | lo;
  words[a + VALUE_HI] = words[a + VALUE_HI] | hi;
  words[a + MASK_LO] = words[a + MASK_LO] & ~lo;
  words[a + MASK_HI] = words[a + MASK_HI] & ~hi;
}

/** `a` has none of the bits of the constant `b`. Its ranges are forgotten: on a dead way they would contradict the tnum. */
function clearBits(is32: boolean, a: number, b: number): void {
  const lo = words[b];
  const hi = is32 ? 0 : words[b + VALUE_HI];
  setUnbounded(a);
  words[a] = words[a] & ~lo;
  words[a + VALUE_HI] = words[a + VALUE_HI] & ~hi;
  words[a + MASK_LO] = words[a + MASK_LO] & ~lo;
  words[a + MASK_HI] = words[a + MASK_HI] & ~hi;
}

/** `a + gap <= b`, unsigned; the bound of `b` uses `a` as already narrowed. */
function refineLess(is32: boolean, a: number, b: number, gap: 0 | 1): void {
  if (is32) {
    intersect32(a, 0, (u32max(b) - gap) | 0);
    const min = (u32min(a) + gap) | 0;
    intersect32(b, min, ~min);
    return;
  }
  unsignedBounds(b, OUT);
  let lo = words[OUT + 2];
  intersect64(a, 0, 0, (lo - gap) | 0, (words[OUT + 3] - (lo === 0 ? gap : 0)) | 0);
  unsignedBounds(a, OUT);
  lo = (words[OUT] + gap) | 0;
  intersectUnsigned64(b, lo, (words[OUT + 1] + (lo === 0 ? gap : 0)) | 0, -1, -1);
}

/** `a + gap <= b`, signed. */
function refineSignedLess(is32: boolean, a: number, b: number, gap: 0 | 1): void {
  if (is32) {
    intersectSigned32(a, SIGN, (s32max(b) - gap) | 0);
    intersectSigned32(b, (s32min(a) + gap) | 0, ~SIGN);
    return;
  }
  signedBounds(b, OUT);
  let lo = words[OUT + 2];
  intersectSigned64(a, 0, SIGN, (lo - gap) | 0, (words[OUT + 3] - (lo === 0 ? gap : 0)) | 0);
  signedBounds(a, OUT);
  lo = (words[OUT] + gap) | 0;
  intersectSigned64(b, lo, (words[OUT + 1] + (lo === 0 ? gap : 0)) | 0, -1, ~SIGN);
}
