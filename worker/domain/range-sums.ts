/** Sums and differences of circular ranges. */
import { BASE_LO, BASE_HI, SIZE_LO, SIZE_HI, BASE32, SIZE32, words } from './arena.ts';
import { isEmpty64, setUnbounded64, setEmpty64 } from './ranges.ts';

const SIGN = -0x80000000;

/**
 * 32-bit range of `r` = range of `a` + range of `b`.
 * A sum that fills the circle starts at 0, except one that starts exactly at the largest signed value.
 */
export function add32(r: number, a: number, b: number): void {
  const ab = words[a + BASE32];
  const as = words[a + SIZE32];
  const bb = words[b + BASE32];
  const bs = words[b + SIZE32];
  if ((ab & as) === -1 || (bb & bs) === -1) {
    words[r + BASE32] = -1;
    words[r + SIZE32] = -1;
    return;
  }
  sum32(r, ab, as, bb, bs);
}

function sum32(r: number, ab: number, as: number, bb: number, bs: number): void {
  if (as >>> 0 > ~bs >>> 0) {
    words[r + BASE32] = 0;
    words[r + SIZE32] = -1;
    return;
  }
  const size = (as + bs) | 0;
  const base = (ab + bb) | 0;
  words[r + BASE32] = size === -1 && base !== ~SIGN ? 0 : base;
  words[r + SIZE32] = size;
}

/** 32-bit range of `r` = range of `a` - range of `b`. */
export function sub32(r: number, a: number, b: number): void {
  const ab = words[a + BASE32];
  const as = words[a + SIZE32];
  const bb = words[b + BASE32];
  const bs = words[b + SIZE32];
  if ((ab & as) === -1 || (bb & bs) === -1) {
    words[r + BASE32] = -1;
    words[r + SIZE32] = -1;
    return;
  }
  let nb = -(bb + bs) | 0;
  if (bs === -1 && nb !== ~SIGN) nb = 0;
  sum32(r, ab, as, nb, bs);
}

/** 64-bit range of `r` = range of `a` + range of `b`; see {@link add32}. */
export function add64(r: number, a: number, b: number): void {
  if (isEmpty64(a) || isEmpty64(b)) {
    setEmpty64(r);
    return;
  }
  sum64(r, a, words[b + BASE_LO], words[b + BASE_HI], words[b + SIZE_LO], words[b + SIZE_HI]);
}

function sum64(r: number, a: number, bbl: number, bbh: number, bsl: number, bsh: number): void {
  const asl = words[a + SIZE_LO];
  const ash = words[a + SIZE_HI];
  if (ash === ~bsh ? asl >>> 0 > ~bsl >>> 0 : ash >>> 0 > ~bsh >>> 0) {
    setUnbounded64(r);
    return;
  }
  // The sizes do not overflow, so their low words' carry is all there is to add.
  const sl = (asl + bsl) | 0;
  const sh = (ash + bsh + (sl >>> 0 < asl >>> 0 ? 1 : 0)) | 0;
  const abl = words[a + BASE_LO];
  let bl = (abl + bbl) | 0;
  let bh = (words[a + BASE_HI] + bbh + (bl >>> 0 < abl >>> 0 ? 1 : 0)) | 0;
  if ((sl & sh) === -1 && !(bl === -1 && bh === ~SIGN)) {
    bl = 0;
    bh = 0;
  }
  words[r + BASE_LO] = bl;
  words[r + BASE_HI] = bh;
  words[r + SIZE_LO] = sl;
  words[r + SIZE_HI] = sh;
}

/** 64-bit range of `r` = range of `a` - range of `b`. */
export function sub64(r: number, a: number, b: number): void {
  if (isEmpty64(a) || isEmpty64(b)) {
    setEmpty64(r);
    return;
  }
  const bsl = words[b + SIZE_LO];
  const bsh = words[b + SIZE_HI];
  const el = (words[b + BASE_LO] + bsl) | 0;
  const eh = (words[b + BASE_HI] + bsh + (el >>> 0 < bsl >>> 0 ? 1 : 0)) | 0;
  let nl = -el | 0;
  let nh = (~eh + (el === 0 ? 1 : 0)) | 0;
  if ((bsl & bsh) === -1 && !(nl === -1 && nh === ~SIGN)) {
    nl = 0;
    nh = 0;
  }
  sum64(r, a, nl, nh, bsl, bsh);
}
