/** Comparing values with each other and with themselves. */
import {
  BASE32,
  BASE_HI,
  BASE_LO,
  MASK_HI,
  MASK_LO,
  SIZE32,
  SIZE_HI,
  SIZE_LO,
  type Scalar,
  VALUE_HI,
  VALUE_LO,
  sameWords,
  words,
} from './arena.ts';
import { subset32, subset64 } from './ranges.ts';
import { isDead } from './sync.ts';

/** True when both hold the same value. */
export function sameScalar(a: Scalar, b: Scalar): boolean {
  return a === b || sameWords(a, b);
}

/** True when both hold the same as 64-bit values: tnum and 64-bit range. */
export function same64(a: Scalar, b: Scalar): boolean {
  if (a === b) return true;
  return (
    words[a + VALUE_LO] === words[b + VALUE_LO] &&
    words[a + VALUE_HI] === words[b + VALUE_HI] &&
    words[a + MASK_LO] === words[b + MASK_LO] &&
    words[a + MASK_HI] === words[b + MASK_HI] &&
    sameBase(a, b) &&
    words[a + SIZE_LO] === words[b + SIZE_LO] &&
    words[a + SIZE_HI] === words[b + SIZE_HI]
  );
}

/** True when the ranges of `cur` lie within those of `old` (`range_within`). */
export function rangeWithin(old: Scalar, cur: Scalar): boolean {
  return old === cur || (subset64(old, cur) && subset32(old, cur));
}

/** True when every number of the tnum of `cur` is one of that of `old` (`tnum_in`). */
export function tnumIn(old: Scalar, cur: Scalar): boolean {
  const ml = words[old + MASK_LO];
  const mh = words[old + MASK_HI];
  if (((words[cur + MASK_LO] & ~ml) | (words[cur + MASK_HI] & ~mh)) !== 0) return false;
  return (((words[cur] & ~ml) ^ words[old]) | ((words[cur + VALUE_HI] & ~mh) ^ words[old + VALUE_HI])) === 0;
}

/** True when `cur` is covered by `old` in both ways: {@link rangeWithin} and {@link tnumIn}. */
export function covers(old: Scalar, cur: Scalar): boolean {
  return old === cur || (subset64(old, cur) && subset32(old, cur) && tnumIn(old, cur));
}

/** True when both 64-bit ranges start at the same number. */
export function sameBase(a: Scalar, b: Scalar): boolean {
  return words[a + BASE_LO] === words[b + BASE_LO] && words[a + BASE_HI] === words[b + BASE_HI];
}

/** What {@link boundsFault} finds, as the kernel words it. */
export type BoundsFault =
  | 'range bounds violation'
  | 'const tnum out of sync with range bounds'
  | 'const subreg tnum out of sync with range bounds';

/** A contradiction between the components of `s` that should not occur (`reg_bounds_sanity_check`), or null. */
export function boundsFault(s: Scalar): BoundsFault | null {
  if (isDead(s)) return 'range bounds violation';
  const ml = words[s + MASK_LO];
  if (ml !== 0) return null;
  if (words[s + MASK_HI] === 0) {
    const off =
      words[s + SIZE_LO] |
      words[s + SIZE_HI] |
      (words[s + BASE_LO] ^ words[s]) |
      (words[s + BASE_HI] ^ words[s + VALUE_HI]);
    if (off !== 0) return 'const tnum out of sync with range bounds';
  }
  return (words[s + SIZE32] | (words[s + BASE32] ^ words[s])) !== 0
    ? 'const subreg tnum out of sync with range bounds'
    : null;
}
