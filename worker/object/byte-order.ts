import { BTF_MAGIC } from '../btf/parse.ts';

const HEADER_MIN = 24;

/** Bytes in which each whole group of four from `start` to `end` is turned around. */
function swapWords(bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at + 4 <= end; at += 4) bytes.subarray(at, at + 4).reverse();
}

/** Big-endian type information as little-endian; what contradicts itself is left for its reader to say. */
export function littleEndianBtf(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_MIN || view.getUint16(0, false) !== BTF_MAGIC) return bytes;
  const out = new Uint8Array(bytes);
  out.subarray(0, 2).reverse();
  const header = view.getUint32(4, false);
  swapWords(out, 4, Math.min(header, out.length));
  const types = header + view.getUint32(8, false);
  swapWords(out, types, Math.min(types + view.getUint32(12, false), out.length));
  return out;
}

/** Big-endian instructions as little-endian: offset and immediate turned around, and the registers' halves of their byte. */
export function littleEndianInsns(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes);
  for (let at = 0; at + 8 <= out.length; at += 8) {
    out[at + 1] = (out[at + 1] >> 4) | ((out[at + 1] & 15) << 4);
    out.subarray(at + 2, at + 4).reverse();
    out.subarray(at + 4, at + 8).reverse();
  }
  return out;
}
