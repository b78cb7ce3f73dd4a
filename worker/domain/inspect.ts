/** Questions about a single value. Numbers are doubles: exact up to 2^53, correctly rounded beyond. */
import {
  MASK_HI,
  MASK_LO,
  OUT,
  type Scalar,
  UNKNOWN,
  VALUE_HI,
  VALUE_LO,
  constant,
  isPlainConst,
  sameWords,
  words,
} from './arena.ts';
import { s32max, s32min, signedBounds, u32max, u32min, unsignedBounds } from './ranges.ts';

const TWO32 = 0x1_0000_0000;

/** The constant `n`, sign-extended from 32 bits. */
export function constantS32(n: number): Scalar {
  return constant(n, n >> 31);
}

/** The constant `n`, zero-extended from 32 bits. */
export function constantU32(n: number): Scalar {
  return constant(n, 0);
}

/** The constant `v`, modulo 2^64. */
export function fromBigint(v: bigint): Scalar {
  return constant(Number(BigInt.asIntN(32, v)), Number(BigInt.asIntN(32, v >> 32n)));
}

/** True when the tnum is a constant. */
export function isConst(s: Scalar): boolean {
  return (words[s + MASK_LO] | words[s + MASK_HI]) === 0;
}

/** True when the low half of the tnum is a constant. */
export function isConst32(s: Scalar): boolean {
  return words[s + MASK_LO] === 0;
}

/** Low and high word of the tnum's value: the constant itself, when it is one. int32. */
export function constLo(s: Scalar): number {
  return words[s + VALUE_LO];
}
export function constHi(s: Scalar): number {
  return words[s + VALUE_HI];
}

/** Low and high word of the tnum's mask. int32. */
export function maskLo(s: Scalar): number {
  return words[s + MASK_LO];
}
export function maskHi(s: Scalar): number {
  return words[s + MASK_HI];
}

/** The tnum's value as a signed number: the constant itself, when it is one. */
export function constNumber(s: Scalar): number {
  return words[s + VALUE_HI] * TWO32 + (words[s] >>> 0);
}

/** The tnum's value as a bigint in [0, 2^64). */
export function constBigint(s: Scalar): bigint {
  return (BigInt(words[s + VALUE_HI] >>> 0) << 32n) | BigInt(words[s] >>> 0);
}

/** True when the tnum is the constant 0. */
export function isZero(s: Scalar): boolean {
  return (words[s] | words[s + VALUE_HI] | words[s + MASK_LO] | words[s + MASK_HI]) === 0;
}

/** True when nothing at all is known. */
export function isUnknown(s: Scalar): boolean {
  return s === UNKNOWN || sameWords(s, UNKNOWN);
}

/** True when the tnum says nothing. */
export function isTnumUnknown(s: Scalar): boolean {
  return (words[s + MASK_LO] & words[s + MASK_HI]) === -1;
}

/** True when all components are one and the same constant. */
export function isExact(s: Scalar): boolean {
  return isPlainConst(s);
}

/** True when the smallest signed value is negative. */
export function sminIsNegative(s: Scalar): boolean {
  signedBounds(s, OUT);
  return words[OUT + 1] < 0;
}

/** True when the smallest signed value is -2^63: nothing is known downwards. */
export function sminIsUnlimited(s: Scalar): boolean {
  signedBounds(s, OUT);
  return words[OUT] === 0 && words[OUT + 1] === -0x80000000;
}

export function sminNumber(s: Scalar): number {
  signedBounds(s, OUT);
  return words[OUT + 1] * TWO32 + (words[OUT] >>> 0);
}

export function smaxNumber(s: Scalar): number {
  signedBounds(s, OUT);
  return words[OUT + 3] * TWO32 + (words[OUT + 2] >>> 0);
}

export function uminNumber(s: Scalar): number {
  unsignedBounds(s, OUT);
  return (words[OUT + 1] >>> 0) * TWO32 + (words[OUT] >>> 0);
}

export function umaxNumber(s: Scalar): number {
  unsignedBounds(s, OUT);
  return (words[OUT + 3] >>> 0) * TWO32 + (words[OUT + 2] >>> 0);
}

export function s32minNumber(s: Scalar): number {
  return s32min(s);
}

export function s32maxNumber(s: Scalar): number {
  return s32max(s);
}

export function u32minNumber(s: Scalar): number {
  return u32min(s) >>> 0;
}

export function u32maxNumber(s: Scalar): number {
  return u32max(s) >>> 0;
}
