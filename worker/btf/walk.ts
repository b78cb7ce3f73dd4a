import {
  BTF_KIND_ARRAY,
  BTF_KIND_CONST,
  BTF_KIND_DATASEC,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FLOAT,
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
import type { Btf, BtfMember, BtfType } from './btf.ts';

/** How deep the kernel follows arrays and nested types. */
export const MAX_RESOLVE_DEPTH = 32;
const U32_MAX = 0xffffffff;

/** Typedefs, qualifiers and type tags: kinds whose size is that of what they refer to (btf_type_is_modifier). */
export function isModifier(t: BtfType): boolean {
  switch (t.kind) {
    case BTF_KIND_TYPEDEF:
    case BTF_KIND_VOLATILE:
    case BTF_KIND_CONST:
    case BTF_KIND_RESTRICT:
    case BTF_KIND_TYPE_TAG:
      return true;
    default:
      return false;
  }
}

/** Struct or union (btf_type_is_struct). */
export function isStructOrUnion(t: BtfType): boolean {
  return t.kind === BTF_KIND_STRUCT || t.kind === BTF_KIND_UNION;
}

/** ENUM or ENUM64 (btf_is_any_enum). */
export function isAnyEnum(t: BtfType): boolean {
  return t.kind === BTF_KIND_ENUM || t.kind === BTF_KIND_ENUM64;
}

/** An integer of at most 8 bytes (btf_type_is_small_int). */
export function isSmallInt(t: BtfType): boolean {
  return t.kind === BTF_KIND_INT && t.size <= 8;
}

/** An integer whose bits fill 1, 2, 4, 8 or 16 bytes from bit 0 (btf_type_int_is_regular). */
export function isRegularInt(t: BtfType): boolean {
  if (t.kind !== BTF_KIND_INT || t.int === null || t.int.offset !== 0 || t.int.bits % 8 !== 0) return false;
  const bytes = t.int.bits / 8;
  return (bytes === 1 || bytes === 2 || bytes === 4 || bytes === 8 || bytes === 16) && bytes === t.size;
}

/** void: id 0. */
export function isVoid(t: BtfType): boolean {
  return t.kind === BTF_KIND_UNKN;
}

/** The type behind typedefs, qualifiers and tags (btf_type_skip_modifiers); its `id` is the resolved one. */
export function skipModifiers(btf: Btf, id: number): BtfType {
  let t = btf.type(id);
  while (isModifier(t)) t = btf.type(t.type);
  return t;
}

/** The type behind qualifiers and tags, typedefs kept (btf_type_skip_qualifiers). */
export function skipQualifiers(btf: Btf, id: number): BtfType {
  let t = btf.type(id);
  while (isModifier(t) && t.kind !== BTF_KIND_TYPEDEF) t = btf.type(t.type);
  return t;
}

/** What a pointer (behind modifiers) points to, modifiers skipped; null if the type is no pointer. */
export function resolvePtr(btf: Btf, id: number): BtfType | null {
  const t = skipModifiers(btf, id);
  return t.kind === BTF_KIND_PTR ? skipModifiers(btf, t.type) : null;
}

/** The prototype behind a function pointer, or null. */
export function resolveFuncPtr(btf: Btf, id: number): BtfType | null {
  const t = resolvePtr(btf, id);
  return t !== null && t.kind === BTF_KIND_FUNC_PROTO ? t : null;
}

/** Whether a PTR type points to a struct or union, modifiers skipped (btf_type_is_struct_ptr). */
export function isStructPtr(btf: Btf, t: BtfType): boolean {
  const target = resolvePtr(btf, t.id);
  return target !== null && isStructOrUnion(target);
}

/** Outcome of following a pointer's tags down to what it points to. */
export interface TagWalk {
  /** First type below the tags and qualifiers. */
  readonly target: BtfType;
  /** Union of the tags' values. */
  readonly flags: number;
}

/**
 * Follows the modifiers below a pointer and collects the values of its type tags (btf_type_tag_walk). Null if more
 * than one distinct tag of the table is there. Tags with kind_flag (attributes) do not count.
 */
export function walkTypeTags(btf: Btf, pointer: BtfType, table: ReadonlyMap<string, number>): TagWalk | null {
  let flags = 0;
  let t = btf.type(pointer.type);
  for (; isModifier(t); t = btf.type(t.type)) {
    if (t.kind === BTF_KIND_TYPE_TAG && !t.kindFlag) flags |= table.get(t.name) ?? 0;
  }
  if ((flags & (flags - 1)) !== 0) return null;
  return { target: t, flags };
}

/** A size with the parts that struct access needs (kernel: __btf_resolve_size). */
export interface ResolvedSize {
  /** Bytes of the whole, arrays multiplied out. */
  readonly size: number;
  /** The outermost array, or the type behind the modifiers. */
  readonly type: BtfType;
  /** Innermost element of an array behind its modifiers; the type itself if it is no array. */
  readonly elem: BtfType;
  /** Id of the innermost element as the array names it (modifiers kept); 0 if it is no array. */
  readonly elemId: number;
  /** Number of innermost elements; 1 if it is no array. */
  readonly count: number;
  /** The id behind the last modifier that was skipped; the given id if there was none. */
  readonly id: number;
}

/** Size of a type; null if it has none (void, forward declaration, function) or overflows 32 bits. */
export function resolveSize(btf: Btf, id: number): ResolvedSize | null {
  let t = btf.type(id);
  let outer: BtfType | null = null;
  let elemId = 0;
  let count = 1;
  let resolvedId = id;
  for (let i = 0; i < MAX_RESOLVE_DEPTH; i++) {
    let size: number;
    switch (t.kind) {
      case BTF_KIND_INT:
      case BTF_KIND_STRUCT:
      case BTF_KIND_UNION:
      case BTF_KIND_ENUM:
      case BTF_KIND_FLOAT:
      case BTF_KIND_ENUM64:
        size = t.size;
        break;
      case BTF_KIND_PTR:
        size = 8;
        break;
      case BTF_KIND_TYPEDEF:
      case BTF_KIND_VOLATILE:
      case BTF_KIND_CONST:
      case BTF_KIND_RESTRICT:
      case BTF_KIND_TYPE_TAG:
        resolvedId = t.type;
        t = btf.type(t.type);
        continue;
      case BTF_KIND_ARRAY: {
        outer ??= t;
        const array = t.array!;
        if (count * array.count > U32_MAX) return null;
        count *= array.count;
        elemId = array.elem;
        t = btf.type(array.elem);
        continue;
      }
      default:
        return null;
    }
    if (size * count > U32_MAX) return null;
    return { size: size * count, type: outer ?? t, elem: t, elemId, count, id: resolvedId };
  }
  return null;
}

/** Size and resolved id of a key, value or variable type (btf_type_id_size), or null if it has no size. */
export function typeIdSize(btf: Btf, id: number): { readonly id: number; readonly size: number } | null {
  let t = btf.type(id);
  if (t.kind === BTF_KIND_VAR) t = btf.type(t.type);
  t = skipModifiers(btf, t.id);
  switch (t.kind) {
    case BTF_KIND_INT:
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64:
    case BTF_KIND_FLOAT:
    case BTF_KIND_DATASEC:
      return { id: t.id, size: t.size };
    case BTF_KIND_PTR:
      return { id: t.id, size: 8 };
    case BTF_KIND_ARRAY: {
      const resolved = resolveSize(btf, t.id);
      return resolved === null ? null : { id: t.id, size: resolved.size };
    }
    default:
      return null;
  }
}

/** A member found at an offset, with the names that lead to it (`a.b[2].c`). */
export interface MemberPath {
  readonly path: string;
  readonly member: BtfMember;
  /** Type of the innermost member (array elements resolved). */
  readonly typeId: number;
  /** Byte offset of that member from the outermost struct. */
  readonly offset: number;
}

/**
 * The innermost member that covers a byte, for hovers and explanations (not a verifier rule): the first match in a
 * union. Null for a hole or an offset outside.
 */
export function memberAt(btf: Btf, structId: number, offset: number): MemberPath | null {
  let owner = skipModifiers(btf, structId);
  let path = '';
  let start = 0;
  let found: MemberPath | null = null;
  for (let depth = 0; depth < MAX_RESOLVE_DEPTH; depth++) {
    if (!isStructOrUnion(owner)) return found;
    const hit = memberCovering(btf, owner, offset - start);
    if (hit === null) return found;
    start += hit.start;
    const dotted = hit.member.name === '' ? path : path === '' ? hit.member.name : `${path}.${hit.member.name}`;
    path = dotted;
    let typeId = hit.member.type;
    const size = resolveSize(btf, typeId);
    if (size !== null && size.type.kind === BTF_KIND_ARRAY && size.count > 0) {
      const stride = size.size / size.count;
      const index = stride === 0 ? 0 : Math.floor((offset - start) / stride);
      path += `[${index}]`;
      start += index * stride;
      typeId = size.elemId;
    }
    found = { path, member: hit.member, typeId, offset: start };
    owner = skipModifiers(btf, typeId);
  }
  return found;
}

function memberCovering(btf: Btf, owner: BtfType, offset: number): { member: BtfMember; start: number } | null {
  for (const member of owner.members) {
    const start = member.bitOffset >> 3;
    const bits = member.bitSize !== 0 ? member.bitSize : (resolveSize(btf, member.type)?.size ?? 0) * 8;
    const end = (member.bitOffset + bits + 7) >> 3;
    if (offset >= start && offset < end) return { member, start };
  }
  return null;
}
