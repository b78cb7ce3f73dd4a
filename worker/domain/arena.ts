/**
 * The store of all scalar values: one fixed Int32Array, ten words per value.
 *
 * A {@link Scalar} is the offset of a record's first word. A record that has been handed out never changes, so a
 * handle can be kept in any number of states. Equal handles mean equal values; equal values mostly share a handle
 * (small constants always do, the rest through a lossy cache), but only `sameScalar` decides.
 *
 * Record layout, 64-bit quantities low word first:
 *
 *     0 1   tnum value      bits known to be one
 *     2 3   tnum mask       bits that are unknown; value & mask is always 0
 *     4 5   64-bit range    first value of a circular range
 *     6 7                   how many values follow the first one
 *     8     32-bit range    first value of the circular range of the low half
 *     9                     how many values follow it
 *
 * A range whose base and size are all ones is the empty range: nobody can be in it.
 *
 * The lowest records are scratch: operations build their result there and {@link freeze} it.
 */
export type Scalar = number;

export const VALUE_LO = 0;
export const VALUE_HI = 1;
export const MASK_LO = 2;
export const MASK_HI = 3;
export const BASE_LO = 4;
export const BASE_HI = 5;
export const SIZE_LO = 6;
export const SIZE_HI = 7;
export const BASE32 = 8;
export const SIZE32 = 9;
/** Words per record. */
export const RECORD = 10;

/** Where a one-result operation builds its result. */
export const WORK = 0;
/** A second record, for an operand that has to be changed first. */
export const OPERAND = 10;
/** The four results of a condition. */
export const TRUE_A = 20;
export const TRUE_B = 30;
export const FALSE_A = 40;
export const FALSE_B = 50;
/** Loose words in which helpers hand back more than one number. */
export const OUT = 60;
/** As {@link OUT}, for the second operand. */
export const OUT2 = 70;

const CONSTANTS = 90;
const SMALLEST = -256;
const LARGEST = 1023;
const NARROW = CONSTANTS + (LARGEST - SMALLEST + 1) * RECORD;
const FIRST_FREE = NARROW + 3 * RECORD;

/** Size of the arena: 256 MB of address space (6.7 million values); pages that were never written cost nothing. */
export const ARENA_WORDS = 1 << 26;

/** Nothing is known: every 64-bit value is possible. */
export const UNKNOWN: Scalar = 80;
/** Nothing is known of the low 8, 16 or 32 bits and all above them are zero: what a narrow load yields. */
export const UNKNOWN_U8: Scalar = NARROW;
export const UNKNOWN_U16: Scalar = NARROW + RECORD;
export const UNKNOWN_U32: Scalar = NARROW + 2 * RECORD;
/** The constant 0. */
export const ZERO: Scalar = CONSTANTS - SMALLEST * RECORD;

/**
 * The words themselves. A module-level constant of fixed length, so that the compiler folds its address and length
 * into the code; a resizable or replaceable array costs a multiple.
 */
export const words = new Int32Array(ARENA_WORDS);

const INTERN_BITS = 16;
const CONSTANT_BITS = 12;
/** Handles by hash, latest wins; an entry counts only when what it points to is equal. */
const interned = new Int32Array(1 << INTERN_BITS);
const internedConstants = new Int32Array(1 << CONSTANT_BITS);

let top = FIRST_FREE;
let limit = ARENA_WORDS;

/** The arena has no room for another value. Raised by whatever operation needed it; nothing has been corrupted. */
export class ArenaFull extends Error {
  override readonly name = 'ArenaFull';
  constructor(readonly capacity: number) {
    super(`the value arena is full: ${String(capacity)} scalar values are alive or were not released`);
  }
}

/** A point to return to with {@link arenaReset}: everything allocated later is released together. */
export type ArenaMark = number;

/** Remembers how full the arena is. Take one before a verification and reset to it when its states are dropped. */
export function arenaMark(): ArenaMark {
  return top;
}

/**
 * Releases every value allocated since `mark`. Handles obtained since then must not be used again; memos that hold such
 * handles have to be dropped by their owner.
 */
export function arenaReset(mark: ArenaMark): void {
  if (mark < FIRST_FREE || mark > top || (mark - FIRST_FREE) % RECORD !== 0)
    throw new RangeError(`not an arena mark: ${String(mark)}`);
  top = mark;
  forgetInterned();
}

/** How many values are stored at the moment, and how many fit. */
export function arenaUsage(): { used: number; capacity: number } {
  return { used: (top - FIRST_FREE) / RECORD, capacity: Math.floor((limit - FIRST_FREE) / RECORD) };
}

/** Lowers the capacity to `values`, so that a test can fill the arena; without an argument restores it. */
export function arenaLimitForTest(values?: number): void {
  limit = values === undefined ? ARENA_WORDS : FIRST_FREE + values * RECORD;
}

/**
 * Keeps only the values in `live`, and all that are older than `floor`, and moves them together. Returns the translation of a live handle to its new place
 * (predefined values stay where they are); the caller rewrites its handles with it and drops its memos.
 * Meant for the moment when {@link ArenaFull} threatens; costs a sort of the live set.
 */
export function arenaCompact(live: Iterable<Scalar>, floor: ArenaMark = FIRST_FREE): (old: Scalar) => Scalar {
  if (floor < FIRST_FREE || floor > top) throw new RangeError(`not an arena mark: ${String(floor)}`);
  const moved = new Map<Scalar, Scalar>();
  for (const s of live) if (s >= floor) moved.set(s, s);
  let to = floor;
  for (const from of Int32Array.from(moved.keys()).sort()) {
    words.copyWithin(to, from, from + RECORD);
    moved.set(from, to);
    to += RECORD;
  }
  top = to;
  forgetInterned();
  return (old) => {
    if (old < floor) return old;
    const now = moved.get(old);
    if (now === undefined) throw new RangeError(`scalar ${String(old)} was not among the live ones`);
    return now;
  };
}

/** Copies the record at `from` over the scratch record at `to`. */
export function load(to: number, from: Scalar): void {
  words[to] = words[from];
  words[to + 1] = words[from + 1];
  words[to + 2] = words[from + 2];
  words[to + 3] = words[from + 3];
  words[to + 4] = words[from + 4];
  words[to + 5] = words[from + 5];
  words[to + 6] = words[from + 6];
  words[to + 7] = words[from + 7];
  words[to + 8] = words[from + 8];
  words[to + 9] = words[from + 9];
}

/** True when the records at `a` and `b` hold the same value. */
export function sameWords(a: number, b: number): boolean {
  return (
    words[a] === words[b] &&
    words[a + 4] === words[b + 4] &&
    words[a + 6] === words[b + 6] &&
    words[a + 2] === words[b + 2] &&
    words[a + 8] === words[b + 8] &&
    words[a + 9] === words[b + 9] &&
    words[a + 1] === words[b + 1] &&
    words[a + 3] === words[b + 3] &&
    words[a + 5] === words[b + 5] &&
    words[a + 7] === words[b + 7]
  );
}

/** True when `r` is a constant in all three of its components (tnum, 64-bit range, 32-bit range) and they agree. */
export function isPlainConst(r: number): boolean {
  return (
    words[r + MASK_LO] === 0 &&
    (words[r + MASK_HI] |
      words[r + SIZE_LO] |
      words[r + SIZE_HI] |
      words[r + SIZE32] |
      (words[r + BASE_LO] ^ words[r]) |
      (words[r + BASE_HI] ^ words[r + VALUE_HI]) |
      (words[r + BASE32] ^ words[r])) ===
      0
  );
}

/** Turns the scratch record `r` into the constant `hi:lo`. */
export function setConst(r: number, lo: number, hi: number): void {
  words[r] = lo;
  words[r + 1] = hi;
  words[r + 2] = 0;
  words[r + 3] = 0;
  words[r + 4] = lo;
  words[r + 5] = hi;
  words[r + 6] = 0;
  words[r + 7] = 0;
  words[r + 8] = lo;
  words[r + 9] = 0;
}

/** Forgets both ranges of the scratch record `r`; the tnum stays. */
export function setUnbounded(r: number): void {
  words[r + 4] = 0;
  words[r + 5] = 0;
  words[r + 6] = -1;
  words[r + 7] = -1;
  words[r + 8] = 0;
  words[r + 9] = -1;
}

/** Independent products, so that the processor works on them at once. */
function slotOf(r: number): number {
  const h =
    Math.imul(words[r] + words[r + 1], 0x9e3779b1) ^
    Math.imul(words[r + 2] + (words[r + 3] << 1), 0x85ebca6b) ^
    Math.imul(words[r + 4] + words[r + 5], 0xc2b2ae35) ^
    Math.imul(words[r + 6] + (words[r + 7] << 1), 0x27d4eb2f) ^
    Math.imul(words[r + 8] + (words[r + 9] << 2), 0x165667b1);
  return Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) >>> (32 - INTERN_BITS);
}

const forgetful: (() => void)[] = [];

/** Calls `forget` whenever handles lose their meaning: what remembers handles must forget them then. */
export function whenForgotten(forget: () => void): void {
  forgetful.push(forget);
}

function forgetInterned(): void {
  for (const forget of forgetful) forget();
  interned.fill(0);
  internedConstants.fill(0);
  for (const s of [UNKNOWN, UNKNOWN_U8, UNKNOWN_U16, UNKNOWN_U32]) interned[slotOf(s)] = s;
}

function store(r: number): Scalar {
  const slot = slotOf(r);
  const known = interned[slot];
  if (known !== 0 && sameWords(known, r)) return known;
  const at = top;
  if (at + RECORD > limit) throw new ArenaFull(arenaUsage().capacity);
  top = at + RECORD;
  load(at, r);
  interned[slot] = at;
  return at;
}

/** The handle of what is in the scratch record `r`; `like` itself when that holds the same value. */
export function freeze(r: number, like: Scalar): Scalar {
  if (sameWords(r, like)) return like;
  if (isPlainConst(r)) return constant(words[r], words[r + 1]);
  return store(r);
}

/** The constant whose low and high 32 bits are given (any int32 or uint32). */
export function constant(lo: number, hi: number): Scalar {
  lo |= 0;
  hi |= 0;
  if (hi === lo >> 31 && lo >= SMALLEST && lo <= LARGEST) return ZERO + lo * RECORD;
  const slot = Math.imul(lo ^ Math.imul(hi, 0x85ebca6b), 0x9e3779b1) >>> (32 - CONSTANT_BITS);
  const known = internedConstants[slot];
  if (known !== 0 && words[known] === lo && words[known + 1] === hi && isPlainConst(known)) return known;
  if (top + RECORD > limit) throw new ArenaFull(arenaUsage().capacity);
  const at = top;
  top = at + RECORD;
  setConst(at, lo, hi);
  internedConstants[slot] = at;
  return at;
}

// Filling the predefined records.
words[UNKNOWN + MASK_LO] = -1;
words[UNKNOWN + MASK_HI] = -1;
setUnbounded(UNKNOWN);
for (const [s, mask] of [
  [UNKNOWN_U8, 0xff],
  [UNKNOWN_U16, 0xffff],
  [UNKNOWN_U32, -1],
]) {
  words[s + MASK_LO] = mask;
  words[s + SIZE_LO] = mask;
  words[s + SIZE32] = mask;
}
for (let n = SMALLEST; n <= LARGEST; n++) setConst(ZERO + n * RECORD, n, n >> 31);
for (const s of [UNKNOWN, UNKNOWN_U8, UNKNOWN_U16, UNKNOWN_U32]) interned[slotOf(s)] = s;
