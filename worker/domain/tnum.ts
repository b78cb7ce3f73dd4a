/**
 * Tracked numbers: which bits are known to be 0, known to be 1, or unknown. Each function writes the tnum of the
 * record `r` from those of the records `a` and `b` (any of which may be the same) and touches nothing else.
 */
import { MASK_HI, MASK_LO, VALUE_HI, VALUE_LO, words } from './arena.ts';

/** Writes a tnum, clearing the value bits that the mask declares unknown. */
export function setTnum(r: number, vlo: number, vhi: number, mlo: number, mhi: number): void {
  words[r + VALUE_LO] = vlo & ~mlo;
  words[r + VALUE_HI] = vhi & ~mhi;
  words[r + MASK_LO] = mlo;
  words[r + MASK_HI] = mhi;
}

/** All bits unknown. */
export function setTnumUnknown(r: number): void {
  words[r + VALUE_LO] = 0;
  words[r + VALUE_HI] = 0;
  words[r + MASK_LO] = -1;
  words[r + MASK_HI] = -1;
}

/** Sum: a bit is unknown when it is in an operand, or when a carry from unknown bits can reach it. */
export function tnumAdd(r: number, a: number, b: number): void {
  const aml = words[a + MASK_LO];
  const amh = words[a + MASK_HI];
  const bml = words[b + MASK_LO];
  const bmh = words[b + MASK_HI];
  const avl = words[a];
  const svl = (avl + words[b]) | 0;
  const svh = (words[a + 1] + words[b + 1] + (svl >>> 0 < avl >>> 0 ? 1 : 0)) | 0;
  const sml = (aml + bml) | 0;
  const smh = (amh + bmh + (sml >>> 0 < aml >>> 0 ? 1 : 0)) | 0;
  const gl = (sml + svl) | 0;
  const gh = (smh + svh + (gl >>> 0 < sml >>> 0 ? 1 : 0)) | 0;
  const ml = (gl ^ svl) | aml | bml;
  const mh = (gh ^ svh) | amh | bmh;
  words[r] = svl & ~ml;
  words[r + 1] = svh & ~mh;
  words[r + 2] = ml;
  words[r + 3] = mh;
}

/** Difference; the extreme borrows show which bits can change. */
export function tnumSub(r: number, a: number, b: number): void {
  const aml = words[a + MASK_LO];
  const amh = words[a + MASK_HI];
  const bml = words[b + MASK_LO];
  const bmh = words[b + MASK_HI];
  const avl = words[a];
  const bvl = words[b];
  const dl = (avl - bvl) | 0;
  const dh = (words[a + 1] - words[b + 1] - (avl >>> 0 < bvl >>> 0 ? 1 : 0)) | 0;
  const hl = (dl + aml) | 0;
  const hh = (dh + amh + (hl >>> 0 < dl >>> 0 ? 1 : 0)) | 0;
  const ll = (dl - bml) | 0;
  const lh = (dh - bmh - (dl >>> 0 < bml >>> 0 ? 1 : 0)) | 0;
  const ml = (hl ^ ll) | aml | bml;
  const mh = (hh ^ lh) | amh | bmh;
  words[r] = dl & ~ml;
  words[r + 1] = dh & ~mh;
  words[r + 2] = ml;
  words[r + 3] = mh;
}

export function tnumAnd(r: number, a: number, b: number): void {
  const avl = words[a];
  const avh = words[a + 1];
  const bvl = words[b];
  const bvh = words[b + 1];
  const vl = avl & bvl;
  const vh = avh & bvh;
  words[r + 2] = (avl | words[a + 2]) & (bvl | words[b + 2]) & ~vl;
  words[r + 3] = (avh | words[a + 3]) & (bvh | words[b + 3]) & ~vh;
  words[r] = vl;
  words[r + 1] = vh;
}

export function tnumOr(r: number, a: number, b: number): void {
  const vl = words[a] | words[b];
  const vh = words[a + 1] | words[b + 1];
  words[r + 2] = (words[a + 2] | words[b + 2]) & ~vl;
  words[r + 3] = (words[a + 3] | words[b + 3]) & ~vh;
  words[r] = vl;
  words[r + 1] = vh;
}

export function tnumXor(r: number, a: number, b: number): void {
  setTnum(
    r,
    words[a] ^ words[b],
    words[a + 1] ^ words[b + 1],
    words[a + 2] | words[b + 2],
    words[a + 3] | words[b + 3],
  );
}

/**
 * Product, by long multiplication over the bits of `a`: a known one adds `b`, an unknown bit makes the union of having
 * added it and not, then `b` moves up. Stops when either operand has been shifted out.
 */
export function tnumMul(r: number, a: number, b: number): void {
  let avl = words[a];
  let avh = words[a + 1];
  let aml = words[a + 2];
  let amh = words[a + 3];
  let bvl = words[b];
  let bvh = words[b + 1];
  let bml = words[b + 2];
  let bmh = words[b + 3];
  let vl = 0;
  let vh = 0;
  let ml = 0;
  let mh = 0;
  while ((avl | avh | aml | amh) !== 0 && (bvl | bvh | bml | bmh) !== 0) {
    if (((avl | aml) & 1) !== 0) {
      const svl = (vl + bvl) | 0;
      const svh = (vh + bvh + (svl >>> 0 < vl >>> 0 ? 1 : 0)) | 0;
      const sml = (ml + bml) | 0;
      const smh = (mh + bmh + (sml >>> 0 < ml >>> 0 ? 1 : 0)) | 0;
      const gl = (sml + svl) | 0;
      const gh = (smh + svh + (gl >>> 0 < sml >>> 0 ? 1 : 0)) | 0;
      let nml = (gl ^ svl) | ml | bml;
      let nmh = (gh ^ svh) | mh | bmh;
      let nvl = svl & ~nml;
      let nvh = svh & ~nmh;
      if ((aml & 1) !== 0) {
        nml |= (vl ^ nvl) | ml;
        nmh |= (vh ^ nvh) | mh;
        nvl = nvl & vl & ~nml;
        nvh = nvh & vh & ~nmh;
      }
      vl = nvl;
      vh = nvh;
      ml = nml;
      mh = nmh;
    }
    avl = (avl >>> 1) | (avh << 31);
    avh >>>= 1;
    aml = (aml >>> 1) | (amh << 31);
    amh >>>= 1;
    bvh = (bvh << 1) | (bvl >>> 31);
    bvl <<= 1;
    bmh = (bmh << 1) | (bml >>> 31);
    bml <<= 1;
  }
  words[r] = vl;
  words[r + 1] = vh;
  words[r + 2] = ml;
  words[r + 3] = mh;
}

/** Shifts the tnum of `r` by 0 to 63 bits to the left. */
export function tnumShiftLeft(r: number, n: number): void {
  shiftLeft(r, n);
  shiftLeft(r + 2, n);
}

/** Shifts the tnum of `r` by 0 to 63 bits to the right, bringing in zeros. */
export function tnumShiftRight(r: number, n: number): void {
  shiftRight(r, n);
  shiftRight(r + 2, n);
}

/** Shifts the tnum of `r` by 0 to 63 bits to the right, repeating the sign bit, known or not. */
export function tnumShiftArithmetic(r: number, n: number): void {
  shiftArithmetic(r, n);
  shiftArithmetic(r + 2, n);
}

/** Shifts the 64-bit number in `words[at], words[at + 1]` left by 0 to 63. */
export function shiftLeft(at: number, n: number): void {
  const lo = words[at];
  if (n >= 32) {
    words[at + 1] = lo << (n - 32);
    words[at] = 0;
  } else if (n > 0) {
    words[at + 1] = (words[at + 1] << n) | (lo >>> (32 - n));
    words[at] = lo << n;
  }
}

/** Shifts the 64-bit number in `words[at], words[at + 1]` right by 0 to 63, unsigned. */
export function shiftRight(at: number, n: number): void {
  const hi = words[at + 1];
  if (n >= 32) {
    words[at] = hi >>> (n - 32);
    words[at + 1] = 0;
  } else if (n > 0) {
    words[at] = (words[at] >>> n) | (hi << (32 - n));
    words[at + 1] = hi >>> n;
  }
}

/** Shifts the 64-bit number in `words[at], words[at + 1]` right by 0 to 63, signed. */
export function shiftArithmetic(at: number, n: number): void {
  const hi = words[at + 1];
  if (n >= 32) {
    words[at] = hi >> (n - 32);
    words[at + 1] = hi >> 31;
  } else if (n > 0) {
    words[at] = (words[at] >>> n) | (hi << (32 - n));
    words[at + 1] = hi >> n;
  }
}

/** The bits below the highest one in which two 32-bit numbers differ, including it: 2^fls(min ^ max) - 1. */
export function spreadMask(min: number, max: number): number {
  const n = Math.clz32(min ^ max);
  return n === 32 ? 0 : (-1 >>> n) | 0;
}
