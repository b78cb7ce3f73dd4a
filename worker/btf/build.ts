import {
  BTF_KIND_ARRAY,
  BTF_KIND_CONST,
  BTF_KIND_DATASEC,
  BTF_KIND_DECL_TAG,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FLOAT,
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_FWD,
  BTF_KIND_INT,
  BTF_KIND_PTR,
  BTF_KIND_RESTRICT,
  BTF_KIND_STRUCT,
  BTF_KIND_TYPEDEF,
  BTF_KIND_TYPE_TAG,
  BTF_KIND_UNION,
  BTF_KIND_VAR,
  BTF_KIND_VOLATILE,
} from './btf.ts';
import type { Btf, BtfMember, BtfParam } from './btf.ts';
import { BTF_MAGIC, parseBtf } from './parse.ts';

/** Encodings of INT. */
export const BTF_INT_SIGNED = 1;
export const BTF_INT_CHAR = 2;
export const BTF_INT_BOOL = 4;
/** Linkages of FUNC and VAR. */
export const BTF_STATIC = 0;
export const BTF_GLOBAL = 1;
export const BTF_EXTERN = 2;

const QUALIFIER_KINDS = { const: BTF_KIND_CONST, volatile: BTF_KIND_VOLATILE, restrict: BTF_KIND_RESTRICT } as const;

/** Variable in a section. */
export interface SectionVar {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

/**
 * Builds the types of a program. Every method returns the id of the type; types without members and prototypes
 * are shared when they say the same. Structs may be reserved first and filled later (recursive types).
 */
export interface BtfBuilder {
  /** Offset of a string in the string section (line info, names). */
  string(text: string): number;
  int(name: string, bytes: number, encoding: number): number;
  float(name: string, bytes: number): number;
  ptr(type: number): number;
  qualifier(word: 'const' | 'volatile' | 'restrict', type: number): number;
  typedef(name: string, type: number): number;
  typeTag(tag: string, type: number): number;
  array(elem: number, index: number, count: number): number;
  fwd(name: string, union: boolean): number;
  /** Takes an id; {@link defineStruct} must follow. */
  reserveStruct(): number;
  defineStruct(id: number, name: string, union: boolean, size: number, members: readonly BtfMember[]): void;
  enumeration(name: string, bytes: number, signed: boolean, values: readonly { name: string; value: bigint }[]): number;
  funcProto(result: number, params: readonly BtfParam[]): number;
  func(name: string, proto: number, linkage: number): number;
  variable(name: string, type: number, linkage: number): number;
  section(name: string, size: number, vars: readonly SectionVar[]): number;
  declTag(tag: string, type: number, componentIdx: number): number;
  /** The raw data and its reading. A reserved struct without definition throws. */
  finish(name?: string): Btf;
}

/** A fresh builder; ids start at 1. */
export function btfBuilder(): BtfBuilder {
  const types: (readonly number[] | null)[] = [];
  const shared = new Map<string, number>();
  const strings = new Map<string, number>([['', 0]]);
  const chunks: Uint8Array[] = [new Uint8Array(1)];
  const encoder = new TextEncoder();
  let stringLength = 1;

  const string = (text: string): number => {
    const known = strings.get(text);
    if (known !== undefined) return known;
    if (text.includes('\0')) throw new RangeError('a BTF string cannot contain NUL');
    const bytes = encoder.encode(text + '\0');
    const at = stringLength;
    chunks.push(bytes);
    stringLength += bytes.length;
    strings.set(text, at);
    return at;
  };
  const add = (words: readonly number[]): number => types.push(words);
  const share = (words: readonly number[]): number => {
    const key = words.join();
    const known = shared.get(key);
    if (known !== undefined) return known;
    const id = add(words);
    shared.set(key, id);
    return id;
  };
  const info = (kind: number, vlen = 0, flag = false): number => (((flag ? 0x80 : 0) | kind) << 24) | vlen;
  const refer = (kind: number, name: string, type: number): number => share([string(name), info(kind), type]);

  return {
    string,
    int: (name, bytes, encoding) => share([string(name), info(BTF_KIND_INT), bytes, (encoding << 24) | (bytes * 8)]),
    float: (name, bytes) => share([string(name), info(BTF_KIND_FLOAT), bytes]),
    ptr: (type) => refer(BTF_KIND_PTR, '', type),
    qualifier: (word, type) => refer(QUALIFIER_KINDS[word], '', type),
    typedef: (name, type) => refer(BTF_KIND_TYPEDEF, name, type),
    typeTag: (tag, type) => refer(BTF_KIND_TYPE_TAG, tag, type),
    array: (elem, index, count) => share([0, info(BTF_KIND_ARRAY), 0, elem, index, count]),
    fwd: (name, union) => share([string(name), info(BTF_KIND_FWD, 0, union), 0]),
    reserveStruct: () => types.push(null),
    defineStruct(id, name, union, size, members) {
      if (types[id - 1] !== null) throw new RangeError(`type ${id} is not a reserved struct`);
      const bitFields = members.some((m) => m.bitSize !== 0);
      const words = [string(name), info(union ? BTF_KIND_UNION : BTF_KIND_STRUCT, members.length, bitFields), size];
      for (const m of members) words.push(string(m.name), m.type, bitFields ? (m.bitSize << 24) | m.bitOffset : m.bitOffset);
      types[id - 1] = words;
    },
    enumeration(name, bytes, signed, values) {
      const wide = bytes === 8;
      const words = [string(name), info(wide ? BTF_KIND_ENUM64 : BTF_KIND_ENUM, values.length, signed), bytes];
      for (const { name: label, value } of values) {
        words.push(string(label), Number(BigInt.asUintN(32, value)));
        if (wide) words.push(Number(BigInt.asUintN(32, value >> 32n)));
      }
      return add(words);
    },
    funcProto(result, params) {
      const words = [0, info(BTF_KIND_FUNC_PROTO, params.length), result];
      for (const p of params) words.push(string(p.name), p.type);
      return share(words);
    },
    func: (name, proto, linkage) => add([string(name), info(BTF_KIND_FUNC, linkage), proto]),
    variable: (name, type, linkage) => add([string(name), info(BTF_KIND_VAR), type, linkage]),
    section(name, size, vars) {
      const words = [string(name), info(BTF_KIND_DATASEC, vars.length), size];
      for (const v of [...vars].sort((a, b) => a.offset - b.offset)) words.push(v.type, v.offset, v.size);
      return add(words);
    },
    declTag: (tag, type, componentIdx) => share([string(tag), info(BTF_KIND_DECL_TAG), type, componentIdx]),
    finish(name = '') {
      const missing = types.indexOf(null);
      if (missing >= 0) throw new RangeError(`struct ${missing + 1} was reserved but never defined`);
      const words = (types as readonly (readonly number[])[]).flat();
      const bytes = new Uint8Array(24 + words.length * 4 + stringLength);
      const view = new DataView(bytes.buffer);
      view.setUint16(0, BTF_MAGIC, true);
      view.setUint8(2, 1);
      view.setUint32(4, 24, true);
      view.setUint32(12, words.length * 4, true);
      view.setUint32(16, words.length * 4, true);
      view.setUint32(20, stringLength, true);
      words.forEach((word, i) => view.setUint32(24 + i * 4, word >>> 0, true));
      let at = 24 + words.length * 4;
      for (const chunk of chunks) {
        bytes.set(chunk, at);
        at += chunk.length;
      }
      return parseBtf(bytes, { name });
    },
  };
}
