/** Values as people read them. Cold: allocates. */
import {
  BASE32,
  BASE_LO,
  MASK_LO,
  OUT,
  SIZE32,
  SIZE_LO,
  type Scalar,
  UNKNOWN,
  VALUE_LO,
  WORK,
  freeze,
  words,
} from './arena.ts';
import { s32max, s32min, signedBounds, u32max, u32min, unsignedBounds } from './ranges.ts';

/** What is known about a value. 64-bit quantities are bigints: `value`, `mask`, `umin`, `umax` in [0, 2^64). */
export interface ScalarView {
  /** Bits known to be one. */
  readonly value: bigint;
  /** Bits that are unknown. */
  readonly mask: bigint;
  readonly smin: bigint;
  readonly smax: bigint;
  readonly umin: bigint;
  readonly umax: bigint;
  readonly s32min: number;
  readonly s32max: number;
  readonly u32min: number;
  readonly u32max: number;
}

/** The components as the kernel stores them: tnum and two circular ranges (first value, how many follow). */
export interface RawScalar {
  readonly value: bigint;
  readonly mask: bigint;
  readonly base: bigint;
  readonly size: bigint;
  readonly base32: number;
  readonly size32: number;
}

function unsigned(at: number): bigint {
  return (BigInt(words[at + 1] >>> 0) << 32n) | BigInt(words[at] >>> 0);
}

function signed(at: number): bigint {
  return (BigInt(words[at + 1]) << 32n) | BigInt(words[at] >>> 0);
}

/** The tnum and the four intervals of `s`. */
export function view(s: Scalar): ScalarView {
  unsignedBounds(s, OUT);
  const umin = unsigned(OUT);
  const umax = unsigned(OUT + 2);
  signedBounds(s, OUT);
  return {
    value: unsigned(s + VALUE_LO),
    mask: unsigned(s + MASK_LO),
    smin: signed(OUT),
    smax: signed(OUT + 2),
    umin,
    umax,
    s32min: s32min(s),
    s32max: s32max(s),
    u32min: u32min(s) >>> 0,
    u32max: u32max(s) >>> 0,
  };
}

/** The stored components of `s`. */
export function raw(s: Scalar): RawScalar {
  return {
    value: unsigned(s + VALUE_LO),
    mask: unsigned(s + MASK_LO),
    base: unsigned(s + BASE_LO),
    size: unsigned(s + SIZE_LO),
    base32: words[s + BASE32] >>> 0,
    size32: words[s + SIZE32] >>> 0,
  };
}

/** The value with the given components, as they are. For tests and for reading stored states; `value & mask` must be 0. */
export function fromRaw(c: RawScalar): Scalar {
  if ((c.value & c.mask) !== 0n) throw new RangeError('a tnum bit cannot be known and unknown');
  put(WORK + VALUE_LO, c.value);
  put(WORK + MASK_LO, c.mask);
  put(WORK + BASE_LO, c.base);
  put(WORK + SIZE_LO, c.size);
  words[WORK + BASE32] = c.base32;
  words[WORK + SIZE32] = c.size32;
  return freeze(WORK, UNKNOWN);
}

function put(at: number, v: bigint): void {
  words[at] = Number(v & 0xffff_ffffn);
  words[at + 1] = Number((v >> 32n) & 0xffff_ffffn);
}
