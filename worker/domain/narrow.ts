/**
 * Knowledge that comes from elsewhere: return values, map fields, program contracts. And the forgetting of it.
 */
import { MASK_LO, OUT, type Scalar, WORK, constant, freeze, load, setUnbounded, words } from './arena.ts';
import {
  s32max,
  s32min,
  setSigned32,
  setSigned64,
  setUnsigned32,
  setUnsigned64,
  signedBounds,
  slt,
} from './ranges.ts';
import { sync } from './sync.ts';

const TWO32 = 0x1_0000_0000;

function high(n: number): number {
  return Math.floor(n / TWO32) | 0;
}

function low(n: number): number {
  return (n % TWO32) | 0;
}

/**
 * Intersects both intervals of `s` with the signed 32-bit interval [min, max] (`__mark_reg_s32_range`): what a hook is
 * known to return.
 */
export function narrowS32(s: Scalar, min: number, max: number): Scalar {
  load(WORK, s);
  setSigned32(WORK, Math.max(s32min(s), min), Math.min(s32max(s), max));
  signedBounds(s, OUT);
  const keepMin = slt(min, min >> 31, words[OUT], words[OUT + 1]);
  const keepMax = slt(words[OUT + 2], words[OUT + 3], max, max >> 31);
  setSigned64(
    WORK,
    keepMin ? words[OUT] : min,
    keepMin ? words[OUT + 1] : min >> 31,
    keepMax ? words[OUT + 2] : max,
    keepMax ? words[OUT + 3] : max >> 31,
  );
  sync(WORK);
  return freeze(WORK, s);
}

/**
 * Replaces both ranges of `s` by the signed interval [min, max], integers of at most 53 bits whose low halves make the
 * 32-bit range (`reg_set_srange64`, `reg_set_srange32` and a sync): a helper's return value.
 */
export function withSignedRange(s: Scalar, min: number, max: number): Scalar {
  load(WORK, s);
  setSigned64(WORK, low(min), high(min), low(max), high(max));
  setSigned32(WORK, low(min), low(max));
  sync(WORK);
  return freeze(WORK, s);
}

/** As {@link withSignedRange}, unsigned. */
export function withUnsignedRange(s: Scalar, min: number, max: number): Scalar {
  load(WORK, s);
  setUnsigned64(WORK, low(min), high(min), low(max), high(max));
  setUnsigned32(WORK, low(min), low(max));
  sync(WORK);
  return freeze(WORK, s);
}

/** `s` without its ranges: what the kernel falls back to when {@link boundsFault} found a contradiction. */
export function forgetRanges(s: Scalar): Scalar {
  load(WORK, s);
  setUnbounded(WORK);
  return freeze(WORK, s);
}

/** `s` with its low half known to be `n`; no sync (`__mark_reg32_known`). */
export function withLow32(s: Scalar, n: number): Scalar {
  load(WORK, s);
  words[WORK] = n;
  words[WORK + MASK_LO] = 0;
  setUnsigned32(WORK, n, n);
  return freeze(WORK, s);
}

/**
 * Whether `s` is one of the two values -1 and 0: as a whole (64), in its low half (32), or neither (0). Before an `and`
 * or `or` with a constant the kernel follows the two values apart (`maybe_fork_scalars`).
 */
export function forkWidth(s: Scalar): 64 | 32 | 0 {
  signedBounds(s, OUT);
  if ((words[OUT] & words[OUT + 1]) === -1 && (words[OUT + 2] | words[OUT + 3]) === 0) return 64;
  return s32min(s) === -1 && s32max(s) === 0 ? 32 : 0;
}

/** The value that a fork of width `width` gives `s`: all of it, or its low half, becomes `n` (0 or -1). */
export function forked(s: Scalar, width: 64 | 32, n: 0 | -1): Scalar {
  return width === 64 ? constant(n, n) : withLow32(s, n);
}
