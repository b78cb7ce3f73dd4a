/**
 * No operation loses a possible value: all small sets, placed where numbers wrap or change sign, through every
 * operation, compared with what the instruction does to each member.
 */
import { describe, expect, test } from 'vitest';
import {
  ADD,
  AND,
  ARSH,
  DIV,
  JEQ,
  JGE,
  JGT,
  JLE,
  JLT,
  JNE,
  JSET,
  JSGE,
  JSGT,
  JSLE,
  JSLT,
  LSH,
  MOD,
  MUL,
  NEG,
  OR,
  RSH,
  SUB,
  type Scalar,
  XOR,
  alu,
  byteSwap,
  decide,
  fromRaw,
  isDead,
  raw,
  signExtend32,
  signExtend64,
  truncate,
  ways,
  withSignedRange,
  zext32,
  UNKNOWN,
} from './scalar.ts';

const ALL = (1n << 64n) - 1n;

/** Where the sets are placed: the number that the middle of the small circle stands for. */
const PLACES = {
  zero: 0n,
  'the 32-bit sign': 1n << 31n,
  'the 32-bit edge': 1n << 32n,
  'the 64-bit sign': 1n << 63n,
};

interface Sample {
  readonly scalar: Scalar;
  readonly members: readonly bigint[];
}

/** All intervals of three bits around `place`, and all sets of three-bit tnums. */
function samples(place: bigint): Sample[] {
  const found: Sample[] = [];
  for (let from = -4; from < 4; from++) {
    for (let to = from; to < 4; to++) {
      const members = Array.from({ length: to - from + 1 }, (_, i) =>
        BigInt.asUintN(64, place + BigInt(from + i)),
      );
      const base = members[0];
      const size = BigInt(to - from);
      found.push({
        scalar: fromRaw({
          value: 0n,
          mask: ALL,
          base,
          size,
          base32: Number(base & 0xffff_ffffn),
          size32: Number(size),
        }),
        members,
      });
    }
  }
  for (let mask = 0n; mask < 8n; mask++) {
    for (let value = 0n; value < 8n; value++) {
      if ((value & mask) !== 0n) continue;
      const members = Array.from({ length: 8 }, (_, i) => place + BigInt(i)).filter(
        (n) => (n & 7n & ~mask) === value,
      );
      found.push({
        scalar: fromRaw({ value: place | value, mask, base: 0n, size: ALL, base32: 0, size32: 0xffff_ffff }),
        members: members.map((n) => BigInt.asUintN(64, n)),
      });
    }
  }
  return found;
}

const SETS = Object.entries(PLACES).map(([place, n]) => ({ place, sets: samples(n) }));

/** Membership in a value, with its components read once. */
function membership(s: Scalar): (n: bigint) => boolean {
  if (isDead(s)) return () => false;
  const { value, mask, base, size, base32, size32 } = raw(s);
  const known = ~mask & ALL;
  const low = BigInt(base32);
  return (n) =>
    (n & known) === value &&
    BigInt.asUintN(64, n - base) <= size &&
    BigInt.asUintN(32, n - low) <= BigInt(size32);
}

function has(s: Scalar, n: bigint): boolean {
  return membership(s)(n);
}

type Concrete = (a: bigint, b: bigint, width: number) => bigint;

const signed = (n: bigint, width: number): bigint => BigInt.asIntN(width, n);
const OPERATIONS: readonly { name: string; op: number; off?: number; concrete: Concrete }[] = [
  { name: 'add', op: ADD, concrete: (a, b) => a + b },
  { name: 'sub', op: SUB, concrete: (a, b) => a - b },
  { name: 'mul', op: MUL, concrete: (a, b) => a * b },
  { name: 'and', op: AND, concrete: (a, b) => a & b },
  { name: 'or', op: OR, concrete: (a, b) => a | b },
  { name: 'xor', op: XOR, concrete: (a, b) => a ^ b },
  { name: 'neg', op: NEG, concrete: (a) => -a },
  { name: 'div', op: DIV, concrete: (a, b) => (b === 0n ? 0n : a / b) },
  { name: 'mod', op: MOD, concrete: (a, b) => (b === 0n ? a : a % b) },
  { name: 'sdiv', op: DIV, off: 1, concrete: (a, b, w) => (b === 0n ? 0n : signed(a, w) / signed(b, w)) },
  { name: 'smod', op: MOD, off: 1, concrete: (a, b, w) => (b === 0n ? a : signed(a, w) % signed(b, w)) },
  { name: 'lsh', op: LSH, concrete: (a, b) => a << b },
  { name: 'rsh', op: RSH, concrete: (a, b) => a >> b },
  { name: 'arsh', op: ARSH, concrete: (a, b, w) => signed(a, w) >> b },
];

/** Left and right operands from the same place, and from zero. */
const PAIRS = SETS.flatMap(({ place, sets }) => [
  { place, left: sets, right: sets },
  { place: `${place} and zero`, left: sets, right: SETS[0].sets },
]);

const shiftAmounts = [0, 1, 7, 31, 32, 63].map((n): Sample => ({
  scalar: withSignedRange(UNKNOWN, n, n),
  members: [BigInt(n)],
}));

describe.each(PAIRS)('around $place', ({ left, right }) => {
  test.each(OPERATIONS)('$name', ({ op, off, concrete }) => {
    const shifts = op === LSH || op === RSH || op === ARSH;
    for (const width of [64, 32]) {
      for (const a of left) {
        for (const b of shifts ? shiftAmounts.filter((s) => s.members[0] < width) : right) {
          const result = membership(alu(op, width === 64, off ?? 0, a.scalar, b.scalar));
          for (const x of a.members) {
            for (const y of b.members) {
              const n = BigInt.asUintN(
                width,
                concrete(BigInt.asUintN(width, x), BigInt.asUintN(width, y), width),
              );
              if (!result(n))
                throw new Error(
                  `${String(x)} op ${String(y)} = ${String(n)} is not in the ${String(width)}-bit result`,
                );
            }
          }
        }
      }
    }
  });

  const u = (f: (a: bigint, b: bigint) => boolean) => (a: bigint, b: bigint) => f(a, b);
  const s = (f: (a: bigint, b: bigint) => boolean) => (a: bigint, b: bigint, w: number) =>
    f(signed(a, w), signed(b, w));
  test.each([
    { name: '==', op: JEQ, holds: u((a, b) => a === b) },
    { name: '!=', op: JNE, holds: u((a, b) => a !== b) },
    { name: '&', op: JSET, holds: u((a, b) => (a & b) !== 0n) },
    { name: '>', op: JGT, holds: u((a, b) => a > b) },
    { name: '>=', op: JGE, holds: u((a, b) => a >= b) },
    { name: '<', op: JLT, holds: u((a, b) => a < b) },
    { name: '<=', op: JLE, holds: u((a, b) => a <= b) },
    { name: 's>', op: JSGT, holds: s((a, b) => a > b) },
    { name: 's>=', op: JSGE, holds: s((a, b) => a >= b) },
    { name: 's<', op: JSLT, holds: s((a, b) => a < b) },
    { name: 's<=', op: JSLE, holds: s((a, b) => a <= b) },
  ])('if a $name b', ({ op, holds }) => {
    for (const width of [64, 32]) {
      for (const a of left) {
        for (const b of right) {
          const taken = decide(op, width === 32, a.scalar, b.scalar, false);
          const yes = [membership(ways.trueA), membership(ways.trueB)];
          const no = [membership(ways.falseA), membership(ways.falseB)];
          for (const x of a.members) {
            for (const y of b.members) {
              const goes = holds(BigInt.asUintN(width, x), BigInt.asUintN(width, y), width);
              if (taken >= 0) {
                if ((taken === 1) !== goes)
                  throw new Error(`${String(x)}, ${String(y)} go the other way at ${String(width)} bits`);
                continue;
              }
              const [left, right] = goes ? yes : no;
              if (!left(x) || !right(y)) {
                throw new Error(
                  `${String(x)}, ${String(y)} are lost where the condition is ${String(goes)} at ${String(width)} bits`,
                );
              }
            }
          }
        }
      }
    }
  });

  test('changes of width', () => {
    for (const { scalar, members } of left) {
      for (const n of members) {
        expect(has(zext32(scalar), BigInt.asUintN(32, n))).toBe(true);
        for (const bytes of [1, 2, 4] as const) {
          expect(has(truncate(scalar, bytes), BigInt.asUintN(bytes * 8, n))).toBe(true);
          expect(has(signExtend64(scalar, bytes), BigInt.asUintN(64, BigInt.asIntN(bytes * 8, n)))).toBe(
            true,
          );
          if (bytes < 4) {
            expect(
              has(signExtend32(scalar, bytes as 1 | 2), BigInt.asUintN(32, BigInt.asIntN(bytes * 8, n))),
            ).toBe(true);
          }
        }
        for (const bits of [16, 32, 64] as const) {
          const swapped = BigInt(
            '0x' +
              (
                BigInt.asUintN(bits, n)
                  .toString(16)
                  .padStart(bits / 4, '0')
                  .match(/../g) ?? []
              )
                .reverse()
                .join(''),
          );
          expect(has(byteSwap('be', bits, scalar), swapped)).toBe(true);
          expect(has(byteSwap('bswap', bits, scalar), swapped)).toBe(true);
          expect(has(byteSwap('le', bits, scalar), BigInt.asUintN(bits, n))).toBe(true);
        }
      }
    }
  });
});
