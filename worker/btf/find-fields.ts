import { E2BIG, EINVAL, ENOENT } from '../failure/errno.ts';
import { BTF_KIND_ARRAY, BTF_KIND_DATASEC, BTF_KIND_PTR, BTF_KIND_STRUCT, BTF_KIND_VOLATILE } from './btf.ts';
import type { Btf, BtfType } from './btf.ts';
import {
  BPF_KPTR,
  BPF_LIST_HEAD,
  BPF_RB_ROOT,
  BPF_UPTR,
  FIELD_ROW_BY_STRUCT,
  FIELD_ROW_OF,
  KPTR_ROW,
  KPTR_TAGS,
  fieldKindName,
} from './field-kinds.ts';
import type { FieldRow } from './field-kinds.ts';
import { MAX_RESOLVE_DEPTH, walkTypeTags } from './walk.ts';

/** At most so many fields per value. */
export const BTF_FIELDS_MAX = 11;

/** A field that was found, its pointers and graphs not resolved yet. */
export interface Found {
  readonly kind: number;
  readonly offset: number;
  /** kptr: type id pointed to. */
  readonly typeId: number;
  /** Graph root: contained struct and its node's name. */
  readonly valueBtfId: number;
  readonly nodeName: string;
}

/** Why the kernel refuses a value's fields: `errno`, and `what` in our words. */
export interface Refusal {
  readonly errno: number;
  readonly what: string;
}

/** Makes a {@link Refusal}. */
export function refuse(errno: number, what: string): Refusal {
  return { errno, what };
}

/** Tells a refusal from what was found. */
export function refused(found: readonly Found[] | Refusal): found is Refusal {
  return 'errno' in found;
}

/** One search through a value; keeps which unique fields were seen. */
interface Search {
  readonly btf: Btf;
  readonly mask: number;
  seen: number;
}

const NONE: readonly Found[] = [];

/** Same fields again for every further element of an array (btf_repeat_fields). */
function repeat(found: readonly Found[], times: number, stride: number, room: number): readonly Found[] | Refusal {
  if (found.some((f) => !FIELD_ROW_OF.get(f.kind)!.repeats)) return refuse(EINVAL, 'this field cannot be repeated in an array');
  if (found.length * times > room) return refuse(E2BIG, `more than ${BTF_FIELDS_MAX} special fields`);
  const all: Found[] = [];
  for (let i = 0; i < times; i++) for (const f of found) all.push({ ...f, offset: f.offset + i * stride });
  return all;
}

/** Looks at one member or variable (btf_find_field_one). `owner`/`index` carry its declaration tags. */
function findOne(
  search: Search,
  owner: BtfType,
  index: number,
  typeId: number,
  offset: number,
  expectedSize: number,
  room: number,
  level: number,
): readonly Found[] | Refusal {
  const { btf, mask } = search;
  let t = btf.type(typeId);
  let count = 1;
  let depth = 0;
  for (; depth < MAX_RESOLVE_DEPTH && t.kind === BTF_KIND_ARRAY; depth++) {
    count = Math.imul(count, t.array!.count) >>> 0;
    t = btf.type(t.array!.elem);
  }
  if (depth === MAX_RESOLVE_DEPTH) return refuse(E2BIG, 'arrays nested too deeply');
  if (count === 0) return NONE;

  const named = FIELD_ROW_BY_STRUCT.get(t.name);
  let row: FieldRow;
  if (named !== undefined && (mask & named.kind) !== 0) {
    if (named.unique) {
      if ((search.seen & named.kind) !== 0) return refuse(E2BIG, `a second ${named.word}`);
      search.seen |= named.kind;
    }
    row = named;
  } else if (t.kind === BTF_KIND_STRUCT) {
    if (expectedSize !== 0 && expectedSize !== t.size * count) return NONE;
    return findNested(search, t, offset, count, room, level);
  } else if ((mask & (BPF_KPTR | BPF_UPTR)) !== 0) {
    row = KPTR_ROW;
  } else return NONE;

  if (expectedSize !== 0 && expectedSize !== row.size * count) return NONE;
  if (offset % row.align !== 0) return NONE;
  const found =
    row === KPTR_ROW
      ? findKptr(btf, t, offset, mask)
      : t.kind !== BTF_KIND_STRUCT || t.size !== row.size
        ? null
        : row.kind === BPF_LIST_HEAD || row.kind === BPF_RB_ROOT
          ? findGraphRoot(btf, owner, index, row.kind, offset)
          : { kind: row.kind, offset, typeId: 0, valueBtfId: 0, nodeName: '' };
  if (found === null) return NONE;
  if ('errno' in found) return found;
  if (room === 0) return refuse(E2BIG, `more than ${BTF_FIELDS_MAX} special fields`);
  return count > 1 ? repeat([found], count, row.size, room) : [found];
}

function findNested(
  search: Search,
  t: BtfType,
  offset: number,
  count: number,
  room: number,
  level: number,
): readonly Found[] | Refusal {
  if (level + 1 >= MAX_RESOLVE_DEPTH) return refuse(E2BIG, 'structs nested too deeply');
  const found = findInStruct(search, t, room, level + 1);
  if (refused(found) || found.length === 0) return found;
  const shifted = found.map((f) => ({ ...f, offset: f.offset + offset }));
  return count > 1 ? repeat(shifted, count, t.size, room) : shifted;
}

function findInStruct(search: Search, t: BtfType, room: number, level: number): readonly Found[] | Refusal {
  const all: Found[] = [];
  for (const [i, member] of t.members.entries()) {
    if (member.bitOffset % 8 !== 0) {
      // Only a bit-field can start there, and the kernel refuses the whole value for it.
      return refuse(EINVAL, `member ${member.name} does not start at a byte`);
    }
    const found = findOne(search, t, i, member.type, member.bitOffset / 8, 0, room - all.length, level);
    if (refused(found)) return found;
    all.push(...found);
  }
  return all;
}

function findInSection(search: Search, section: BtfType): readonly Found[] | Refusal {
  const all: Found[] = [];
  for (const v of section.vars) {
    const variable = search.btf.type(v.type);
    const found = findOne(search, variable, -1, variable.type, v.offset, v.size, BTF_FIELDS_MAX - all.length, 0);
    if (refused(found)) return found;
    all.push(...found);
  }
  return all;
}

/** The kptr that a pointer type is, if its tag is in `mask` (btf_find_kptr). */
export function findKptr(btf: Btf, t: BtfType, offset: number, mask: number): Found | Refusal | null {
  if (t.kind === BTF_KIND_VOLATILE) t = btf.type(t.type);
  if (t.kind !== BTF_KIND_PTR) return null;
  const tags = walkTypeTags(btf, t, KPTR_TAGS);
  if (tags === null) return refuse(EINVAL, 'a pointer has more than one kptr tag');
  if ((tags.flags & mask) === 0) return null;
  if (tags.target.kind !== BTF_KIND_STRUCT) return refuse(EINVAL, 'a kptr must point to a struct that is defined');
  return { kind: tags.flags, offset, typeId: tags.target.id, valueBtfId: 0, nodeName: '' };
}

const CONTAINS = 'contains:';

function findGraphRoot(btf: Btf, owner: BtfType, index: number, kind: number, offset: number): Found | Refusal {
  const tags = btf.declTags(owner.id).filter(([tag, component]) => component === index && tag.startsWith(CONTAINS));
  if (tags.length !== 1) return refuse(EINVAL, `a ${fieldKindName(kind)} needs exactly one __contains(struct, member)`);
  const [struct, ...rest] = tags[0][0].slice(CONTAINS.length).split(':');
  const nodeName = rest.join(':');
  if (rest.length === 0) return refuse(EINVAL, `__contains of a ${fieldKindName(kind)} names no member`);
  const valueBtfId = btf.find(struct, BTF_KIND_STRUCT);
  if (valueBtfId === 0) return refuse(ENOENT, `struct ${struct}, named by __contains, is not defined`);
  if (nodeName === '') return refuse(EINVAL, `__contains of a ${fieldKindName(kind)} names no member`);
  return { kind, offset, typeId: 0, valueBtfId, nodeName };
}

/** All special fields of a struct or data section, in order of declaration (btf_find_field). */
export function findFields(btf: Btf, typeId: number, mask: number): readonly Found[] | Refusal {
  const t = btf.type(typeId);
  const search: Search = { btf, mask, seen: 0 };
  if (t.kind === BTF_KIND_STRUCT) return findInStruct(search, t, BTF_FIELDS_MAX, 0);
  if (t.kind === BTF_KIND_DATASEC) return findInSection(search, t);
  return refuse(EINVAL, 'not a struct');
}
