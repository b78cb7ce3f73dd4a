/**
 * Conditions: which way a jump goes, and what each way teaches about the two operands (the kernel's
 * `is_scalar_branch_taken`, `regs_refine_cond_op` and `simulate_both_branches_taken`).
 */
import {
  BASE32,
  BASE_HI,
  BASE_LO,
  FALSE_A,
  FALSE_B,
  MASK_HI,
  MASK_LO,
  OUT,
  OUT2,
  SIZE32,
  SIZE_HI,
  SIZE_LO,
  type Scalar,
  TRUE_A,
  TRUE_B,
  UNKNOWN,
  VALUE_HI,
  freeze,
  load,
  setUnbounded,
  words,
} from './arena.ts';
import {
  intersect32,
  intersect64,
  intersectSigned32,
  intersectSigned64,
  intersectUnsigned64,
  s32max,
  s32min,
  signedBounds,
  slt,
  u32max,
  u32min,
  ult,
  unsignedBounds,
} from './ranges.ts';
import { isDead, sync } from './sync.ts';
import { setTnum } from './tnum.ts';

/** Conditions, as in the upper four bits of a jump opcode (`code & 0xf0`). */
export const JEQ = 0x10;
export const JGT = 0x20;
export const JGE = 0x30;
export const JSET = 0x40;
export const JNE = 0x50;
export const JSGT = 0x60;
export const JSGE = 0x70;
export const JLT = 0xa0;
export const JLE = 0xb0;
export const JSLT = 0xc0;
export const JSLE = 0xd0;
/** The opposite of {@link JSET}, which no opcode has. */
const JCLEAR = 0x48;

const SIGN = -0x80000000;

/** The condition that holds when the given one does not, by `op >> 4`. */
const OPPOSITE = new Uint8Array(16);
/** The condition with its operands exchanged, by `op >> 4`. */
const MIRRORED = new Uint8Array(16);
for (const [op, opposite, mirrored] of [
  [JEQ, JNE, JEQ],
  [JNE, JEQ, JNE],
  [JSET, JCLEAR, JSET],
  [JGT, JLE, JLT],
  [JGE, JLT, JLE],
  [JLT, JGE, JGT],
  [JLE, JGT, JGE],
  [JSGT, JSLE, JSLT],
  [JSGE, JSLT, JSLE],
  [JSLT, JSGE, JSGT],
  [JSLE, JSGT, JSGE],
] as const) {
  OPPOSITE[op >> 4] = opposite;
  MIRRORED[op >> 4] = mirrored;
}

/** `b op' a` for `a op b`. */
export function mirrored(op: number): number {
  return MIRRORED[op >> 4];
}

/** The operands as each way of a condition leaves them. Overwritten by the next {@link decide}. */
export interface Ways {
  trueA: Scalar;
  trueB: Scalar;
  falseA: Scalar;
  falseB: Scalar;
}

/** Filled by {@link decide} when it answers -1. */
export const ways: Ways = { trueA: UNKNOWN, trueB: UNKNOWN, falseA: UNKNOWN, falseB: UNKNOWN };

function keep(a: Scalar, b: Scalar): -1 {
  ways.trueA = a;
  ways.trueB = b;
  ways.falseA = a;
  ways.falseB = b;
  return -1;
}

/**
 * Decides the jump `if a op b`: 1 when it is certainly taken, 0 when certainly not, -1 when both ways are possible; then
 * {@link ways} holds what each way knows. `sameRegister` says that both operands are one register (equal handles do not
 * make registers equal).
 */
export function decide(op: number, is32: boolean, a: Scalar, b: Scalar, sameRegister: boolean): 1 | 0 | -1 {
  if (sameRegister) {
    const known = compareWithSelf(op, is32, a);
    return known >= 0 ? known : keep(a, b);
  }
  if (op === JSET) {
    const known = testBits(is32, a, b);
    if (known === NOT_CONSTANT) return keep(a, b);
    if (known >= 0) return known as 0 | 1;
  } else {
    const known = is32 ? compare32(op, a, b) : compare64(op, a, b);
    if (known >= 0) return known;
  }
  // Refine both ways; where that leaves no value, the way is dead.
  load(FALSE_A, a);
  load(FALSE_B, b);
  refine(OPPOSITE[op >> 4], is32, FALSE_A, FALSE_B);
  sync(FALSE_A);
  sync(FALSE_B);
  if (isDead(FALSE_A) || isDead(FALSE_B)) return 1;
  load(TRUE_A, a);
  load(TRUE_B, b);
  refine(op, is32, TRUE_A, TRUE_B);
  sync(TRUE_A);
  sync(TRUE_B);
  if (isDead(TRUE_A) || isDead(TRUE_B)) return 0;
  ways.trueA = freeze(TRUE_A, a);
  ways.trueB = freeze(TRUE_B, b);
  ways.falseA = freeze(FALSE_A, a);
  ways.falseB = freeze(FALSE_B, b);
  return -1;
}

function compareWithSelf(op: number, is32: boolean, a: Scalar): 1 | 0 | -1 {
  switch (op) {
    case JGE:
    case JLE:
    case JSGE:
    case JSLE:
    case JEQ:
      return 1;
    case JGT:
    case JLT:
    case JSGT:
    case JSLT:
    case JNE:
      return 0;
    case JSET:
      if (isConstAt(a, is32)) return (is32 ? words[a] : words[a] | words[a + VALUE_HI]) !== 0 ? 1 : 0;
      if (is32) return s32min(a) <= 0 && s32max(a) >= 0 ? -1 : 1;
      signedBounds(a, OUT);
      // min <= 0 && max >= 0
      return (words[OUT + 1] < 0 || (words[OUT] | words[OUT + 1]) === 0) && words[OUT + 3] >= 0 ? -1 : 1;
    default:
      return -1;
  }
}

const NOT_CONSTANT = -2;

/** {@link JSET}: needs one constant; a bit known to be set decides for the jump, no bit possible against it. */
function testBits(is32: boolean, a: Scalar, b: Scalar): number {
  let x = a;
  let y = b;
  if (!isConstAt(y, is32)) {
    x = b;
    y = a;
    if (!isConstAt(y, is32)) return NOT_CONSTANT;
  }
  const lo = words[y];
  const hi = is32 ? 0 : words[y + VALUE_HI];
  if (((words[x] & lo) | (words[x + VALUE_HI] & hi)) !== 0) return 1;
  if ((((words[x] | words[x + MASK_LO]) & lo) | ((words[x + VALUE_HI] | words[x + MASK_HI]) & hi)) === 0)
    return 0;
  return -1;
}

function isConstAt(r: number, is32: boolean): boolean {
  return (is32 ? words[r + MASK_LO] : words[r + MASK_LO] | words[r + MASK_HI]) === 0;
}

/** Decides on the low halves. */
function compare32(op: number, a: Scalar, b: Scalar): 1 | 0 | -1 {
  switch (op) {
    case JEQ:
    case JNE: {
      const differ = op === JEQ ? 0 : 1;
      const unknown = words[a + MASK_LO] | words[b + MASK_LO];
      const bits = words[a] ^ words[b];
      if (unknown === 0) return (bits === 0) === (op === JEQ) ? 1 : 0;
      return (bits & ~unknown) !== 0 || apart32(a, b) ? differ : -1;
    }
    case JGT:
      return u32min(a) >>> 0 > u32max(b) >>> 0 ? 1 : u32max(a) >>> 0 <= u32min(b) >>> 0 ? 0 : -1;
    case JGE:
      return u32min(a) >>> 0 >= u32max(b) >>> 0 ? 1 : u32max(a) >>> 0 < u32min(b) >>> 0 ? 0 : -1;
    case JLT:
      return u32max(a) >>> 0 < u32min(b) >>> 0 ? 1 : u32min(a) >>> 0 >= u32max(b) >>> 0 ? 0 : -1;
    case JLE:
      return u32max(a) >>> 0 <= u32min(b) >>> 0 ? 1 : u32min(a) >>> 0 > u32max(b) >>> 0 ? 0 : -1;
    case JSGT:
      return s32min(a) > s32max(b) ? 1 : s32max(a) <= s32min(b) ? 0 : -1;
    case JSGE:
      return s32min(a) >= s32max(b) ? 1 : s32max(a) < s32min(b) ? 0 : -1;
    case JSLT:
      return s32max(a) < s32min(b) ? 1 : s32min(a) >= s32max(b) ? 0 : -1;
    case JSLE:
      return s32max(a) <= s32min(b) ? 1 : s32min(a) > s32max(b) ? 0 : -1;
    default:
      return -1;
  }
}

/** True when the 32-bit ranges, read as unsigned or as signed intervals, do not meet. */
function apart32(a: Scalar, b: Scalar): boolean {
  return (
    u32min(a) >>> 0 > u32max(b) >>> 0 ||
    u32max(a) >>> 0 < u32min(b) >>> 0 ||
    s32min(a) > s32max(b) ||
    s32max(a) < s32min(b)
  );
}

/** True when the intervals in OUT and OUT2 do not meet, read as unsigned. */
function apartUnsigned(): boolean {
  return (
    ult(words[OUT2 + 2], words[OUT2 + 3], words[OUT], words[OUT + 1]) ||
    ult(words[OUT + 2], words[OUT + 3], words[OUT2], words[OUT2 + 1])
  );
}

/** As {@link apartUnsigned}, read as signed. */
function apartSigned(): boolean {
  return (
    slt(words[OUT2 + 2], words[OUT2 + 3], words[OUT], words[OUT + 1]) ||
    slt(words[OUT + 2], words[OUT + 3], words[OUT2], words[OUT2 + 1])
  );
}

/** Decides on the whole values. */
function compare64(op: number, a: Scalar, b: Scalar): 1 | 0 | -1 {
  if (op === JEQ || op === JNE) {
    const differ = op === JEQ ? 0 : 1;
    const unknownLo = words[a + MASK_LO] | words[b + MASK_LO];
    const unknownHi = words[a + MASK_HI] | words[b + MASK_HI];
    const bitsLo = words[a] ^ words[b];
    const bitsHi = words[a + VALUE_HI] ^ words[b + VALUE_HI];
    if ((unknownLo | unknownHi) === 0) return ((bitsLo | bitsHi) === 0) === (op === JEQ) ? 1 : 0;
    if (((bitsLo & ~unknownLo) | (bitsHi & ~unknownHi)) !== 0) return differ;
    unsignedBounds(a, OUT);
    unsignedBounds(b, OUT2);
    if (apartUnsigned()) return differ;
    signedBounds(a, OUT);
    signedBounds(b, OUT2);
    if (apartSigned()) return differ;
    return apart32(a, b) ? differ : -1;
  }
  const signed = op === JSGT || op === JSGE || op === JSLT || op === JSLE;
  if (signed) {
    signedBounds(a, OUT);
    signedBounds(b, OUT2);
    // Flipping the sign bits turns the order of signed numbers into that of unsigned ones.
    words[OUT + 1] = words[OUT + 1] ^ SIGN;
    words[OUT + 3] = words[OUT + 3] ^ SIGN;
    words[OUT2 + 1] = words[OUT2 + 1] ^ SIGN;
    words[OUT2 + 3] = words[OUT2 + 3] ^ SIGN;
  } else {
    unsignedBounds(a, OUT);
    unsignedBounds(b, OUT2);
  }
  switch (op) {
    case JGT:
    case JSGT:
      return outLess(OUT2 + 2, OUT) ? 1 : !outLess(OUT2, OUT + 2) ? 0 : -1;
    case JGE:
    case JSGE:
      return !outLess(OUT, OUT2 + 2) ? 1 : outLess(OUT + 2, OUT2) ? 0 : -1;
    case JLT:
    case JSLT:
      return outLess(OUT + 2, OUT2) ? 1 : !outLess(OUT, OUT2 + 2) ? 0 : -1;
    case JLE:
    case JSLE:
      return !outLess(OUT2, OUT + 2) ? 1 : outLess(OUT2 + 2, OUT) ? 0 : -1;
    default:
      return -1;
  }
}

function outLess(x: number, y: number): boolean {
  return ult(words[x], words[x + 1], words[y], words[y + 1]);
}

/** Narrows the scratch records `a` and `b` by the fact that `a op b` holds; no sync. */
function refine(op: number, is32: boolean, a: number, b: number): void {
  switch (op) {
    case JEQ:
      refineEqual(is32, a, b);
      return;
    case JNE:
      if (isConstAt(b, is32)) exclude(is32, a, b);
      else if (isConstAt(a, is32)) exclude(is32, b, a);
      return;
    case JSET:
      if (isConstAt(b, is32)) requireBit(is32, a, b);
      else if (isConstAt(a, is32)) requireBit(is32, b, a);
      return;
    case JCLEAR:
      if (isConstAt(b, is32)) clearBits(is32, a, b);
      else if (isConstAt(a, is32)) clearBits(is32, b, a);
      return;
    case JLT:
      refineLess(is32, a, b, 1);
      return;
    case JLE:
      refineLess(is32, a, b, 0);
      return;
    case JGT:
      refineLess(is32, b, a, 1);
      return;
    case JGE:
      refineLess(is32, b, a, 0);
      return;
    case JSLT:
      refineSignedLess(is32, a, b, 1);
      return;
    case JSLE:
      refineSignedLess(is32, a, b, 0);
      return;
    case JSGT:
      refineSignedLess(is32, b, a, 1);
      return;
    case JSGE:
      refineSignedLess(is32, b, a, 0);
      return;
  }
}

function refineEqual(is32: boolean, a: number, b: number): void {
  const vl = words[a] | words[b];
  const ml = words[a + MASK_LO] & words[b + MASK_LO];
  if (is32) {
    intersect32(a, words[b + BASE32], words[b + SIZE32]);
    words[b + BASE32] = words[a + BASE32];
    words[b + SIZE32] = words[a + SIZE32];
    setTnum(a, vl, words[a + VALUE_HI], ml, words[a + MASK_HI]);
    setTnum(b, vl, words[b + VALUE_HI], ml, words[b + MASK_HI]);
    return;
  }
  intersect64(a, words[b + BASE_LO], words[b + BASE_HI], words[b + SIZE_LO], words[b + SIZE_HI]);
  words[b + BASE_LO] = words[a + BASE_LO];
  words[b + BASE_HI] = words[a + BASE_HI];
  words[b + SIZE_LO] = words[a + SIZE_LO];
  words[b + SIZE_HI] = words[a + SIZE_HI];
  const vh = words[a + VALUE_HI] | words[b + VALUE_HI];
  const mh = words[a + MASK_HI] & words[b + MASK_HI];
  setTnum(a, vl, vh, ml, mh);
  setTnum(b, vl, vh, ml, mh);
}

/** `a` is not the constant `b`: the range that starts after it and ends before it. */
function exclude(is32: boolean, a: number, b: number): void {
  const lo = (words[b] + 1) | 0;
  if (is32) intersect32(a, lo, -2);
  else intersect64(a, lo, (words[b + VALUE_HI] + (lo === 0 ? 1 : 0)) | 0, -2, -1);
}

/** `a` shares a bit with the constant `b`: says something only when `b` has a single one. */
function requireBit(is32: boolean, a: number, b: number): void {
  const lo = words[b];
  const hi = is32 ? 0 : words[b + VALUE_HI];
  const single =
    (lo !== 0 && hi === 0 && (lo & (lo - 1)) === 0) || (lo === 0 && hi !== 0 && (hi & (hi - 1)) === 0);
  if (!single) return;
  words[a] = words[a] | lo;
  words[a + VALUE_HI] = words[a + VALUE_HI] | hi;
  words[a + MASK_LO] = words[a + MASK_LO] & ~lo;
  words[a + MASK_HI] = words[a + MASK_HI] & ~hi;
}

/** `a` has none of the bits of the constant `b`. Its ranges are forgotten: on a dead way they would contradict the tnum. */
function clearBits(is32: boolean, a: number, b: number): void {
  const lo = words[b];
  const hi = is32 ? 0 : words[b + VALUE_HI];
  setUnbounded(a);
  words[a] = words[a] & ~lo;
  words[a + VALUE_HI] = words[a + VALUE_HI] & ~hi;
  words[a + MASK_LO] = words[a + MASK_LO] & ~lo;
  words[a + MASK_HI] = words[a + MASK_HI] & ~hi;
}

/** `a + gap <= b`, unsigned; the bound of `b` uses `a` as already narrowed. */
function refineLess(is32: boolean, a: number, b: number, gap: 0 | 1): void {
  if (is32) {
    intersect32(a, 0, (u32max(b) - gap) | 0);
    const min = (u32min(a) + gap) | 0;
    intersect32(b, min, ~min);
    return;
  }
  unsignedBounds(b, OUT);
  let lo = words[OUT + 2];
  intersect64(a, 0, 0, (lo - gap) | 0, (words[OUT + 3] - (lo === 0 ? gap : 0)) | 0);
  unsignedBounds(a, OUT);
  lo = (words[OUT] + gap) | 0;
  intersectUnsigned64(b, lo, (words[OUT + 1] + (lo === 0 ? gap : 0)) | 0, -1, -1);
}

/** `a + gap <= b`, signed. */
function refineSignedLess(is32: boolean, a: number, b: number, gap: 0 | 1): void {
  if (is32) {
    intersectSigned32(a, SIGN, (s32max(b) - gap) | 0);
    intersectSigned32(b, (s32min(a) + gap) | 0, ~SIGN);
    return;
  }
  signedBounds(b, OUT);
  let lo = words[OUT + 2];
  intersectSigned64(a, 0, SIGN, (lo - gap) | 0, (words[OUT + 3] - (lo === 0 ? gap : 0)) | 0);
  signedBounds(a, OUT);
  lo = (words[OUT] + gap) | 0;
  intersectSigned64(b, lo, (words[OUT + 1] + (lo === 0 ? gap : 0)) | 0, -1, ~SIGN);
}
