/** A range of integers, both ends included. */
export interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

/** What a number line spans: numbers of a width, with or without a sign. */
export interface Axis {
  readonly bits: 32 | 64;
  readonly signed: boolean;
}

/** log2(1 + n) of a number that is not negative. */
function magnitude(n: bigint): number {
  const bits = n.toString(2).length;
  if (bits <= 52) return Math.log2(1 + Number(n));
  return Math.log2(Number(n >> BigInt(bits - 52))) + bits - 52;
}

/**
 * Where a number stands on the line, 0 to 1. Small numbers matter as much as large ones: distances are those of the
 * logarithms, and with a sign zero is in the middle.
 */
export function place(n: bigint, { bits, signed }: Axis): number {
  const share = (value: bigint, most: number): number => Math.min(magnitude(value) / most, 1);
  if (!signed) return share(n, bits);
  return n < 0n ? 0.5 - share(-n, bits - 1) / 2 : 0.5 + share(n, bits - 1) / 2;
}

export interface Tick {
  readonly at: number;
  /** Power of two, as its exponent; 0 stands for zero. */
  readonly power: number;
  readonly negative: boolean;
}

/** Zero and some powers of two. */
export function ticks(axis: Axis): readonly Tick[] {
  const all = axis.bits === 64 ? [8, 16, 32, 64] : [8, 16, 32];
  // with a sign there is room for half as many
  const powers = axis.signed ? all.filter((power) => power !== all[axis.bits === 64 ? 0 : 1]) : all;
  const top = axis.bits - (axis.signed ? 1 : 0);
  const known = powers.map((power) => Math.min(power, top));
  const tick = (power: number, negative: boolean): Tick => {
    const n = power === 0 ? 0n : (1n << BigInt(power)) - 1n;
    return { at: place(negative ? -n : n, axis), power, negative };
  };
  const right = [0, ...known].map((power) => tick(power, false));
  return axis.signed ? [...known.map((power) => tick(power, true)).reverse(), ...right] : right;
}
