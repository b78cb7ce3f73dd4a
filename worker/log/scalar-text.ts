import { MASK_HI, MASK_LO, OUT, VALUE_HI, VALUE_LO, words } from '../domain/arena.ts';
import { s32max, s32min, signedBounds, u32max, u32min, unsignedBounds } from '../domain/ranges.ts';
import type { Scalar } from '../domain/scalar.ts';

/** 64 bits given as two halves, in hex without prefix. */
function hex64(lo: number, hi: number): string {
  return hi === 0 ? (lo >>> 0).toString(16) : (hi >>> 0).toString(16) + (lo >>> 0).toString(16).padStart(8, '0');
}

/** An unsigned 64-bit number as the log writes it: decimal up to 65535, else hex. */
export function unsignedText(lo: number, hi: number): string {
  return hi === 0 && lo >>> 0 <= 0xffff ? String(lo) : '0x' + hex64(lo, hi);
}

/** A signed 64-bit number as the log writes it: decimal within 16 bits, else the bits in hex. */
export function signedText(lo: number, hi: number): string {
  return hi === lo >> 31 && lo >= -0x8000 && lo <= 0x7fff ? String(lo) : '0x' + hex64(lo, hi);
}

/** Known bits: a constant, or `(value; mask)` in hex (kernel: tnum_strn). */
export function tnumText(s: Scalar): string {
  const vlo = words[s + VALUE_LO];
  const vhi = words[s + VALUE_HI];
  const mlo = words[s + MASK_LO];
  const mhi = words[s + MASK_HI];
  if ((mlo | mhi) === 0) return vhi === 0 && vlo >>> 0 <= 0xffff ? String(vlo) : signedText(vlo, vhi);
  return `(0x${hex64(vlo, vhi)}; 0x${hex64(mlo, mhi)})`;
}

const NAMES = ['smin', 'smax', 'umin', 'umax', 'smin32', 'smax32', 'umin32', 'umax32'];
const lows = new Int32Array(8);
const highs = new Int32Array(8);
const omit = new Uint8Array(8);

/** The bounds that say something, bounds of equal value joined: `smin=umin=3,smax=umax=9` (kernel: print_scalar_ranges). */
export function rangesText(s: Scalar): string {
  signedBounds(s, OUT);
  for (let i = 0; i < 2; i++) {
    lows[i] = words[OUT + 2 * i];
    highs[i] = words[OUT + 2 * i + 1];
  }
  unsignedBounds(s, OUT);
  for (let i = 0; i < 2; i++) {
    lows[2 + i] = words[OUT + 2 * i];
    highs[2 + i] = words[OUT + 2 * i + 1];
  }
  setSigned32(4, s32min(s));
  setSigned32(5, s32max(s));
  lows[6] = u32min(s);
  lows[7] = u32max(s);
  highs[6] = highs[7] = 0;
  omit[0] = lows[0] === 0 && highs[0] === -0x80000000 ? 1 : 0;
  omit[1] = lows[1] === -1 && highs[1] === 0x7fffffff ? 1 : 0;
  omit[2] = (lows[2] | highs[2]) === 0 ? 1 : 0;
  omit[3] = (lows[3] & highs[3]) === -1 ? 1 : 0;
  omit[4] = s32min(s) === -0x80000000 ? 1 : 0;
  omit[5] = s32max(s) === 0x7fffffff ? 1 : 0;
  omit[6] = lows[6] === 0 ? 1 : 0;
  omit[7] = lows[7] === -1 ? 1 : 0;

  let text = '';
  for (let i = 0; i < 8; i++) {
    if (omit[i]) continue;
    const signed = SIGNED[i];
    const negative = signed && highs[i] < 0;
    text += (text === '' ? '' : ',') + NAMES[i] + '=';
    for (let j = i + 2; j < 8; j += 2) {
      if (omit[j] || lows[j] !== lows[i] || highs[j] !== highs[i]) continue;
      // a negative number and a huge positive one have the same bits
      if ((SIGNED[j] && highs[j] < 0) !== negative) continue;
      omit[j] = 1;
      text += NAMES[j] + '=';
    }
    text += signed ? signedText(lows[i], highs[i]) : unsignedText(lows[i], highs[i]);
  }
  return text;
}

const SIGNED = [true, true, false, false, true, true, false, false];

/** 32-bit bounds are sign-extended only where they print as decimals. */
function setSigned32(i: number, value: number): void {
  lows[i] = value;
  highs[i] = value >= -0x8000 && value < 0 ? -1 : 0;
}
