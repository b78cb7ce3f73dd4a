import {
  BTF_KIND_ARRAY,
  BTF_KIND_CONST,
  BTF_KIND_DATASEC,
  BTF_KIND_DECL_TAG,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_INT,
  BTF_KIND_PTR,
  BTF_KIND_RESTRICT,
  BTF_KIND_STRUCT,
  BTF_KIND_TYPEDEF,
  BTF_KIND_TYPE_TAG,
  BTF_KIND_UNION,
  BTF_KIND_UNKN,
  BTF_KIND_VAR,
  BTF_KIND_VOLATILE,
} from './btf.ts';
import type { Btf, BtfMember, BtfParam, BtfType } from './btf.ts';
import { BtfError } from './error.ts';
import { buildNames, type NameTable } from './names.ts';

export const BTF_MAGIC = 0xeb9f;
const HEADER_MIN = 24;
/** 32-bit words of the common head of a type. */
const HEAD_WORDS = 3;
const KIND_COUNT = BTF_KIND_ENUM64 + 1;

/** Words after a type's head: fixed ones, and per element of its vlen. */
const FIXED_WORDS = new Uint8Array(KIND_COUNT);
const ELEMENT_WORDS = new Uint8Array(KIND_COUNT);
FIXED_WORDS[BTF_KIND_INT] = FIXED_WORDS[BTF_KIND_VAR] = FIXED_WORDS[BTF_KIND_DECL_TAG] = 1;
FIXED_WORDS[BTF_KIND_ARRAY] = 3;
ELEMENT_WORDS[BTF_KIND_STRUCT] = ELEMENT_WORDS[BTF_KIND_UNION] = 3;
ELEMENT_WORDS[BTF_KIND_DATASEC] = ELEMENT_WORDS[BTF_KIND_ENUM64] = 3;
ELEMENT_WORDS[BTF_KIND_ENUM] = ELEMENT_WORDS[BTF_KIND_FUNC_PROTO] = 2;

/** Kinds whose third head word is a type id. */
const REFERS = new Uint8Array(KIND_COUNT);
for (const kind of [
  BTF_KIND_PTR,
  BTF_KIND_TYPEDEF,
  BTF_KIND_VOLATILE,
  BTF_KIND_CONST,
  BTF_KIND_RESTRICT,
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_VAR,
  BTF_KIND_DECL_TAG,
  BTF_KIND_TYPE_TAG,
])
  REFERS[kind] = 1;

/** Kinds that resolve to what they refer to: a cycle of them alone has no meaning. */
const MODIFIER = new Uint8Array(KIND_COUNT);
for (const kind of [BTF_KIND_TYPEDEF, BTF_KIND_VOLATILE, BTF_KIND_CONST, BTF_KIND_RESTRICT, BTF_KIND_TYPE_TAG])
  MODIFIER[kind] = 1;
/** Longest chain of modifiers that the kernel takes. */
const MODIFIER_CHAIN_MAX = 32;

const NO_MEMBERS: readonly BtfMember[] = [];
const NO_PARAMS: readonly BtfParam[] = [];
const NO_ENUMERATORS: BtfType['enumerators'] = [];
const NO_VARS: BtfType['vars'] = [];
const NO_TAGS: readonly (readonly [string, number])[] = [];

const VOID: BtfType = {
  id: 0,
  kind: BTF_KIND_UNKN,
  name: 'void',
  size: 0,
  type: 0,
  kindFlag: false,
  linkage: 0,
  members: NO_MEMBERS,
  params: NO_PARAMS,
  enumerators: NO_ENUMERATORS,
  array: null,
  int: null,
  vars: NO_VARS,
  componentIdx: -1,
};

/** What to call the container, and the container that its ids and strings continue (split BTF). */
export interface ParseOptions {
  readonly name?: string;
  readonly base?: Btf | null;
}

/**
 * Reads raw BTF. One pass indexes and checks every type (bounds, references, names, modifier chains); types are
 * decoded when asked for. Throws {@link BtfError} on data that is not little-endian BTF or contradicts itself.
 */
export function parseBtf(bytes: Uint8Array, options: ParseOptions = {}): Btf {
  const base = options.base ?? null;
  const { words, strings } = sections(bytes);
  const firstId = base === null ? 1 : base.nextId;
  const stringStart = base === null ? 0 : base.stringEnd;
  const stringEnd = stringStart + strings.length;
  if (base === null && (strings.length === 0 || strings[0] !== 0)) throw new BtfError('strings', 'the first string is not empty');
  if (strings.length > 0 && strings[strings.length - 1] !== 0) throw new BtfError('strings', 'the last string has no end');
  const offsets = indexTypes(words, firstId);
  const nextId = firstId + offsets.length;
  checkTypes(words, offsets, firstId, stringEnd);
  checkModifierChains(words, offsets, firstId);

  const cache = new Array<BtfType | undefined>(offsets.length);
  const texts = new Map<number, string>();
  const decoder = new TextDecoder();
  let names: NameTable | null = null;
  let tags: Map<number, (readonly [string, number])[]> | null = null;

  const string = (offset: number): string => {
    if (base !== null && offset < stringStart) return base.string(offset);
    const at = offset - stringStart;
    if (!(at >= 0 && at < strings.length)) throw new RangeError(`string offset ${offset} is outside the ${stringEnd} bytes of strings`);
    const known = texts.get(at);
    if (known !== undefined) return known;
    const text = decoder.decode(strings.subarray(at, strings.indexOf(0, at)));
    texts.set(at, text);
    return text;
  };

  const type = (id: number): BtfType => {
    if (id === 0) return VOID;
    if (base !== null && id < firstId) return base.type(id);
    const index = id - firstId;
    if (!(index >= 0 && index < offsets.length)) throw new RangeError(`type id ${id} is outside 0..${nextId - 1}`);
    return (cache[index] ??= decodeType(words, offsets[index], id, string));
  };

  const own = (): NameTable => (names ??= buildNames(words, offsets, firstId, strings, stringStart, base));

  const find = (name: string, kind: number): number => {
    if (base !== null) {
      const id = base.find(name, kind);
      if (id !== 0) return id;
    }
    if (name === '') return 0;
    return own().find(name, kind);
  };

  const declTags = (id: number): readonly (readonly [string, number])[] => {
    if (tags === null) {
      tags = new Map();
      for (let i = 0; i < offsets.length; i++) {
        const at = offsets[i];
        if (((words[at + 1] >>> 24) & 0x7f) !== BTF_KIND_DECL_TAG) continue;
        const target = words[at + 2];
        const list = tags.get(target) ?? [];
        list.push([string(words[at]), words[at + 3] | 0]);
        tags.set(target, list);
      }
    }
    const ofOwn = tags.get(id) ?? NO_TAGS;
    if (base === null || id >= firstId) return ofOwn;
    return ofOwn.length === 0 ? base.declTags(id) : [...base.declTags(id), ...ofOwn];
  };

  return { name: options.name ?? '', base, bytes, firstId, nextId, stringEnd, type, find, startingWith: (prefix, kind) => own().startingWith(prefix, kind), string, declTags };
}

/** The type section as 32-bit words and the string section. */
function sections(bytes: Uint8Array): { words: Uint32Array; strings: Uint8Array } {
  if (bytes.length < HEADER_MIN) throw new BtfError('header', `${bytes.length} bytes are too few for a header of ${HEADER_MIN}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint16(0, true);
  if (magic === 0x9feb) throw new BtfError('header', 'big-endian data; only little-endian is supported');
  if (magic !== BTF_MAGIC) throw new BtfError('header', `magic is 0x${magic.toString(16)}, not 0x${BTF_MAGIC.toString(16)}`);
  if (bytes[2] !== 1) throw new BtfError('header', `version ${bytes[2]} is not 1`);
  if (bytes[3] !== 0) throw new BtfError('header', `unsupported flags 0x${bytes[3].toString(16)}`);
  const headerLength = view.getUint32(4, true);
  if (headerLength < HEADER_MIN || headerLength > bytes.length) throw new BtfError('header', `header length ${headerLength} is impossible`);
  const section = (what: string, at: number): [number, number] => {
    const start = headerLength + view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    if (start + length > bytes.length) throw new BtfError('header', `the ${what} section ends at ${start + length} of ${bytes.length} bytes`);
    return [start, length];
  };
  const [typeStart, typeLength] = section('type', 8);
  const [stringStart, stringLength] = section('string', 16);
  if (typeLength % 4 !== 0) throw new BtfError('header', `the type section's length ${typeLength} is no multiple of 4`);
  const from = bytes.byteOffset + typeStart;
  const words =
    from % 4 === 0
      ? new Uint32Array(bytes.buffer, from, typeLength / 4)
      : new Uint32Array(bytes.slice(typeStart, typeStart + typeLength).buffer);
  return { words, strings: bytes.subarray(stringStart, stringStart + stringLength) };
}

/** Word offset of each type. */
function indexTypes(words: Uint32Array, firstId: number): Uint32Array {
  let offsets = new Uint32Array(Math.max(16, words.length >> 2));
  let count = 0;
  for (let at = 0; at < words.length; ) {
    const where = `type ${firstId + count}`;
    if (at + HEAD_WORDS > words.length) throw new BtfError(`type ${firstId + count}`, 'cut off by the end of the section');
    const info = words[at + 1];
    const kind = (info >>> 24) & 0x7f;
    if (kind === BTF_KIND_UNKN || kind >= KIND_COUNT) throw new BtfError(where, `unknown kind ${kind}`);
    const next = at + HEAD_WORDS + FIXED_WORDS[kind] + (info & 0xffffff) * ELEMENT_WORDS[kind];
    if (next > words.length) throw new BtfError(where, 'cut off by the end of the section');
    if (count === offsets.length) {
      const grown = new Uint32Array(count * 2);
      grown.set(offsets);
      offsets = grown;
    }
    offsets[count++] = at;
    at = next;
  }
  return offsets.slice(0, count);
}

/** Every type id and string offset that a type names exists. */
function checkTypes(words: Uint32Array, offsets: Uint32Array, firstId: number, stringEnd: number): void {
  const nextId = firstId + offsets.length;
  for (let i = 0; i < offsets.length; i++) {
    const at = offsets[i];
    const info = words[at + 1];
    const kind = (info >>> 24) & 0x7f;
    const vlen = info & 0xffffff;
    let bad = -1;
    let badName = words[at] >= stringEnd ? words[at] : -1;
    if (REFERS[kind] === 1 && words[at + 2] >= nextId) bad = words[at + 2];
    if (kind === BTF_KIND_ARRAY) {
      if (words[at + 3] >= nextId) bad = words[at + 3];
      if (words[at + 4] >= nextId) bad = words[at + 4];
    } else if (ELEMENT_WORDS[kind] !== 0) {
      const stride = ELEMENT_WORDS[kind];
      const enumeration = kind === BTF_KIND_ENUM || kind === BTF_KIND_ENUM64;
      const typeAt = kind === BTF_KIND_DATASEC ? 0 : enumeration ? -1 : 1;
      for (let j = at + HEAD_WORDS, end = j + vlen * stride; j < end; j += stride) {
        if (typeAt >= 0 && words[j + typeAt] >= nextId) bad = words[j + typeAt];
        if (kind !== BTF_KIND_DATASEC && words[j] >= stringEnd) badName = words[j];
      }
    }
    if (bad >= 0) throw new BtfError(`type ${firstId + i}`, `refers to type ${bad}, but ids end at ${nextId - 1}`);
    if (badName >= 0) throw new BtfError(`type ${firstId + i}`, `has a name at ${badName}, but strings end at ${stringEnd}`);
  }
}

/** As the kernel: a chain of modifiers longer than 32 is a cycle or as good as one. */
function checkModifierChains(words: Uint32Array, offsets: Uint32Array, firstId: number): void {
  for (let i = 0; i < offsets.length; i++) {
    let at = offsets[i];
    for (let left = MODIFIER_CHAIN_MAX; MODIFIER[(words[at + 1] >>> 24) & 0x7f] === 1; left--) {
      if (left === 0) throw new BtfError(`type ${firstId + i}`, 'a cycle or too long a chain of typedefs and qualifiers');
      const id = words[at + 2];
      if (id < firstId + i) break; // ends there: that one was looked at before
      at = offsets[id - firstId];
    }
  }
}

function decodeType(words: Uint32Array, at: number, id: number, string: (offset: number) => string): BtfType {
  const info = words[at + 1];
  const kind = (info >>> 24) & 0x7f;
  const vlen = info & 0xffffff;
  const kindFlag = info >>> 31 === 1;
  const rest = at + HEAD_WORDS;
  const name = words[at] === 0 ? '' : string(words[at]);
  const third = words[at + 2];
  let members = NO_MEMBERS;
  let params = NO_PARAMS;
  let enumerators = NO_ENUMERATORS;
  let array: BtfType['array'] = null;
  let int: BtfType['int'] = null;
  let vars = NO_VARS;
  let linkage = 0;
  let componentIdx = -1;
  let refers = REFERS[kind] === 1 ? third : 0;
  switch (kind) {
    case BTF_KIND_INT: {
      const word = words[rest];
      int = { encoding: (word >>> 24) & 15, offset: (word >>> 16) & 0xff, bits: word & 0xff };
      break;
    }
    case BTF_KIND_ARRAY:
      array = { elem: words[rest], index: words[rest + 1], count: words[rest + 2] };
      refers = array.elem;
      break;
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
      members = Array.from({ length: vlen }, (_, i) => {
        const m = rest + 3 * i;
        const where = words[m + 2];
        return {
          name: string(words[m]),
          type: words[m + 1],
          bitOffset: kindFlag ? where & 0xffffff : where,
          bitSize: kindFlag ? where >>> 24 : 0,
        };
      });
      break;
    case BTF_KIND_ENUM:
      enumerators = Array.from({ length: vlen }, (_, i) => {
        const value = words[rest + 2 * i + 1];
        return { name: string(words[rest + 2 * i]), value: BigInt(kindFlag ? value | 0 : value) };
      });
      break;
    case BTF_KIND_ENUM64:
      enumerators = Array.from({ length: vlen }, (_, i) => {
        const e = rest + 3 * i;
        const value = (BigInt(words[e + 2]) << 32n) | BigInt(words[e + 1]);
        return { name: string(words[e]), value: kindFlag ? BigInt.asIntN(64, value) : value };
      });
      break;
    case BTF_KIND_FUNC_PROTO:
      params = Array.from({ length: vlen }, (_, i) => ({ name: string(words[rest + 2 * i]), type: words[rest + 2 * i + 1] }));
      break;
    case BTF_KIND_FUNC:
      linkage = vlen;
      break;
    case BTF_KIND_VAR:
      linkage = words[rest];
      break;
    case BTF_KIND_DATASEC:
      vars = Array.from({ length: vlen }, (_, i) => {
        const v = rest + 3 * i;
        return { type: words[v], offset: words[v + 1], size: words[v + 2] };
      });
      break;
    case BTF_KIND_DECL_TAG:
      componentIdx = words[rest] | 0;
      break;
    default:
  }
  const size = REFERS[kind] === 1 || kind === BTF_KIND_ARRAY ? 0 : third;
  return { id, kind, name, size, type: refers, kindFlag, linkage, members, params, enumerators, array, int, vars, componentIdx };
}
