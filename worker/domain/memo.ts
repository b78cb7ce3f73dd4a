/**
 * Results that were computed before: operations are pure functions of handles, and programs walk the same instruction
 * on the same values again and again. A fixed table in which the latest result wins; nothing is lost with an entry but
 * the time to compute it again.
 */
import { whenForgotten, type Scalar } from './arena.ts';

const BITS = 12;
const SHIFT = 32 - BITS;
/** Per entry: both operands, what was asked, the answer (0: none; it is never a value). */
const WIDTH = 4;
const entries = new Int32Array(WIDTH << BITS);

whenForgotten(() => {
  entries.fill(0);
});

/** Where the answer to question `code` on `a` and `b` is kept. */
export function memoSlot(code: number, a: Scalar, b: Scalar): number {
  const h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(code, 0xc2b2ae35);
  return (Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) >>> SHIFT) * WIDTH;
}

/** The answer if it is there, else 0. */
export function recall(slot: number, code: number, a: Scalar, b: Scalar): Scalar {
  return entries[slot] === a && entries[slot + 1] === b && entries[slot + 2] === code ? entries[slot + 3] : 0;
}

/** Keeps an answer and returns it. */
export function remember(slot: number, code: number, a: Scalar, b: Scalar, result: Scalar): Scalar {
  entries[slot] = a;
  entries[slot + 1] = b;
  entries[slot + 2] = code;
  entries[slot + 3] = result;
  return result;
}
