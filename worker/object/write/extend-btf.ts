import type { Btf } from '../../btf/btf.ts';
import { BTF_MAGIC } from '../../btf/parse.ts';
import { typePlaces } from '../type-places.ts';

/** Types that are put behind those of a program; every method returns the id of the type. */
export interface ExtendedBtf {
  /** Offset of a string. */
  string(text: string): number;
  /** A type of its head (kind, number of its parts, size or type) and the words that follow. Names are strings' texts. */
  type(name: string, kind: number, parts: number, sizeOrType: number, rest?: readonly number[]): number;
  /** Changes what a type of the program says: 32-bit words by their place in it (1: kind and number of parts, 2: size or type, 3: linkage of a variable). */
  change(id: number, words: Readonly<Record<number, number>>): void;
  /** The raw data of all. */
  finish(): Uint8Array;
}

const HEADER = 24;

/** Continues the types of a program, or begins with none. */
export function extendBtf(btf: Btf | null): ExtendedBtf {
  const own = btf?.bytes ?? null;
  const view = own === null ? null : new DataView(own.buffer, own.byteOffset, own.byteLength);
  const part = (at: number): Uint8Array => {
    if (own === null || view === null) return new Uint8Array(at === 16 ? 1 : 0);
    const start = view.getUint32(4, true) + view.getUint32(at, true);
    return own.subarray(start, start + view.getUint32(at + 4, true));
  };
  const types = part(8);
  const strings = part(16);
  const words: number[] = [];
  const changes = new Map<number, number>();
  const places = btf === null ? new Map<number, number>() : typePlaces(btf);
  const chunks: Uint8Array[] = [];
  const known = new Map<string, number>([['', 0]]);
  const encoder = new TextEncoder();
  let stringEnd = strings.length;
  let nextId = btf?.nextId ?? 1;

  const string = (text: string): number => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const bytes = encoder.encode(`${text}\0`);
    known.set(text, stringEnd);
    chunks.push(bytes);
    stringEnd += bytes.length;
    return stringEnd - bytes.length;
  };

  return {
    string,
    type(name, kind, parts, sizeOrType, rest = []) {
      words.push(string(name), (kind << 24) | parts, sizeOrType, ...rest);
      return nextId++;
    },
    change(id, to) {
      for (const [word, value] of Object.entries(to))
        changes.set(places.get(id)! - places.get(btf!.firstId)! + 4 * Number(word), value);
    },
    finish() {
      const typeEnd = types.length + words.length * 4;
      const out = new Uint8Array(HEADER + typeEnd + stringEnd);
      const to = new DataView(out.buffer);
      to.setUint16(0, BTF_MAGIC, true);
      out[2] = 1;
      [HEADER, 0, typeEnd, typeEnd, stringEnd].forEach((n, i) => to.setUint32(4 + 4 * i, n, true));
      out.set(types, HEADER);
      for (const [place, word] of changes) to.setUint32(HEADER + place, word >>> 0, true);
      words.forEach((word, i) => to.setUint32(HEADER + types.length + 4 * i, word >>> 0, true));
      let at = HEADER + typeEnd;
      for (const chunk of [strings, ...chunks]) {
        out.set(chunk, at);
        at += chunk.length;
      }
      return out;
    },
  };
}
