import { MASK_HI, MASK_LO, OUT, VALUE_HI, words, type Scalar } from '../domain/arena.ts';
import { signedBounds, unsignedBounds } from '../domain/ranges.ts';

/**
 * Offsets and sizes read from scalars. Numbers are doubles: exact up to 2^53 and rounded beyond, which is enough to
 * compare them with limits; texts take the exact `…Big` forms.
 */

/** Offsets of this size and more never pass as bounded (kernel: BPF_MAX_VAR_OFF). */
export const MAX_VAR_OFF = 1 << 29;
/** Sizes of this size and more never pass as bounded (kernel: BPF_MAX_VAR_SIZ). */
export const MAX_VAR_SIZ = 1 << 29;
/** Smallest signed 64-bit number. */
export const S64_MIN = -(2 ** 63);

const TWO32 = 4294967296;

/** Is the value known, every bit of it? */
export function isConst(s: Scalar): boolean {
  return (words[s + MASK_LO] | words[s + MASK_HI]) === 0;
}

/** Low 32 bits of a known value, signed: what C gets when it stores the value in an `int`. */
export function constLow(s: Scalar): number {
  return words[s];
}

/** A known value read as signed 64 bits. */
export function constNumber(s: Scalar): number {
  return words[s + VALUE_HI] * TWO32 + (words[s] >>> 0);
}

/** A known value, exact, read as signed 64 bits. */
export function constBig(s: Scalar): bigint {
  return big(words[s], words[s + VALUE_HI]);
}

/** Is it the known value 0? */
export function isZero(s: Scalar): boolean {
  return (words[s] | words[s + VALUE_HI] | words[s + MASK_LO] | words[s + MASK_HI]) === 0;
}

export function smin(s: Scalar): number {
  signedBounds(s, OUT);
  return words[OUT + 1] * TWO32 + (words[OUT] >>> 0);
}

export function smax(s: Scalar): number {
  signedBounds(s, OUT);
  return words[OUT + 3] * TWO32 + (words[OUT + 2] >>> 0);
}

export function umin(s: Scalar): number {
  unsignedBounds(s, OUT);
  return (words[OUT + 1] >>> 0) * TWO32 + (words[OUT] >>> 0);
}

export function umax(s: Scalar): number {
  unsignedBounds(s, OUT);
  return (words[OUT + 3] >>> 0) * TWO32 + (words[OUT + 2] >>> 0);
}

/** Low 32 bits of the signed minimum. */
export function sminLow(s: Scalar): number {
  signedBounds(s, OUT);
  return words[OUT];
}

/** Low 32 bits of the unsigned maximum. */
export function umaxLow(s: Scalar): number {
  unsignedBounds(s, OUT);
  return words[OUT + 2];
}

export function sminBig(s: Scalar): bigint {
  signedBounds(s, OUT);
  return big(words[OUT], words[OUT + 1]);
}

export function uminBig(s: Scalar): bigint {
  unsignedBounds(s, OUT);
  return BigInt.asUintN(64, big(words[OUT], words[OUT + 1]));
}

export function umaxBig(s: Scalar): bigint {
  unsignedBounds(s, OUT);
  return BigInt.asUintN(64, big(words[OUT + 2], words[OUT + 3]));
}

/** Does every value fit into `bytes` bytes unsigned? (kernel: get_reg_width(reg) <= 8 * bytes) */
export function fitsBytes(s: Scalar, bytes: number): boolean {
  if (bytes === 8) return true;
  unsignedBounds(s, OUT);
  return words[OUT + 3] === 0 && (bytes === 4 || words[OUT + 2] >>> 0 < 1 << (8 * bytes));
}

/** The bits as the log writes them: `(0x0; 0xff)` (kernel: tnum_strn). */
export function tnumText(s: Scalar): string {
  const value = BigInt.asUintN(64, big(words[s], words[s + VALUE_HI]));
  const mask = BigInt.asUintN(64, big(words[s + MASK_LO], words[s + MASK_HI]));
  return `(${hex(value)}; ${hex(mask)})`;
}

function hex(n: bigint): string {
  return `0x${n.toString(16)}`;
}

function big(lo: number, hi: number): bigint {
  return (BigInt(hi) << 32n) | BigInt(lo >>> 0);
}
