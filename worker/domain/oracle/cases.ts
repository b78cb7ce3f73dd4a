/**
 * Questions that both this domain and the kernel's own code can answer, in one binary form.
 *
 * A request is four int32 (kind, p1, p2, p3) and two records, little-endian; a record is u64 tnum value, mask, range
 * base, size, then u32 base and size, exactly as in the arena. A response is eight int64 and four records. The C side
 * is `oracle.c`.
 */
import { type Scalar, WORK, freeze, load, words } from '../arena.ts';
import {
  type RawScalar,
  UNKNOWN,
  addLinked,
  alu,
  boundsFault,
  byteSwap,
  constantS32,
  decide,
  fromBigint,
  fromRaw,
  isAligned,
  narrowS32,
  packetAdd,
  packetSub,
  pointerAdd,
  pointerSub,
  rangeWithin,
  signExtend32,
  signExtend64,
  tnumIn,
  truncate,
  view,
  ways,
  withLow32,
  withSignedRange,
  withUnsignedRange,
  zext32,
} from '../scalar.ts';
import { sync } from '../sync.ts';

/** Bytes per request and per response. */
export const REQUEST = 96;
export const RESPONSE = 224;
const RECORD_BYTES = 40;

/** One question: which operation, its parameters, its operands. */
export interface Case {
  readonly kind: number;
  readonly p1: number;
  readonly p2: number;
  readonly p3: number;
  readonly a: Scalar;
  readonly b: Scalar;
}

/** What was answered: loose numbers and values. */
export interface Answer {
  readonly numbers: readonly (number | bigint)[];
  readonly values: readonly Scalar[];
}

interface Kind {
  readonly name: string;
  readonly answer: (c: Case) => Answer;
  readonly choose: (r: Random, a: Scalar, b: Scalar) => Partial<Case>;
}

function value(s: Scalar): Answer {
  return { numbers: [], values: [s] };
}

function synced(s: Scalar): Scalar {
  load(WORK, s);
  sync(WORK);
  return freeze(WORK, s);
}

const FAULTS = [
  null,
  'range bounds violation',
  'const tnum out of sync with range bounds',
  'const subreg tnum out of sync with range bounds',
];
const ALU_OPS = [0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90, 0xa0, 0xc0];
const JUMP_OPS = [0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0xa0, 0xb0, 0xc0, 0xd0];
const ORDERS = ['le', 'be', 'bswap'] as const;

/** The kinds of questions; the index is the request's `kind`. */
export const KINDS: readonly Kind[] = [
  {
    name: 'alu (p1 op, p2 is 64-bit, p3 offset)',
    answer: (c) => value(alu(c.p1, c.p2 === 1, c.p3, c.a, c.b)),
    choose: (r) => {
      const p1 = r.of(ALU_OPS);
      const p2 = r.below(2);
      const p3 = r.below(2);
      const divides = p1 === 0x30 || p1 === 0x90;
      const shifts = p1 === 0x60 || p1 === 0x70 || p1 === 0xc0;
      if (divides && r.below(8) > 0)
        return { p1, p2, p3, b: r.below(2) ? constantS32(r.int32()) : fromBigint(r.u64()) };
      if (shifts && r.below(8) > 0) return { p1, p2, p3, b: constantS32(r.below(p2 ? 64 : 32)) };
      return { p1, p2, p3 };
    },
  },
  {
    name: 'byte swap (p1 order, p2 bits)',
    answer: (c) => value(byteSwap(ORDERS[c.p1], c.p2 as 16 | 32 | 64, c.a)),
    choose: (r) => ({ p1: r.below(3), p2: r.of([16, 32, 64]) }),
  },
  { name: 'zero extension', answer: (c) => value(zext32(c.a)), choose: () => ({}) },
  {
    name: 'truncation (p1 bytes)',
    answer: (c) => value(truncate(c.a, c.p1 as 1 | 2 | 4)),
    choose: (r) => ({ p1: r.of([1, 2, 4]) }),
  },
  {
    name: 'sign extension (p1 bytes, p2 to 64)',
    answer: (c) => value(c.p2 ? signExtend64(c.a, c.p1 as 1 | 2 | 4) : signExtend32(c.a, c.p1 as 1 | 2)),
    choose: (r) => {
      const p2 = r.below(2);
      return { p1: r.of(p2 ? [1, 2, 4] : [1, 2]), p2 };
    },
  },
  {
    name: 'condition (p1 op, p2 is 32-bit, p3 same register)',
    answer: (c) => {
      const taken = decide(c.p1, c.p2 === 1, c.a, c.p3 ? c.a : c.b, c.p3 === 1);
      return {
        numbers: [taken],
        values: taken < 0 ? [ways.trueA, ways.trueB, ways.falseA, ways.falseB] : [],
      };
    },
    choose: (r, a) => {
      const p1 = r.of(JUMP_OPS);
      const p2 = r.below(2);
      if (r.below(20) === 0) return { p1, p2, p3: 1, b: a };
      if (r.below(3) === 0) return { p1, p2 };
      const v = view(a);
      return {
        p1,
        p2,
        b: fromBigint(r.of([v.umin, v.umax, v.smin, v.smax, r.u64()]) + BigInt(r.below(3) - 1)),
      };
    },
  },
  { name: 'sync', answer: (c) => value(synced(c.a)), choose: () => ({}) },
  {
    name: 'comparison',
    answer: (c) => ({
      numbers: [rangeWithin(c.a, c.b) ? 1 : 0, tnumIn(c.a, c.b) ? 1 : 0, FAULTS.indexOf(boundsFault(c.a))],
      values: [],
    }),
    choose: (r, a, b) => {
      if (r.below(2) || decide(0x20, false, a, b, false) >= 0) return {};
      return { b: ways.trueA };
    },
  },
  {
    name: 'narrowing to [p1, p2], signed 32-bit',
    answer: (c) => value(narrowS32(c.a, c.p1, c.p2)),
    choose: (r) => {
      const x = r.int32();
      const y = r.int32();
      return { p1: Math.min(x, y), p2: Math.max(x, y) };
    },
  },
  {
    name: 'pointer addition (p1 packet)',
    answer: (c) => value(c.p1 ? packetAdd(c.a, c.b) : pointerAdd(c.a, c.b)),
    choose: (r) => ({ p1: r.below(2) }),
  },
  {
    name: 'pointer subtraction (p1 packet)',
    answer: (c) => value(c.p1 ? packetSub(c.a, c.b) : pointerSub(c.a, c.b)),
    choose: (r) => ({ p1: r.below(2) }),
  },
  {
    name: 'linked addition of p1 - p3 (p2 is 32-bit)',
    answer: (c) => value(addLinked(c.a, c.p1 - c.p3, c.p2 === 1)),
    choose: (r) => ({ p1: r.int32(), p2: r.below(2), p3: r.int32() }),
  },
  {
    name: 'signed range [p1, p2]',
    answer: (c) => value(withSignedRange(c.a, c.p1, c.p2)),
    choose: (r) => ({ p1: r.int32(), p2: r.int32() }),
  },
  {
    name: 'bounds',
    answer: (c) => {
      const v = view(c.a);
      return {
        numbers: [v.smin, v.smax, v.umin, v.umax, v.s32min, v.s32max, v.u32min, v.u32max],
        values: [],
      };
    },
    choose: () => ({}),
  },
  {
    name: 'alignment (p1 offset, p2 size)',
    answer: (c) => ({ numbers: [isAligned(c.a, c.p1, c.p2) ? 1 : 0], values: [] }),
    choose: (r) => ({ p1: r.int32(), p2: r.of([0, 1, 2, 4, 8]) }),
  },
  {
    name: 'known low half p1',
    answer: (c) => value(withLow32(c.a, c.p1)),
    choose: (r) => ({ p1: r.int32() }),
  },
  {
    name: 'unsigned range [p1, p2]',
    answer: (c) => value(withUnsignedRange(c.a, c.p1 >>> 0, c.p2 >>> 0)),
    choose: (r) => ({ p1: r.int32(), p2: r.int32() }),
  },
];

/** A small deterministic generator of numbers that sit near the edges. */
export interface Random {
  below(n: number): number;
  of<T>(choices: readonly T[]): T;
  int32(): number;
  u64(): bigint;
}

const ALL = (1n << 64n) - 1n;
const EDGES = [0, 3, 7, 8, 15, 16, 31, 32, 33, 62, 63, 64].flatMap((n) => [
  (1n << BigInt(n)) & ALL,
  (1n << BigInt(n)) - 1n,
  -(1n << BigInt(n)) & ALL,
]);

export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const r: Random = {
    below: (n) => next() % n,
    of: (choices) => choices[next() % choices.length],
    int32: () => Number(BigInt.asIntN(32, r.u64())),
    u64: () => {
      const wide = (BigInt(next()) << 32n) | BigInt(next());
      switch (next() % 6) {
        case 0:
          return r.of(EDGES);
        case 1:
          return (r.of(EDGES) + BigInt(r.below(20)) - 10n) & ALL;
        case 2:
          return wide & 63n;
        case 3:
          return wide & 0xffff_ffffn;
        case 4:
          return wide >> BigInt(r.below(64));
        default:
          return wide;
      }
    },
  };
  return r;
}

/** A value whose components all admit some number; now and then one whose components contradict each other. */
function randomScalar(r: Random, pool: Scalar[]): Scalar {
  const pick = r.below(10);
  if (pick < 4) return r.of(pool);
  if (pick === 4) return fromBigint(r.u64());
  const member = r.u64();
  const mask = r.of([r.u64() & r.u64(), r.u64(), ALL, 0n]);
  let base = (member - (r.below(2) ? r.u64() : BigInt(r.below(100)))) & ALL;
  const needed = (member - base) & ALL;
  // Sizes around 2^32 are where the two ranges teach each other repeatedly.
  let size = needed + r.of([r.u64(), BigInt(r.below(100)), (1n << 32n) - needed + BigInt(r.below(100) - 50)]);
  if (size > ALL || size < needed || r.below(3) === 0) {
    base = 0n;
    size = ALL;
  }
  const low = Number(member & 0xffff_ffffn);
  let base32 = (low - (r.below(2) ? r.int32() : r.below(100))) >>> 0;
  let size32 = ((low - base32) >>> 0) + (r.below(2) ? r.int32() >>> 0 : r.below(100));
  if (size32 > 0xffff_ffff || r.below(3) === 0) {
    base32 = 0;
    size32 = 0xffff_ffff;
  }
  let parts: RawScalar = { value: member & ~mask & ALL, mask, base, size, base32, size32 };
  const contradictory = r.below(12) === 0;
  if (contradictory)
    parts = r.below(2)
      ? { ...parts, base: r.u64(), size: r.u64() }
      : { ...parts, base32: r.int32() >>> 0, size32: r.int32() >>> 0 };
  const s = fromRaw(parts);
  return contradictory && r.below(2) ? s : synced(s);
}

/** Situations that random numbers hardly ever meet. */
function corners(): Case[] {
  const none = { p1: 0, p2: 0, p3: 0, b: UNKNOWN };
  const nothing = { value: 0n, mask: ALL, base: 0n, size: ALL, base32: 0, size32: 0xffff_ffff };
  // Sums that fill the circle start at 0, unless they start at the largest signed number.
  const circles = [(1n << 63n) - 1n, (1n << 31n) - 1n, 1n << 63n, 5n].flatMap((n) =>
    [0, 1].flatMap((p1) => [
      { ...none, kind: 9, p1, a: UNKNOWN, b: fromBigint(n) },
      { ...none, kind: 10, p1, a: UNKNOWN, b: fromBigint(-n) },
      { ...none, kind: 0, p1: p1 * 0x10, p2: 1, a: UNKNOWN, b: fromBigint(n) },
    ]),
  );
  // A range of about 2^32 numbers loses most of them to the 32-bit range, which it then narrows in turn.
  const turns = [-2n, -1n, 0n, 1n, 2n].map((more) => ({
    ...none,
    kind: 6,
    a: fromRaw({ ...nothing, base: 0x11n, size: (1n << 32n) + more, base32: 0x10, size32: 2 }),
  }));
  // Left shifts whose top bit is just kept or just lost.
  const shifts = [1, 4, 31].flatMap((n) =>
    [-1, 0, 1, 2].flatMap((more) =>
      [0, 1].map((p2) => {
        const most = Math.max(2 ** ((p2 ? 63 : 31) - n) + more * (p2 ? 4096 : 1), 0);
        const size32 = Math.min(most, 0xffff_ffff);
        return {
          ...none,
          kind: 0,
          p1: 0x60,
          p2,
          a: fromRaw({ ...nothing, size: BigInt(p2 ? most : 2 ** 40), size32 }),
          b: constantS32(n),
        };
      }),
    ),
  );
  return [...circles, ...turns, ...shifts];
}

/** `count` questions, random but for the first few, results of earlier ones serving as operands of later ones. */
export function randomCases(seed: number, count: number): Case[] {
  const r = random(seed);
  const pool: Scalar[] = [UNKNOWN];
  const cases: Case[] = corners();
  while (cases.length < count) {
    const a = randomScalar(r, pool);
    const b = randomScalar(r, pool);
    const kind = r.of([0, 0, 0, 0, 5, 5, 5, r.below(KINDS.length)]);
    const c: Case = { kind, p1: 0, p2: 0, p3: 0, a, b, ...KINDS[kind].choose(r, a, b) };
    cases.push(c);
    for (const s of [a, ...KINDS[kind].answer(c).values]) {
      if (pool.length < 4000) pool.push(s);
      else pool[r.below(pool.length)] = s;
    }
  }
  return cases;
}

function putRecord(to: DataView, at: number, s: Scalar): void {
  for (let i = 0; i < 10; i++) to.setInt32(at + i * 4, words[s + i], true);
}

/** The requests of `cases`, one after the other. */
export function encode(cases: readonly Case[]): Uint8Array {
  const bytes = new Uint8Array(cases.length * REQUEST);
  const to = new DataView(bytes.buffer);
  cases.forEach((c, i) => {
    [c.kind, c.p1, c.p2, c.p3].forEach((n, j) => {
      to.setInt32(i * REQUEST + j * 4, n, true);
    });
    putRecord(to, i * REQUEST + 16, c.a);
    putRecord(to, i * REQUEST + 16 + RECORD_BYTES, c.b);
  });
  return bytes;
}

function getRecord(from: DataView, at: number): Scalar {
  return fromRaw({
    value: from.getBigUint64(at, true),
    mask: from.getBigUint64(at + 8, true),
    base: from.getBigUint64(at + 16, true),
    size: from.getBigUint64(at + 24, true),
    base32: from.getUint32(at + 32, true),
    size32: from.getUint32(at + 36, true),
  });
}

/** The request at `index`. */
export function decode(requests: Uint8Array, index: number): Case {
  const from = new DataView(requests.buffer, requests.byteOffset + index * REQUEST, REQUEST);
  return {
    kind: from.getInt32(0, true),
    p1: from.getInt32(4, true),
    p2: from.getInt32(8, true),
    p3: from.getInt32(12, true),
    a: getRecord(from, 16),
    b: getRecord(from, 16 + RECORD_BYTES),
  };
}

function text(from: DataView, at: number): string {
  const h = (n: number | bigint): string => n.toString(16);
  const w = [0, 8, 16, 24].map((i) => h(from.getBigUint64(at + i, true)));
  return `(${w[0]}; ${w[1]}) ${w[2]}+${w[3]} ${h(from.getUint32(at + 32, true))}+${h(from.getUint32(at + 36, true))}`;
}

/** How our answer to `c` differs from the response at `index`; null when it does not. */
export function difference(c: Case, responses: Uint8Array, index: number): string | null {
  const kernel = new DataView(responses.buffer, responses.byteOffset + index * RESPONSE, RESPONSE);
  const { numbers, values } = KINDS[c.kind].answer(c);
  const ours = new DataView(new ArrayBuffer(RESPONSE));
  values.forEach((s, i) => {
    putRecord(ours, 64 + i * RECORD_BYTES, s);
  });
  const wrong: string[] = [];
  numbers.forEach((n, i) => {
    const theirs = kernel.getBigInt64(i * 8, true);
    if (BigInt.asIntN(64, BigInt(n)) !== theirs)
      wrong.push(`number ${String(i)}: kernel ${String(theirs)}, ours ${String(n)}`);
  });
  values.forEach((_, i) => {
    const at = 64 + i * RECORD_BYTES;
    if (text(kernel, at) !== text(ours, at))
      wrong.push(`value ${String(i)}: kernel ${text(kernel, at)}, ours ${text(ours, at)}`);
  });
  if (wrong.length === 0) return null;
  const asked = new DataView(encode([c]).buffer);
  return `${KINDS[c.kind].name} p=${[c.p1, c.p2, c.p3].join(',')} a=${text(asked, 16)} b=${text(asked, 56)}\n  ${wrong.join('\n  ')}`;
}
