/**
 * Bringing the three components of a value into agreement: what the tnum says about the ranges, what the 64-bit and
 * 32-bit ranges say about each other, and what the ranges say about the tnum (the kernel's `reg_bounds_sync`). The
 * result is not a fixed point; logs show it, so the steps and their order are part of the rule.
 */
import {
  BASE32,
  BASE_HI,
  BASE_LO,
  MASK_HI,
  MASK_LO,
  OUT,
  SIZE32,
  SIZE_HI,
  SIZE_LO,
  VALUE_HI,
  VALUE_LO,
  isPlainConst,
  setConst,
  words,
} from './arena.ts';
import {
  intersect32,
  intersect64,
  isEmpty32,
  isEmpty64,
  u32max,
  u32min,
  unsignedBounds,
  wraps32,
  wraps64,
} from './ranges.ts';
import { setTnum, spreadMask } from './tnum.ts';

const SIGN = -0x80000000;

/** True when a range of `r` is empty: no value is possible, the path that led here is dead. */
export function isDead(r: number): boolean {
  return isEmpty32(r) || isEmpty64(r);
}

/** True when the 32-bit range of `r` lies within the range (base, size), which then does not narrow it. */
function within32(r: number, base: number, size: number): boolean {
  const d = (words[r + BASE32] - base) | 0;
  return d >>> 0 <= size >>> 0 && words[r + SIZE32] >>> 0 <= (size - d) >>> 0;
}

/** Narrows the 32-bit range of `r` by the low half of its tnum. */
export function narrow32ByTnum(r: number): void {
  const mask = words[r + MASK_LO];
  // The range of a tnum, read as signed when its sign can be set: it starts at its least member and is mask long.
  const base = mask === -1 ? 0 : words[r + VALUE_LO] | (mask & SIGN);
  if (!within32(r, base, mask)) intersect32(r, base, mask);
}

/**
 * The least member of the tnum of `r` above `z`, into `words[at], words[at + 1]`; its largest member when there is
 * none. Counting up within the mask: fill everything else with ones, so that the carry passes over it.
 */
function nextMember(r: number, zlo: number, zhi: number, at: number): void {
  const vl = words[r + VALUE_LO];
  const vh = words[r + VALUE_HI];
  const ml = words[r + MASK_LO];
  const mh = words[r + MASK_HI];
  const tl = vl | ml;
  const th = vh | mh;
  if (zhi === th ? zlo >>> 0 >= tl >>> 0 : zhi >>> 0 > th >>> 0) {
    words[at] = tl;
    words[at + 1] = th;
    return;
  }
  if (zhi === vh ? zlo >>> 0 < vl >>> 0 : zhi >>> 0 < vh >>> 0) {
    words[at] = vl;
    words[at + 1] = vh;
    return;
  }
  const dl = (zlo - vl) | 0;
  const dh = (zhi - vh - (zlo >>> 0 < vl >>> 0 ? 1 : 0)) | 0;
  const fixedHi = dh & ~mh;
  const fixedLo = dl & ~ml;
  const belowLo = fixedHi !== 0 ? -1 : spreadMask(fixedLo, 0);
  const belowHi = spreadMask(fixedHi, 0);
  const fl = dl | belowLo | ~ml;
  const fh = dh | belowHi | ~mh;
  const il = (fl + 1) | 0;
  const ih = il === 0 ? fh + 1 : fh;
  words[at] = vl | (il & ml);
  words[at + 1] = vh | (ih & mh);
}

/**
 * Narrows the 64-bit range of `r` by its tnum. When range and tnum have a single number in common (their least, their
 * largest or one between), the value is that number.
 */
function narrow64ByTnum(r: number): void {
  const vl = words[r + VALUE_LO];
  const vh = words[r + VALUE_HI];
  const ml = words[r + MASK_LO];
  const mh = words[r + MASK_HI];
  const bl = words[r + BASE_LO];
  const bh = words[r + BASE_HI];
  const sl = words[r + SIZE_LO];
  const sh = words[r + SIZE_HI];
  const tbh = (ml & mh) === -1 ? 0 : vh | (mh & SIGN);
  // When the range is the tnum's own and does not wrap, both ends are members and nothing more follows; when it wraps,
  // the unsigned bounds say nothing, and the tnum is not a constant.
  if (bl === vl && bh === tbh && sl === ml && sh === mh) return;
  // A range within that of the tnum stays as it is.
  const dl = (bl - vl) | 0;
  const dh = (bh - tbh - (bl >>> 0 < vl >>> 0 ? 1 : 0)) | 0;
  let inner = dh === mh ? dl >>> 0 <= ml >>> 0 : dh >>> 0 < mh >>> 0;
  if (inner) {
    const rl = (ml - dl) | 0;
    const rh = (mh - dh - (ml >>> 0 < dl >>> 0 ? 1 : 0)) | 0;
    inner = sh === rh ? sl >>> 0 <= rl >>> 0 : sh >>> 0 < rh >>> 0;
  }
  if (!inner) intersect64(r, vl, tbh, ml, mh);
  // If the unknown bits are the lowest ones, every number between the ends is a member: only a single one settles it.
  const lowest = mh === 0 ? ml !== 0 && (ml & (ml + 1)) === 0 : ml === -1 && (mh & (mh + 1)) === 0;
  if (lowest && (words[r + SIZE_LO] | words[r + SIZE_HI]) !== 0) return;
  unsignedBounds(r, OUT);
  const minLo = words[OUT];
  const minHi = words[OUT + 1];
  const maxLo = words[OUT + 2];
  const maxHi = words[OUT + 3];
  const inside = (minLo & ~ml) === vl && (minHi & ~mh) === vh;
  nextMember(r, minLo, minHi, OUT + 4);
  const nl = words[OUT + 4];
  const nh = words[OUT + 5];
  const beyond = nh === maxHi ? nl >>> 0 > maxLo >>> 0 : nh >>> 0 > maxHi >>> 0;
  if (inside) {
    if (beyond) setConst(r, minLo, minHi);
    return;
  }
  if (nl === (vl | ml) && nh === (vh | mh)) {
    setConst(r, nl, nh);
    return;
  }
  if (beyond) return;
  nextMember(r, nl, nh, OUT + 4);
  const ul = words[OUT + 4];
  const uh = words[OUT + 5];
  if (uh === maxHi ? ul >>> 0 > maxLo >>> 0 : uh >>> 0 > maxHi >>> 0) setConst(r, nl, nh);
}

/** Narrows both ranges of `r` by its tnum. Doing it twice in a row is the same as doing it once. */
export function narrowByTnum(r: number): void {
  narrow32ByTnum(r);
  narrow64ByTnum(r);
}

/** Narrows the 32-bit range by the low halves of the 64-bit range. */
function narrow32By64(r: number): void {
  const size = words[r + SIZE_LO];
  if (words[r + SIZE_HI] !== 0 || size === -1) {
    if (isEmpty64(r)) intersect32(r, -1, -1);
    else if (words[r + SIZE32] === -1 && words[r + BASE32] !== 0) intersect32(r, 0, -1);
    // Otherwise every low half occurs, and a range that is not a displaced full circle stays as it is.
    return;
  }
  const base = words[r + BASE_LO];
  if (!within32(r, base, size)) intersect32(r, base, size);
}

/**
 * Narrows the 64-bit range by the 32-bit one: cuts off its two ends up to the nearest number whose low half is
 * possible. Low halves are measured from the start of the 64-bit range.
 */
function narrow64By32(r: number): void {
  const size32 = words[r + SIZE32];
  const base32 = words[r + BASE32];
  if (size32 === -1 && base32 === 0) return;
  if (base32 === words[r + BASE_LO] && size32 === words[r + SIZE_LO] && words[r + SIZE_HI] === 0) return;
  if (isDead(r)) {
    empty64(r);
    return;
  }
  const baseLo = words[r + BASE_LO];
  const sizeLo = words[r + SIZE_LO];
  const sizeHi = words[r + SIZE_HI];
  const first = (base32 - baseLo) | 0;
  const last = (first + size32) | 0;
  if (size32 >>> 0 > ~first >>> 0) {
    // The possible low halves include the start; only the far end may fall in their gap.
    if (sizeLo >>> 0 > last >>> 0 && sizeLo >>> 0 < first >>> 0) words[r + SIZE_LO] = last;
    return;
  }
  if (sizeHi === 0 && sizeLo >>> 0 < first >>> 0) {
    empty64(r);
    return;
  }
  // Move the start up to the first possible low half, the end down to the last one.
  let tl = (sizeLo - first) | 0;
  let th = (sizeHi - (sizeLo >>> 0 < first >>> 0 ? 1 : 0)) | 0;
  let cutLo = 0;
  if (sizeLo >>> 0 < first >>> 0) {
    // Back to the last one of the turn before: 2^32 - last + sizeLo, less than a turn because sizeLo < last.
    cutLo = (sizeLo - last) | 0;
  } else if (sizeLo >>> 0 >= last >>> 0) {
    cutLo = (sizeLo - last) | 0;
  }
  if (th === 0 && tl >>> 0 < cutLo >>> 0) {
    empty64(r);
    return;
  }
  th = (th - (tl >>> 0 < cutLo >>> 0 ? 1 : 0)) | 0;
  tl = (tl - cutLo) | 0;
  const bl = (baseLo + first) | 0;
  words[r + BASE_LO] = bl;
  words[r + BASE_HI] = words[r + BASE_HI] + (bl >>> 0 < baseLo >>> 0 ? 1 : 0);
  words[r + SIZE_LO] = tl;
  words[r + SIZE_HI] = th;
}

function empty64(r: number): void {
  words[r + BASE_LO] = -1;
  words[r + BASE_HI] = -1;
  words[r + SIZE_LO] = -1;
  words[r + SIZE_HI] = -1;
}

/** Lets the ranges teach each other once; says whether anything was learnt. */
function exchange(r: number): boolean {
  const b32 = words[r + BASE32];
  const s32 = words[r + SIZE32];
  const bl = words[r + BASE_LO];
  const bh = words[r + BASE_HI];
  const sl = words[r + SIZE_LO];
  const sh = words[r + SIZE_HI];
  narrow32By64(r);
  narrow64By32(r);
  return (
    ((words[r + BASE32] ^ b32) |
      (words[r + SIZE32] ^ s32) |
      (words[r + BASE_LO] ^ bl) |
      (words[r + BASE_HI] ^ bh) |
      (words[r + SIZE_LO] ^ sl) |
      (words[r + SIZE_HI] ^ sh)) !==
    0
  );
}

/** Fixes the leading bits that all numbers of the unsigned intervals share; says whether the tnum changed. */
function narrowTnum(r: number): boolean {
  let vl = words[r + VALUE_LO];
  let vh = words[r + VALUE_HI];
  let ml = words[r + MASK_LO];
  let mh = words[r + MASK_HI];
  if (!wraps64(r)) {
    unsignedBounds(r, OUT);
    const minHi = words[OUT + 1];
    const maxHi = words[OUT + 3];
    const deltaHi = spreadMask(minHi, maxHi);
    const deltaLo = minHi !== maxHi ? -1 : spreadMask(words[OUT], words[OUT + 2]);
    ml &= deltaLo;
    mh &= deltaHi;
    vl = (vl | (words[OUT] & ~deltaLo)) & ~ml;
    vh = (vh | (minHi & ~deltaHi)) & ~mh;
  }
  if (!wraps32(r)) {
    const min = u32min(r);
    const delta = spreadMask(min, u32max(r));
    ml &= delta;
    vl = (vl | (min & ~delta)) & ~ml;
  }
  const changed = (vl ^ words[r]) | (vh ^ words[r + 1]) | (ml ^ words[r + 2]) | (mh ^ words[r + 3]);
  if (changed === 0) return false;
  setTnum(r, vl, vh, ml, mh);
  return true;
}

/** The rest of {@link sync} for a record whose ranges have just been narrowed by its tnum. */
export function syncNarrowed(r: number): void {
  if (isDead(r) || isPlainConst(r)) return;
  const learnt = exchange(r);
  // A second exchange after one that taught nothing would teach nothing, and so would the tnum once more.
  if (learnt) exchange(r);
  if (narrowTnum(r) || learnt) narrowByTnum(r);
}

/** Brings the components of the scratch record `r` into agreement. An empty range stays as it is. */
export function sync(r: number): void {
  if (isDead(r) || isPlainConst(r)) return;
  narrowByTnum(r);
  // Narrowing may have emptied a range; the remaining steps still run then, as in the kernel.
  if (isPlainConst(r)) return;
  const learnt = exchange(r);
  if (learnt) exchange(r);
  if (narrowTnum(r) || learnt) narrowByTnum(r);
}
