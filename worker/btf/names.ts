import type { Btf } from './btf.ts';

/** Names of a container's own types. */
export interface NameTable {
  /** The lowest id with this name and kind, 0 if there is none. */
  find(name: string, kind: number): number;
  /** Ids of all types of a kind whose names begin so, in order; O(types). */
  startingWith(prefix: string, kind: number): number[];
}

/** Open-addressing table from (name, kind) to the lowest id; keys are compared in the string section itself. */
export function buildNames(
  words: Uint32Array,
  offsets: Uint32Array,
  firstId: number,
  strings: Uint8Array,
  stringStart: number,
  base: Btf | null,
): NameTable {
  let capacity = 64;
  while (capacity < offsets.length * 2) capacity *= 2;
  const mask = capacity - 1;
  /** Index into `offsets` plus one; 0 is free. */
  const slots = new Uint32Array(capacity);
  const encoder = new TextEncoder();
  const fetch = (offset: number): [Uint8Array, number] =>
    offset >= stringStart ? [strings, offset - stringStart] : [encoder.encode(base!.string(offset) + '\0'), 0];
  const hashAt = (text: Uint8Array, start: number, kind: number): number => {
    let hash = kind * 0x9e3779b1;
    for (let i = start; text[i] !== 0; i++) hash = Math.imul(hash ^ text[i], 0x01000193);
    return (hash ^ (hash >>> 15)) & mask;
  };
  const same = (a: Uint8Array, i: number, b: Uint8Array, j: number): boolean => {
    while (a[i] === b[j]) {
      if (a[i] === 0) return true;
      i++;
      j++;
    }
    return false;
  };
  for (let i = 0; i < offsets.length; i++) {
    const at = offsets[i];
    const nameOffset = words[at];
    if (nameOffset === 0) continue;
    const kind = (words[at + 1] >>> 24) & 0x7f;
    const [text, start] = fetch(nameOffset);
    for (let slot = hashAt(text, start, kind); ; slot = (slot + 1) & mask) {
      if (slots[slot] === 0) {
        slots[slot] = i + 1;
        break;
      }
      const other = offsets[slots[slot] - 1];
      if (((words[other + 1] >>> 24) & 0x7f) !== kind) continue;
      if (words[other] === nameOffset) break;
      const [otherText, otherStart] = fetch(words[other]);
      if (same(text, start, otherText, otherStart)) break;
    }
  }
  return {
    find(name, kind) {
      const text = encoder.encode(name + '\0');
      for (let slot = hashAt(text, 0, kind); slots[slot] !== 0; slot = (slot + 1) & mask) {
        const at = offsets[slots[slot] - 1];
        if (((words[at + 1] >>> 24) & 0x7f) !== kind) continue;
        const [other, start] = fetch(words[at]);
        if (same(text, 0, other, start)) return firstId + slots[slot] - 1;
      }
      return 0;
    },
    startingWith(prefix, kind) {
      const text = encoder.encode(prefix);
      const ids: number[] = [];
      for (let i = 0; i < offsets.length; i++) {
        const at = offsets[i];
        if (((words[at + 1] >>> 24) & 0x7f) !== kind || words[at] === 0) continue;
        const [other, start] = fetch(words[at]);
        let length = 0;
        while (length < text.length && text[length] === other[start + length]) length++;
        if (length === text.length) ids.push(firstId + i);
      }
      return ids;
    },
  };
}
