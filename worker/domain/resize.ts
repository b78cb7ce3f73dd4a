/** Changing the width of a value: zero extension, truncation, sign extension, byte swaps. */
import {
  MASK_HI,
  MASK_LO,
  OUT,
  type Scalar,
  VALUE_HI,
  VALUE_LO,
  WORK,
  constant,
  freeze,
  isPlainConst,
  load,
  setUnbounded,
  words,
} from './arena.ts';
import {
  s32max,
  s32min,
  setSigned32,
  setSigned64,
  setUnbounded32,
  setUnsigned64,
  signedBounds,
  u32max,
  u32min,
  unsignedBounds,
} from './ranges.ts';
import { sync } from './sync.ts';
import { setTnum, setTnumUnknown, spreadMask } from './tnum.ts';

/** Clears the upper half of the scratch record `r`, taking the 64-bit range from the 32-bit one; no sync. */
export function zeroExtend(r: number): void {
  words[r + VALUE_HI] = 0;
  words[r + MASK_HI] = 0;
  setUnsigned64(r, u32min(r), 0, u32max(r), 0);
}

/** The low half of `s`, zero-extended: what `w1 = w2` and every 32-bit operation leave in the register. */
export function zext32(s: Scalar): Scalar {
  if (isPlainConst(s)) return constant(words[s], 0);
  load(WORK, s);
  zeroExtend(WORK);
  sync(WORK);
  return freeze(WORK, s);
}

function cutTo(r: number, bytes: number): void {
  const maskLo = bytes === 4 ? -1 : (1 << (bytes * 8)) - 1;
  words[r + VALUE_LO] = words[r + VALUE_LO] & maskLo;
  words[r + MASK_LO] = words[r + MASK_LO] & maskLo;
  words[r + VALUE_HI] = 0;
  words[r + MASK_HI] = 0;
  unsignedBounds(r, OUT);
  const minLo = words[OUT];
  const maxLo = words[OUT + 2];
  if (words[OUT + 1] === words[OUT + 3] && (minLo & ~maskLo) === (maxLo & ~maskLo))
    setUnsigned64(r, minLo & maskLo, 0, maxLo & maskLo, 0);
  else setUnsigned64(r, 0, 0, maskLo, 0);
  if (bytes < 4) setUnbounded32(r);
  sync(r);
}

/** The low `bytes` (1, 2 or 4) of `s`, zero-extended (`coerce_reg_to_size`): a load, spill fill or `leN`. */
export function truncate(s: Scalar, bytes: 1 | 2 | 4): Scalar {
  load(WORK, s);
  cutTo(WORK, bytes);
  return freeze(WORK, s);
}

/** Sign-extends a 32-bit number from its low `bytes`. */
function extend(n: number, bytes: number): number {
  const up = 32 - bytes * 8;
  return (n << up) >> up;
}

/**
 * The low `bytes` of `s`, sign-extended to 64 bits (`coerce_reg_to_size_sx`): `r1 = (s8)r2` and sign-extending loads.
 * The components are not brought into agreement afterwards.
 */
export function signExtend64(s: Scalar, bytes: 1 | 2 | 4): Scalar {
  if ((words[s + MASK_LO] | words[s + MASK_HI]) === 0) {
    const n = extend(words[s], bytes);
    return constant(n, n >> 31);
  }
  load(WORK, s);
  signedBounds(WORK, OUT);
  const minLo = words[OUT];
  const maxLo = words[OUT + 2];
  const above = bytes === 4 ? 0 : -1 << (bytes * 8);
  if (words[OUT + 1] === words[OUT + 3] && (minLo & above) === (maxLo & above)) {
    const a = extend(minLo, bytes);
    const b = extend(maxLo, bytes);
    if ((a ^ b) >= 0) {
      const min = Math.min(a, b);
      const max = Math.max(a, b);
      setSigned64(WORK, min, min >> 31, max, max >> 31);
      setSigned32(WORK, min, max);
      const spread = spreadMask(min, max);
      setTnum(WORK, min & ~spread, min >> 31, spread, 0);
      return freeze(WORK, s);
    }
  }
  const max = bytes === 4 ? 0x7fffffff : (1 << (bytes * 8 - 1)) - 1;
  setSigned64(WORK, ~max, -1, max, 0);
  setSigned32(WORK, ~max, max);
  setTnumUnknown(WORK);
  return freeze(WORK, s);
}

/**
 * The low `bytes` of `s`, sign-extended to 32 bits and zero-extended from there: `w1 = (s8)w2`
 * (`coerce_subreg_to_size_sx`, then the zero extension of 32-bit operations).
 */
export function signExtend32(s: Scalar, bytes: 1 | 2): Scalar {
  load(WORK, s);
  if ((words[s + MASK_LO] | words[s + MASK_HI]) === 0) {
    const n = extend(words[s], bytes);
    setTnum(WORK, n, n >> 31, 0, 0);
    setSigned32(WORK, n, n);
  } else {
    const above = -1 << (bytes * 8);
    const lowest = s32min(s);
    const highest = s32max(s);
    const a = extend(lowest, bytes);
    const b = extend(highest, bytes);
    if ((lowest & above) === (highest & above) && (a ^ b) >= 0) {
      const min = Math.min(a, b);
      const max = Math.max(a, b);
      const spread = spreadMask(min, max);
      setSigned32(WORK, min, max);
      setTnum(WORK, min & ~spread, 0, spread, 0);
    } else {
      const max = (1 << (bytes * 8 - 1)) - 1;
      setSigned32(WORK, ~max, max);
      setTnum(WORK, 0, 0, -1, 0);
    }
  }
  zeroExtend(WORK);
  sync(WORK);
  return freeze(WORK, s);
}

function swap32(n: number): number {
  return (n << 24) | ((n & 0xff00) << 8) | ((n >>> 8) & 0xff00) | (n >>> 24);
}

function swap16(n: number): number {
  return ((n & 0xff) << 8) | ((n >>> 8) & 0xff);
}

/** Which byte order operation: to little endian, to big endian, or an unconditional swap. */
export type ByteOrder = 'le' | 'be' | 'bswap';

/** `le16 r1` … `bswap64 r1` on a little-endian machine (`scalar_byte_swap` and the sync that follows it). */
export function byteSwap(order: ByteOrder, bits: 16 | 32 | 64, s: Scalar): Scalar {
  load(WORK, s);
  if (order !== 'le') {
    if (bits === 16) setTnum(WORK, swap16(words[s]), 0, swap16(words[s + MASK_LO]), 0);
    else if (bits === 32) setTnum(WORK, swap32(words[s]), 0, swap32(words[s + MASK_LO]), 0);
    else
      setTnum(
        WORK,
        swap32(words[s + VALUE_HI]),
        swap32(words[s]),
        swap32(words[s + MASK_HI]),
        swap32(words[s + MASK_LO]),
      );
    setUnbounded(WORK);
  }
  if (bits !== 64) cutTo(WORK, bits === 16 ? 2 : 4);
  sync(WORK);
  return freeze(WORK, s);
}

/** True when every value of `s` fits into 32 bits unsigned, so that `w1 = w2` copies it whole. */
export function fitsU32(s: Scalar): boolean {
  unsignedBounds(s, OUT);
  return words[OUT + 3] === 0;
}

/** True when sign extension from `bytes` leaves every value of `s` as it is: none reaches the sign bit. */
export function belowSignBit(s: Scalar, bytes: 1 | 2 | 4): boolean {
  unsignedBounds(s, OUT);
  return words[OUT + 3] === 0 && words[OUT + 2] >>> 0 < 2 ** (bytes * 8 - 1);
}

/** True when `s` plus `offset` is a multiple of `size` (a power of two up to 8, or 0 for "no matter"). */
export function isAligned(s: Scalar, offset: number, size: number): boolean {
  if (size === 0) return true;
  const vl = (words[s + VALUE_LO] + offset) | 0;
  const ml = words[s + MASK_LO];
  const unknown = ((ml + vl) ^ vl) | ml;
  return (((vl & ~unknown) | unknown) & (size - 1)) === 0;
}
