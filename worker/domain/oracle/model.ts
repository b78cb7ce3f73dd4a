/**
 * A naive model of tnums and circular ranges, of any width, on bigints: definitions instead of tricks. It is checked
 * against sets of numbers at small widths, and the domain is checked against it at 64 and 32 bits.
 */

/** Known-one bits and unknown bits. */
export interface Tnum {
  readonly value: bigint;
  readonly mask: bigint;
}

/** First value and how many follow, on a circle of 2^width numbers. */
export interface Arc {
  readonly base: bigint;
  readonly size: bigint;
}

type Bit = 0 | 1 | 'x';

function bitOf(t: Tnum, i: number): Bit {
  if (((t.mask >> BigInt(i)) & 1n) === 1n) return 'x';
  return ((t.value >> BigInt(i)) & 1n) === 1n ? 1 : 0;
}

function fromBits(width: number, bit: (i: number) => Bit): Tnum {
  let value = 0n;
  let mask = 0n;
  for (let i = 0; i < width; i++) {
    const b = bit(i);
    if (b === 'x') mask |= 1n << BigInt(i);
    else value |= BigInt(b) << BigInt(i);
  }
  return { value, mask };
}

const CHOICES: Record<string, readonly number[]> = { 0: [0], 1: [1], x: [0, 1] };

function join(values: readonly number[]): Bit {
  if (values.includes(0)) return values.includes(1) ? 'x' : 0;
  return 1;
}

/** Bit by bit with a three-valued carry (or borrow): what a column can be, and what it can hand on. */
function ripple(width: number, a: Tnum, b: Tnum, sign: 1 | -1): Tnum {
  let carry: Bit = 0;
  return fromBits(width, (i) => {
    const sums: number[] = [];
    for (const x of CHOICES[bitOf(a, i)]) {
      for (const y of CHOICES[bitOf(b, i)])
        for (const c of CHOICES[carry]) sums.push(x + sign * y + sign * c);
    }
    carry = join(sums.map((s) => (s > 1 || s < 0 ? 1 : 0)));
    return join(sums.map((s) => s & 1));
  });
}

export function addTnum(width: number, a: Tnum, b: Tnum): Tnum {
  return ripple(width, a, b, 1);
}

export function subTnum(width: number, a: Tnum, b: Tnum): Tnum {
  return ripple(width, a, b, -1);
}

/** A bitwise operation, from its truth table. */
export function bitwise(width: number, a: Tnum, b: Tnum, op: (x: number, y: number) => number): Tnum {
  return fromBits(width, (i) =>
    join(CHOICES[bitOf(a, i)].flatMap((x) => CHOICES[bitOf(b, i)].map((y) => op(x, y)))),
  );
}

/** The numbers from `base` on that do not pass the end of the circle, then the rest. */
function segments(width: number, a: Arc): [bigint, bigint][] {
  const end = (1n << BigInt(width)) - 1n;
  const last = a.base + a.size;
  return last <= end
    ? [[a.base, last]]
    : [
        [a.base, end],
        [0n, last - end - 1n],
      ];
}

/** All ones twice: nobody. */
export function emptyArc(width: number): Arc {
  const all = (1n << BigInt(width)) - 1n;
  return { base: all, size: all };
}

export function isEmptyArc(width: number, a: Arc): boolean {
  const all = (1n << BigInt(width)) - 1n;
  return a.base === all && a.size === all;
}

/** The common part as one arc; where there are two parts, the smaller operand, the one with the lower base if equal. */
export function intersectArcs(width: number, a: Arc, b: Arc): Arc {
  if (isEmptyArc(width, a) || isEmptyArc(width, b)) return emptyArc(width);
  const modulus = 1n << BigInt(width);
  const [low, high] = a.base <= b.base ? [a, b] : [b, a];
  const parts: [bigint, bigint][] = [];
  // Measured from the start of the lower arc, which is then a single segment.
  for (const [from, to] of segments(width, { base: high.base - low.base, size: high.size })) {
    if (from <= low.size) parts.push([from, to < low.size ? to : low.size]);
  }
  if (parts.length === 2) return low.size <= high.size ? low : high;
  if (parts.length === 0) return emptyArc(width);
  const [from, to] = parts[0];
  return { base: (low.base + from) % modulus, size: to - from };
}

/** The unsigned bounds: the arc itself, or everything when it passes the end. */
export function unsignedOf(width: number, a: Arc): [bigint, bigint] {
  const all = (1n << BigInt(width)) - 1n;
  return a.base + a.size > all ? [0n, all] : [a.base, a.base + a.size];
}

/** The signed bounds: the arc itself, or everything when it passes the middle. */
export function signedOf(width: number, a: Arc): [bigint, bigint] {
  const half = 1n << BigInt(width - 1);
  const from = BigInt.asIntN(width, a.base);
  return from + a.size >= half ? [-half, half - 1n] : [from, from + a.size];
}

/** True when every number of `inner` is one of `outer`. */
export function arcWithin(width: number, outer: Arc, inner: Arc): boolean {
  if (isEmptyArc(width, inner)) return true;
  if (isEmptyArc(width, outer)) return false;
  const modulus = 1n << BigInt(width);
  if (outer.size === modulus - 1n)
    return BigInt.asUintN(width, inner.base - outer.base + inner.size) <= outer.size;
  return BigInt.asUintN(width, inner.base - outer.base) + inner.size <= outer.size;
}
