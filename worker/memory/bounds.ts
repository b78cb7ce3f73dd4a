import { MASK_HI, MASK_LO, OUT, VALUE_HI, words, type Scalar } from '../domain/arena.ts';
import { signedBounds, unsignedBounds } from '../domain/ranges.ts';

/** Offsets of this size and more never pass as bounded (kernel: BPF_MAX_VAR_OFF). */
export const MAX_VAR_OFF = 1 << 29;
/** Sizes of this size and more never pass as bounded (kernel: BPF_MAX_VAR_SIZ). */
export const MAX_VAR_SIZ = 1 << 29;
/** Smallest signed 64-bit number. */
export const S64_MIN = -(2 ** 63);

/** Low 32 bits of the signed minimum: what C gets when it stores the minimum in an `int`. */
export function sminLow(s: Scalar): number {
  signedBounds(s, OUT);
  return words[OUT];
}

/** Low 32 bits of the unsigned maximum. */
export function umaxLow(s: Scalar): number {
  unsignedBounds(s, OUT);
  return words[OUT + 2];
}

/** A known value, exact, read as signed 64 bits. */
export function constSigned(s: Scalar): bigint {
  return (BigInt(words[s + VALUE_HI]) << 32n) | BigInt(words[s] >>> 0);
}

/** Does every value fit into `bytes` bytes unsigned? (kernel: get_reg_width(reg) <= 8 * bytes) */
export function fitsBytes(s: Scalar, bytes: number): boolean {
  if (bytes === 8) return true;
  unsignedBounds(s, OUT);
  return words[OUT + 3] === 0 && (bytes === 4 || words[OUT + 2] >>> 0 < 1 << (8 * bytes));
}

/**
 * The bits as messages write them: a constant, in decimal if it is small, or value and unknown bits, `(0x0; 0xff)`
 * (kernel: tnum_strn).
 */
export function tnumText(s: Scalar): string {
  const value = unsigned(words[s], words[s + VALUE_HI]);
  const mask = unsigned(words[s + MASK_LO], words[s + MASK_HI]);
  if (mask !== 0n) return `(0x${value.toString(16)}; 0x${mask.toString(16)})`;
  if (value <= 0xffffn) return String(value);
  const signed = BigInt.asIntN(64, value);
  return signed >= -0x8000n && signed < 0n ? String(signed) : `0x${value.toString(16)}`;
}

function unsigned(lo: number, hi: number): bigint {
  return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
}
