/**
 * Conditions: which way a jump goes, and what each way teaches about the two operands (the kernel's
 * `is_scalar_branch_taken`, `regs_refine_cond_op` and `simulate_both_branches_taken`).
 */
import {
  VALUE_HI,
  MASK_LO,
  MASK_HI,
  BASE_LO,
  BASE_HI,
  SIZE_LO,
  SIZE_HI,
  BASE32,
  SIZE32,
  TRUE_A,
  TRUE_B,
  FALSE_A,
  FALSE_B,
  OUT,
  OUT2,
  UNKNOWN,
  words,
  load,
  isPlainConst,
  freeze,
  type Scalar,
} from './arena.ts';
import { JEQ, JGT, JGE, JSET, JNE, JSGT, JSGE, JLT, JLE, JSLT, JSLE, OPPOSITE } from './conditions.ts';
import { ult, slt, u32min, u32max, s32min, s32max, unsignedBounds, signedBounds } from './ranges.ts';
import { isConstAt, refine, exclude } from './refine.ts';
import { isDead, sync } from './sync.ts';

const SIGN = -0x80000000;

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
  if ((op === JEQ || op === JNE) && !is32 && isPlainConst(b) && holds(a, b)) return decideEqual(op, a, b);
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

/** True when both ranges of `a` contain the constant `b`. */
function holds(a: Scalar, b: Scalar): boolean {
  if ((words[b] - words[a + BASE32]) >>> 0 > words[a + SIZE32] >>> 0 || isDead(a)) return false;
  const dl = (words[b] - words[a + BASE_LO]) | 0;
  const dh =
    (words[b + VALUE_HI] - words[a + BASE_HI] - (words[b] >>> 0 < words[a + BASE_LO] >>> 0 ? 1 : 0)) | 0;
  return !ult(words[a + SIZE_LO], words[a + SIZE_HI], dl, dh);
}

/** {@link decide} for (in)equality with a constant that is possible: where they are equal, both are that constant. */
function decideEqual(op: number, a: Scalar, b: Scalar): 1 | 0 | -1 {
  load(FALSE_A, a);
  exclude(false, FALSE_A, b);
  sync(FALSE_A);
  if (isDead(FALSE_A)) return op === JEQ ? 1 : 0;
  const differs = freeze(FALSE_A, a);
  ways.trueA = op === JEQ ? b : differs;
  ways.falseA = op === JEQ ? differs : b;
  ways.trueB = b;
  ways.falseB = b;
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
