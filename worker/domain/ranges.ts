/**
 * Circular ranges (the kernel's `cnum32` and `cnum64`): `base` is the first value, `size` how many follow, modulo 2^32
 * or 2^64. One circular range stands for a signed and an unsigned interval at once; an interval that the range cuts at
 * its edge (2^64 → 0, or the signed middle) is reported as unlimited on that side of things.
 *
 * Functions work on the ranges of the record at `r`. Numbers are int32 words; 64-bit quantities are two of them.
 */
import { BASE32, BASE_HI, BASE_LO, SIZE32, SIZE_HI, SIZE_LO, words } from './arena.ts';

const SIGN = -0x80000000;

/** Unsigned 64-bit `a < b`. */
export function ult(alo: number, ahi: number, blo: number, bhi: number): boolean {
  return ahi === bhi ? alo >>> 0 < blo >>> 0 : ahi >>> 0 < bhi >>> 0;
}

/** Signed 64-bit `a < b`. */
export function slt(alo: number, ahi: number, blo: number, bhi: number): boolean {
  return ahi === bhi ? alo >>> 0 < blo >>> 0 : ahi < bhi;
}

/** True when the 64-bit range of `r` is empty: no value is possible. */
export function isEmpty64(r: number): boolean {
  return (words[r + BASE_LO] & words[r + BASE_HI] & words[r + SIZE_LO] & words[r + SIZE_HI]) === -1;
}

/** True when the 32-bit range of `r` is empty. */
export function isEmpty32(r: number): boolean {
  return (words[r + BASE32] & words[r + SIZE32]) === -1;
}

/** True when the 64-bit range passes from 2^64-1 to 0, that is, is two unsigned intervals. */
export function wraps64(r: number): boolean {
  const bhi = ~words[r + BASE_HI];
  const shi = words[r + SIZE_HI];
  return bhi === shi ? ~words[r + BASE_LO] >>> 0 < words[r + SIZE_LO] >>> 0 : bhi >>> 0 < shi >>> 0;
}

/** True when the 32-bit range passes from 2^32-1 to 0. */
export function wraps32(r: number): boolean {
  return ~words[r + BASE32] >>> 0 < words[r + SIZE32] >>> 0;
}

/** Smallest and largest unsigned 32-bit value of `r`, as int32 bits. */
export function u32min(r: number): number {
  return wraps32(r) ? 0 : words[r + BASE32];
}
export function u32max(r: number): number {
  return wraps32(r) ? -1 : (words[r + BASE32] + words[r + SIZE32]) | 0;
}

/** True when the 32-bit range passes from the largest to the smallest signed value. */
function wrapsSigned32(r: number): boolean {
  return ~(words[r + BASE32] ^ SIGN) >>> 0 < words[r + SIZE32] >>> 0 && !isEmpty32(r);
}

/** Smallest and largest signed 32-bit value of `r`. (An empty range answers -2 and -1, as in the kernel.) */
export function s32min(r: number): number {
  if (wrapsSigned32(r)) return SIGN;
  const b = words[r + BASE32];
  return Math.min(b, (b + words[r + SIZE32]) | 0);
}
export function s32max(r: number): number {
  if (wrapsSigned32(r)) return ~SIGN;
  const b = words[r + BASE32];
  return Math.max(b, (b + words[r + SIZE32]) | 0);
}

/** Writes the unsigned 64-bit bounds of `r` to `words[at..at+3]`: min low, min high, max low, max high. */
export function unsignedBounds(r: number, at: number): void {
  const blo = words[r + BASE_LO];
  const bhi = words[r + BASE_HI];
  if (wraps64(r)) {
    words[at] = 0;
    words[at + 1] = 0;
    words[at + 2] = -1;
    words[at + 3] = -1;
    return;
  }
  const lo = (blo + words[r + SIZE_LO]) | 0;
  words[at] = blo;
  words[at + 1] = bhi;
  words[at + 2] = lo;
  words[at + 3] = bhi + words[r + SIZE_HI] + (lo >>> 0 < blo >>> 0 ? 1 : 0);
}

/** Writes the signed 64-bit bounds of `r` to `words[at..at+3]`, in the order of {@link unsignedBounds}. */
export function signedBounds(r: number, at: number): void {
  const blo = words[r + BASE_LO];
  const bhi = words[r + BASE_HI];
  const room = ~(bhi ^ SIGN);
  const shi = words[r + SIZE_HI];
  const slo = words[r + SIZE_LO];
  if (room === shi ? ~blo >>> 0 < slo >>> 0 : room >>> 0 < shi >>> 0) {
    if (isEmpty64(r)) {
      words[at] = -2;
      words[at + 1] = -1;
      words[at + 2] = -1;
      words[at + 3] = -1;
      return;
    }
    words[at] = 0;
    words[at + 1] = SIGN;
    words[at + 2] = -1;
    words[at + 3] = ~SIGN;
    return;
  }
  const lo = (blo + slo) | 0;
  words[at] = blo;
  words[at + 1] = bhi;
  words[at + 2] = lo;
  words[at + 3] = bhi + shi + (lo >>> 0 < blo >>> 0 ? 1 : 0);
}

/** The 64-bit range of `r` becomes [min, max] read as unsigned. */
export function setUnsigned64(r: number, minLo: number, minHi: number, maxLo: number, maxHi: number): void {
  words[r + BASE_LO] = minLo;
  words[r + BASE_HI] = minHi;
  words[r + SIZE_LO] = maxLo - minLo;
  words[r + SIZE_HI] = maxHi - minHi - (maxLo >>> 0 < minLo >>> 0 ? 1 : 0);
}

/** The 64-bit range of `r` becomes [min, max] read as signed; the full circle starts at 0 however it is asked for. */
export function setSigned64(r: number, minLo: number, minHi: number, maxLo: number, maxHi: number): void {
  setUnsigned64(r, minLo, minHi, maxLo, maxHi);
  if ((words[r + SIZE_LO] & words[r + SIZE_HI]) === -1) {
    words[r + BASE_LO] = 0;
    words[r + BASE_HI] = 0;
  }
}

/** As {@link setUnsigned64}, for the low half. */
export function setUnsigned32(r: number, min: number, max: number): void {
  words[r + BASE32] = min;
  words[r + SIZE32] = max - min;
}

/** As {@link setSigned64}, for the low half. */
export function setSigned32(r: number, min: number, max: number): void {
  const size = (max - min) | 0;
  words[r + BASE32] = size === -1 ? 0 : min;
  words[r + SIZE32] = size;
}

/** Every 64-bit value is in the range. */
export function setUnbounded64(r: number): void {
  words[r + BASE_LO] = 0;
  words[r + BASE_HI] = 0;
  words[r + SIZE_LO] = -1;
  words[r + SIZE_HI] = -1;
}

/** Every low half is in the range. */
export function setUnbounded32(r: number): void {
  words[r + BASE32] = 0;
  words[r + SIZE32] = -1;
}

/** No 64-bit value is in the range. */
export function setEmpty64(r: number): void {
  words[r + BASE_LO] = -1;
  words[r + BASE_HI] = -1;
  words[r + SIZE_LO] = -1;
  words[r + SIZE_HI] = -1;
}

/**
 * Narrows the 32-bit range of `r` to what it shares with the range (base, size).
 * Two ranges may overlap at both ends; the smaller of the two is then kept, which is more than the intersection.
 */
export function intersect32(r: number, base: number, size: number): void {
  let ab = words[r + BASE32];
  let as = words[r + SIZE32];
  let bb = base;
  let bs = size;
  if ((ab & as) === -1 || (bb & bs) === -1) {
    words[r + BASE32] = -1;
    words[r + SIZE32] = -1;
    return;
  }
  if (ab >>> 0 > bb >>> 0) {
    ab = base;
    as = size;
    bb = words[r + BASE32];
    bs = words[r + SIZE32];
  }
  // Seen from the start of a, b begins at distance d.
  const d = (bb - ab) | 0;
  if (bs >>> 0 > ~d >>> 0) {
    if (d >>> 0 <= as >>> 0) {
      const keepA = as >>> 0 <= bs >>> 0;
      words[r + BASE32] = keepA ? ab : bb;
      words[r + SIZE32] = keepA ? as : bs;
      return;
    }
    const tail = (d + bs) | 0;
    words[r + BASE32] = ab;
    words[r + SIZE32] = as >>> 0 < tail >>> 0 ? as : tail;
  } else if (as >>> 0 >= d >>> 0) {
    const rest = (as - d) | 0;
    words[r + BASE32] = bb;
    words[r + SIZE32] = rest >>> 0 < bs >>> 0 ? rest : bs;
  } else {
    words[r + BASE32] = -1;
    words[r + SIZE32] = -1;
  }
}

/** As {@link intersect32}, for the 64-bit range. */
export function intersect64(r: number, baseLo: number, baseHi: number, sizeLo: number, sizeHi: number): void {
  let abl = words[r + BASE_LO];
  let abh = words[r + BASE_HI];
  let asl = words[r + SIZE_LO];
  let ash = words[r + SIZE_HI];
  let bbl = baseLo;
  let bbh = baseHi;
  let bsl = sizeLo;
  let bsh = sizeHi;
  if ((abl & abh & asl & ash) === -1 || (bbl & bbh & bsl & bsh) === -1) {
    setEmpty64(r);
    return;
  }
  if (abh === bbh ? abl >>> 0 > bbl >>> 0 : abh >>> 0 > bbh >>> 0) {
    bbl = abl;
    bbh = abh;
    bsl = asl;
    bsh = ash;
    abl = baseLo;
    abh = baseHi;
    asl = sizeLo;
    ash = sizeHi;
  }
  const dl = (bbl - abl) | 0;
  const dh = (bbh - abh - (bbl >>> 0 < abl >>> 0 ? 1 : 0)) | 0;
  const reaches = dh === ash ? dl >>> 0 <= asl >>> 0 : dh >>> 0 < ash >>> 0;
  if (bsh === ~dh ? bsl >>> 0 > ~dl >>> 0 : bsh >>> 0 > ~dh >>> 0) {
    if (reaches) {
      if (ash === bsh ? asl >>> 0 <= bsl >>> 0 : ash >>> 0 < bsh >>> 0) {
        words[r + BASE_LO] = abl;
        words[r + BASE_HI] = abh;
        words[r + SIZE_LO] = asl;
        words[r + SIZE_HI] = ash;
      } else {
        words[r + BASE_LO] = bbl;
        words[r + BASE_HI] = bbh;
        words[r + SIZE_LO] = bsl;
        words[r + SIZE_HI] = bsh;
      }
      return;
    }
    const tl = (dl + bsl) | 0;
    const th = (dh + bsh + (tl >>> 0 < dl >>> 0 ? 1 : 0)) | 0;
    const keepA = ash === th ? asl >>> 0 < tl >>> 0 : ash >>> 0 < th >>> 0;
    words[r + BASE_LO] = abl;
    words[r + BASE_HI] = abh;
    words[r + SIZE_LO] = keepA ? asl : tl;
    words[r + SIZE_HI] = keepA ? ash : th;
  } else if (reaches) {
    const rl = (asl - dl) | 0;
    const rh = (ash - dh - (asl >>> 0 < dl >>> 0 ? 1 : 0)) | 0;
    const short = rh === bsh ? rl >>> 0 < bsl >>> 0 : rh >>> 0 < bsh >>> 0;
    words[r + BASE_LO] = bbl;
    words[r + BASE_HI] = bbh;
    words[r + SIZE_LO] = short ? rl : bsl;
    words[r + SIZE_HI] = short ? rh : bsh;
  } else {
    setEmpty64(r);
  }
}

/** Narrows the 64-bit range of `r` to the unsigned interval [min, max]. */
export function intersectUnsigned64(
  r: number,
  minLo: number,
  minHi: number,
  maxLo: number,
  maxHi: number,
): void {
  intersect64(
    r,
    minLo,
    minHi,
    (maxLo - minLo) | 0,
    (maxHi - minHi - (maxLo >>> 0 < minLo >>> 0 ? 1 : 0)) | 0,
  );
}

/** Narrows the 64-bit range of `r` to the signed interval [min, max]. */
export function intersectSigned64(
  r: number,
  minLo: number,
  minHi: number,
  maxLo: number,
  maxHi: number,
): void {
  const sl = (maxLo - minLo) | 0;
  const sh = (maxHi - minHi - (maxLo >>> 0 < minLo >>> 0 ? 1 : 0)) | 0;
  if ((sl & sh) === -1) intersect64(r, 0, 0, sl, sh);
  else intersect64(r, minLo, minHi, sl, sh);
}

/** Narrows the 32-bit range of `r` to the signed interval [min, max]. */
export function intersectSigned32(r: number, min: number, max: number): void {
  const size = (max - min) | 0;
  intersect32(r, size === -1 ? 0 : min, size);
}

/** True when the 32-bit range of `inner` lies within that of `outer`. */
export function subset32(outer: number, inner: number): boolean {
  if (isEmpty32(inner)) return true;
  if (isEmpty32(outer)) return false;
  const d = (words[inner + BASE32] - words[outer + BASE32]) | 0;
  const is = words[inner + SIZE32];
  const os = words[outer + SIZE32];
  if (is >>> 0 > ~d >>> 0 && os !== -1) return false;
  return (d + is) >>> 0 <= os >>> 0;
}

/** True when the 64-bit range of `inner` lies within that of `outer`. */
export function subset64(outer: number, inner: number): boolean {
  if (isEmpty64(inner)) return true;
  if (isEmpty64(outer)) return false;
  const ol = words[outer + BASE_LO];
  const il = words[inner + BASE_LO];
  const dl = (il - ol) | 0;
  const dh = (words[inner + BASE_HI] - words[outer + BASE_HI] - (il >>> 0 < ol >>> 0 ? 1 : 0)) | 0;
  const isl = words[inner + SIZE_LO];
  const ish = words[inner + SIZE_HI];
  const osl = words[outer + SIZE_LO];
  const osh = words[outer + SIZE_HI];
  if (ult(~dl, ~dh, isl, ish) && (osl & osh) !== -1) return false;
  const el = (dl + isl) | 0;
  const eh = (dh + ish + (el >>> 0 < dl >>> 0 ? 1 : 0)) | 0;
  return !ult(osl, osh, el, eh);
}
