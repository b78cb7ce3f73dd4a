/**
 * Shifts by a constant (the kernel's `scalar_min_max_{lsh,rsh,arsh}` and their 32-bit forms), on the scratch record
 * {@link WORK}, which holds the left operand. The amount is below the width. The 64-bit forms end with the ranges
 * narrowed by the tnum.
 */
import { OUT, OUT2, WORK, words } from './arena.ts';
import {
  intersect64,
  s32max,
  s32min,
  setSigned32,
  setSigned64,
  setUnbounded32,
  setUnbounded64,
  setUnsigned32,
  setUnsigned64,
  signedBounds,
  u32max,
  u32min,
  ult,
  unsignedBounds,
} from './ranges.ts';
import { narrow32ByTnum, narrowByTnum } from './sync.ts';
import {
  shiftArithmetic,
  shiftLeft,
  shiftRight,
  tnumShiftArithmetic,
  tnumShiftLeft,
  tnumShiftRight,
} from './tnum.ts';

/** Drops the upper half of the tnum. */
function lowHalf(): void {
  words[WORK + 1] = 0;
  words[WORK + 3] = 0;
}

/** 32-bit range of a left shift; unlimited when the top bit might be lost. */
function rangeLeft32(n: number): void {
  if (n > 31 || u32max(WORK) >>> 0 > 2 ** (31 - n)) setUnbounded32(WORK);
  else setUnsigned32(WORK, u32min(WORK) << n, u32max(WORK) << n);
}

export function lsh32(n: number): void {
  rangeLeft32(n);
  lowHalf();
  words[WORK] = words[WORK] << n;
  words[WORK + 2] = words[WORK + 2] << n;
  setUnbounded64(WORK);
  narrow32ByTnum(WORK);
}

export function lsh64(n: number): void {
  // By 32 the low half becomes the upper one: its signed bounds carry over (compilers sign-extend so).
  const signedMin = s32min(WORK);
  const signedMax = s32max(WORK);
  unsignedBounds(WORK, OUT);
  words[OUT2] = 1;
  words[OUT2 + 1] = 0;
  shiftLeft(OUT2, 63 - n);
  if (ult(words[OUT2], words[OUT2 + 1], words[OUT + 2], words[OUT + 3])) {
    setUnbounded64(WORK);
  } else {
    shiftLeft(OUT, n);
    shiftLeft(OUT + 2, n);
    setUnsigned64(WORK, words[OUT], words[OUT + 1], words[OUT + 2], words[OUT + 3]);
  }
  if (n === 32) intersect64(WORK, 0, signedMin, 0, (signedMax - signedMin) | 0);
  rangeLeft32(n);
  tnumShiftLeft(WORK, n);
  narrowByTnum(WORK);
}

export function rsh32(n: number): void {
  lowHalf();
  words[WORK] = words[WORK] >>> n;
  words[WORK + 2] = words[WORK + 2] >>> n;
  setUnsigned32(WORK, u32min(WORK) >>> n, u32max(WORK) >>> n);
  setUnbounded64(WORK);
  narrow32ByTnum(WORK);
}

export function rsh64(n: number): void {
  tnumShiftRight(WORK, n);
  unsignedBounds(WORK, OUT);
  shiftRight(OUT, n);
  shiftRight(OUT + 2, n);
  setUnsigned64(WORK, words[OUT], words[OUT + 1], words[OUT + 2], words[OUT + 3]);
  setUnbounded32(WORK);
  narrowByTnum(WORK);
}

export function arsh32(n: number): void {
  setSigned32(WORK, s32min(WORK) >> n, s32max(WORK) >> n);
  lowHalf();
  words[WORK] = words[WORK] >> n;
  words[WORK + 2] = words[WORK + 2] >> n;
  setUnbounded64(WORK);
  narrow32ByTnum(WORK);
}

export function arsh64(n: number): void {
  signedBounds(WORK, OUT);
  shiftArithmetic(OUT, n);
  shiftArithmetic(OUT + 2, n);
  setSigned64(WORK, words[OUT], words[OUT + 1], words[OUT + 2], words[OUT + 3]);
  tnumShiftArithmetic(WORK, n);
  setUnbounded32(WORK);
  narrowByTnum(WORK);
}
