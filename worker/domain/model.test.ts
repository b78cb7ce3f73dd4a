/** Tnums and ranges: exhaustively at four bits, and against the naive model at full width. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BASE32, BASE_LO, OPERAND, type Scalar, TRUE_A, WORK, words } from './arena.ts';
import {
  type Arc,
  type Tnum,
  addTnum,
  arcWithin,
  bitwise,
  emptyArc,
  intersectArcs,
  isEmptyArc,
  signedOf,
  subTnum,
  unsignedOf,
} from './oracle/model.ts';
import { intersect32, intersect64, subset32, subset64 } from './ranges.ts';
import { fromRaw, raw, tnumIn, view } from './scalar.ts';
import { tnumAdd, tnumAnd, tnumMul, tnumOr, tnumSub, tnumXor } from './tnum.ts';

const FULL: Arc = { base: 0n, size: (1n << 64n) - 1n };

function put(at: number, t: Tnum, arc: Arc, arc32: Arc): Scalar {
  [t.value, t.mask, arc.base, arc.size].forEach((n, i) => {
    words[at + i * 2] = Number(BigInt.asIntN(32, n));
    words[at + i * 2 + 1] = Number(BigInt.asIntN(32, n >> 32n));
  });
  words[at + BASE32] = Number(arc32.base);
  words[at + BASE32 + 1] = Number(arc32.size);
  return at;
}

function tnumAt(at: number): Tnum {
  const { value, mask } = raw(at);
  return { value, mask };
}

function arcAt(at: number): Arc {
  const { base, size } = raw(at);
  return { base, size };
}

function arc32At(at: number): Arc {
  const { base32, size32 } = raw(at);
  return { base: BigInt(base32), size: BigInt(size32) };
}

const nibbles = Array.from({ length: 16 }, (_, i) => BigInt(i));
const tnums4: Tnum[] = nibbles.flatMap((mask) =>
  nibbles.filter((v) => (v & mask) === 0n).map((value) => ({ value, mask })),
);
const arcs4: Arc[] = nibbles.flatMap((base) => nibbles.map((size) => ({ base, size })));
const members = (t: Tnum): bigint[] => nibbles.filter((n) => (n & ~t.mask) === t.value);
const onArc = (a: Arc): bigint[] =>
  isEmptyArc(4, a) ? [] : nibbles.filter((n) => BigInt.asUintN(4, n - a.base) <= a.size);

/** The most precise tnum that has all of `numbers`. */
function best(numbers: readonly bigint[]): Tnum {
  const mask = numbers.reduce((m, n) => m | (n ^ numbers[0]), 0n);
  return { value: numbers[0] & ~mask, mask };
}

interface Operation {
  readonly name: string;
  readonly domain: (r: number, a: number, b: number) => void;
  readonly concrete: (a: bigint, b: bigint) => bigint;
  /** The naive model, where the result is the most precise one. */
  readonly model?: (width: number, a: Tnum, b: Tnum) => Tnum;
}

const OPERATIONS: readonly Operation[] = [
  { name: 'add', domain: tnumAdd, concrete: (a, b) => a + b, model: addTnum },
  { name: 'sub', domain: tnumSub, concrete: (a, b) => a - b, model: subTnum },
  {
    name: 'and',
    domain: tnumAnd,
    concrete: (a, b) => a & b,
    model: (w, a, b) => bitwise(w, a, b, (x, y) => x & y),
  },
  {
    name: 'or',
    domain: tnumOr,
    concrete: (a, b) => a | b,
    model: (w, a, b) => bitwise(w, a, b, (x, y) => x | y),
  },
  {
    name: 'xor',
    domain: tnumXor,
    concrete: (a, b) => a ^ b,
    model: (w, a, b) => bitwise(w, a, b, (x, y) => x ^ y),
  },
  { name: 'mul', domain: tnumMul, concrete: (a, b) => a * b },
];

const ALL = (1n << 64n) - 1n;
const edge = fc.constantFrom(
  0n,
  1n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  1n << 32n,
  (1n << 63n) - 1n,
  1n << 63n,
  ALL - 1n,
  ALL,
);
const word = fc.oneof(
  edge,
  fc.bigInt({ min: 0n, max: ALL }),
  fc.tuple(edge, fc.bigInt({ min: -5n, max: 5n })).map(([e, d]) => BigInt.asUintN(64, e + d)),
);
const tnum64 = fc.tuple(word, word).map(([v, m]): Tnum => ({ value: v & ~m & ALL, mask: m }));
const arc64 = fc.tuple(word, word).map(([base, size]): Arc => ({ base, size }));
const arc32 = arc64.map((a): Arc => ({ base: a.base & 0xffff_ffffn, size: a.size & 0xffff_ffffn }));
const NOTHING: Tnum = { value: 0n, mask: ALL };
const runs = { numRuns: 3000 };

describe.each(OPERATIONS)('tnum $name', ({ domain, concrete, model }) => {
  test('at four bits: sound, and most precise where claimed', () => {
    for (const a of tnums4) {
      for (const b of tnums4) {
        domain(TRUE_A, put(WORK, a, FULL, FULL), put(OPERAND, b, FULL, FULL));
        const got = tnumAt(TRUE_A);
        const low = { value: got.value & 15n, mask: got.mask & 15n };
        const results = members(a).flatMap((x) => members(b).map((y) => BigInt.asUintN(4, concrete(x, y))));
        for (const n of results)
          if ((n & ~low.mask) !== low.value) throw new Error(`${String(n)} is missing`);
        if (model === undefined) continue;
        expect(low).toEqual(best(results));
        expect(model(4, a, b)).toEqual(best(results));
      }
    }
  });

  test('at 64 bits: as the model, or sound', () => {
    fc.assert(
      fc.property(tnum64, tnum64, word, word, (a, b, x, y) => {
        domain(TRUE_A, put(WORK, a, FULL, FULL), put(OPERAND, b, FULL, FULL));
        const got = tnumAt(TRUE_A);
        if (model !== undefined) expect(got).toEqual(model(64, a, b));
        const n = BigInt.asUintN(64, concrete(a.value | (x & a.mask), b.value | (y & b.mask)));
        expect(n & ~got.mask & ALL).toBe(got.value);
      }),
      runs,
    );
  });
});

test('tnum inclusion at four bits', () => {
  for (const a of tnums4) {
    for (const b of tnums4) {
      put(WORK, a, FULL, FULL);
      put(OPERAND, b, FULL, FULL);
      expect(tnumIn(WORK, OPERAND)).toBe(members(b).every((n) => members(a).includes(n)));
    }
  }
});

describe('ranges', () => {
  test('the model of intersection is right at four bits', () => {
    for (const a of arcs4) {
      for (const b of arcs4) {
        const both = onArc(a).filter((n) => onArc(b).includes(n));
        const got = intersectArcs(4, a, b);
        const parts = both.filter((n) => !both.includes((n + 15n) % 16n)).length;
        if (both.length === 0) expect(got).toEqual(emptyArc(4));
        else if (parts <= 1 && both.length < 16) expect(onArc(got)).toEqual(both);
        else expect(onArc(got).length).toBe(Math.min(onArc(a).length, onArc(b).length));
      }
    }
  });

  test('the model of inclusion is right at four bits', () => {
    for (const a of arcs4) {
      for (const b of arcs4) {
        // A displaced full circle is compared by position, as the kernel does.
        if (a.size === 15n && !isEmptyArc(4, a)) continue;
        expect(arcWithin(4, a, b)).toBe(onArc(b).every((n) => onArc(a).includes(n)));
      }
    }
  });

  test('intersection and inclusion of all four-bit ranges, as blocks at the top of 64 and 32 bits', () => {
    const scale = (a: Arc, up: bigint): Arc => ({
      base: a.base << up,
      size: (a.size << up) | ((1n << up) - 1n),
    });
    for (const a of arcs4) {
      for (const b of arcs4) {
        const wide = [scale(a, 60n), scale(b, 60n)] as const;
        const narrow = [scale(a, 28n), scale(b, 28n)] as const;
        put(WORK, NOTHING, wide[0], narrow[0]);
        put(OPERAND, NOTHING, wide[1], narrow[1]);
        expect(subset64(WORK, OPERAND)).toBe(arcWithin(64, wide[0], wide[1]));
        expect(subset32(WORK, OPERAND)).toBe(arcWithin(32, narrow[0], narrow[1]));
        const w = (i: number): number => words[OPERAND + BASE_LO + i];
        intersect64(WORK, w(0), w(1), w(2), w(3));
        intersect32(WORK, w(4), w(5));
        expect(arcAt(WORK)).toEqual(intersectArcs(64, wide[0], wide[1]));
        expect(arc32At(WORK)).toEqual(intersectArcs(32, narrow[0], narrow[1]));
      }
    }
  });

  test('intersection, inclusion and bounds at full width', () => {
    fc.assert(
      fc.property(arc64, arc64, arc32, arc32, (a, b, c, d) => {
        put(WORK, NOTHING, a, c);
        put(OPERAND, NOTHING, b, d);
        expect(subset64(WORK, OPERAND)).toBe(arcWithin(64, a, b));
        expect(subset32(WORK, OPERAND)).toBe(arcWithin(32, c, d));
        if (!isEmptyArc(64, a) && !isEmptyArc(32, c)) {
          const v = view(
            fromRaw({
              ...NOTHING,
              base: a.base,
              size: a.size,
              base32: Number(c.base),
              size32: Number(c.size),
            }),
          );
          expect([v.umin, v.umax]).toEqual(unsignedOf(64, a));
          expect([v.smin, v.smax]).toEqual(signedOf(64, a));
          expect([v.u32min, v.u32max].map(BigInt)).toEqual(unsignedOf(32, c));
          expect([v.s32min, v.s32max].map(BigInt)).toEqual(signedOf(32, c));
        }
        put(WORK, NOTHING, a, c);
        put(OPERAND, NOTHING, b, d);
        const w = (i: number): number => words[OPERAND + BASE_LO + i];
        intersect64(WORK, w(0), w(1), w(2), w(3));
        intersect32(WORK, w(4), w(5));
        expect(arcAt(WORK)).toEqual(intersectArcs(64, a, b));
        expect(arc32At(WORK)).toEqual(intersectArcs(32, c, d));
      }),
      runs,
    );
  });
});
