import { EACCES, EFAULT, EINVAL } from '../failure/errno.ts';
import { defineRules } from '../failure/rule.ts';
import type { Rule } from '../failure/rule.ts';
import type { Arg } from '../failure/format.ts';
import { BTF_KIND_ARRAY, BTF_KIND_INT, BTF_KIND_PTR, BTF_KIND_UNION } from './btf.ts';
import type { Btf } from './btf.ts';
import { BtfError } from './error.ts';
import { fieldKindName } from './field-kinds.ts';
import type { BtfRecord } from './fields.ts';
import { kindName, nameOrAnon } from './format.ts';
import { isModifier, isStructOrUnion, resolveSize, skipModifiers, walkTypeTags } from './walk.ts';

/** Ways in which an access to a kernel object's memory is refused. */
export const BTF_RULES = defineRules('btf', {
  'not-a-struct': { text: "Type '%s' is not a struct\n", errno: EINVAL },
  'beyond-struct': { text: 'access beyond struct %s at off %u size %u\n', errno: EACCES },
  'field-without-size': { text: "field %s doesn't have size\n", errno: EFAULT },
  'partial-pointer': {
    text: 'cannot access ptr member %s with moff %u in struct %s with off %u size %u\n',
    errno: EACCES,
  },
  'multiple-type-tags': { text: "type '%s' has multiple type tags\n", errno: EINVAL },
  'beyond-member': {
    text: 'access beyond the end of member %s (mend:%u) in struct %s with off %u size %u\n',
    errno: EACCES,
  },
  'no-field': { text: "struct %s doesn't have field at offset %d\n", errno: EINVAL },
  'direct-field-access': { text: 'direct access to %s is disallowed\n', errno: EACCES },
});

/** What the type tags on the way say about a pointer that was read (kernel: MEM_USER, MEM_PERCPU, MEM_RCU, PTR_UNTRUSTED). */
export const WALK_USER = 1;
export const WALK_PERCPU = 2;
export const WALK_RCU = 4;
export const WALK_UNTRUSTED = 8;

const WALK_TAGS: ReadonlyMap<string, number> = new Map([
  ['user', WALK_USER],
  ['percpu', WALK_PERCPU],
  ['rcu', WALK_RCU],
]);

/** A refused access; the caller rejects with it, or prints it and goes on (structIdsMatch). */
export interface WalkError {
  readonly kind: 'error';
  readonly rule: Rule;
  readonly args: readonly Arg[];
}

/** What lies at an offset of a struct. */
export type WalkResult =
  | { readonly kind: 'scalar' }
  /** A pointer to a struct; `flags` of WALK_*. */
  | { readonly kind: 'ptr'; readonly typeId: number; readonly flags: number; readonly field: string }
  /** A pointer to something else: memory that may only be read, untrusted. */
  | { readonly kind: 'ptr-untrusted' }
  /** A nested struct starts exactly there. */
  | { readonly kind: 'struct'; readonly typeId: number; readonly flags: number }
  | WalkError;

const SCALAR = { kind: 'scalar' } as const;

function error(rule: Rule, ...args: Arg[]): WalkError {
  return { kind: 'error', rule, args };
}

/**
 * What an access of `size` bytes at `off` in a struct touches (btf_struct_walk). `flags`: WALK_* gathered before.
 * Offsets are compared as the kernel does, in unsigned 32 bits.
 */
export function walkStruct(
  btf: Btf,
  typeId: number,
  off: number,
  size: number,
  flags: number,
  walkFlexArrays: boolean,
): WalkResult {
  let t = btf.type(typeId);
  off >>>= 0;
  again: for (;;) {
    if (isModifier(t)) t = skipModifiers(btf, t.type);
    const structName = nameOrAnon(t.name);
    if (!isStructOrUnion(t)) return error(BTF_RULES['not-a-struct'], structName);
    // A union says nothing about which member is live, unless there is just one.
    if (t.kind === BTF_KIND_UNION && t.members.length !== 1) flags |= WALK_UNTRUSTED;

    if ((off + size) >>> 0 > t.size) {
      const beyond = error(BTF_RULES['beyond-struct'], structName, off, size);
      const last = t.members.at(-1);
      if (!walkFlexArrays || last === undefined) return beyond;
      const lastType = skipModifiers(btf, last.type);
      if (lastType.kind !== BTF_KIND_ARRAY || lastType.array!.count !== 0) return beyond;
      const start = last.bitOffset >>> 3;
      if (off < start) return beyond;
      const elem = skipModifiers(btf, lastType.array!.elem);
      if (elem.kind === BTF_KIND_INT) return SCALAR;
      if (!isStructOrUnion(elem) || elem.size === 0) return beyond;
      t = elem;
      off = (off - start) % elem.size;
      continue;
    }

    for (const member of t.members) {
      let start = member.bitOffset >>> 3;
      if (off + size <= start) break;
      if (member.bitSize !== 0) {
        const endByte = (member.bitOffset + member.bitSize + 7) >>> 3;
        if (off <= start && endByte <= off + size) return SCALAR;
        continue; // a partial access of a bit-field is no access to it
      }
      if (off < start) break;
      const name = nameOrAnon(member.name);
      const resolved = resolveSize(btf, member.type);
      if (resolved === null) return error(BTF_RULES['field-without-size'], name);
      let { size: memberSize, type: memberType, id: memberId } = resolved;
      const end = start + memberSize;
      if (off >= end) continue;
      if (memberType.kind === BTF_KIND_ARRAY) {
        // As if every element were a member; only the end of the whole array bounds scalar accesses.
        memberSize /= resolved.count;
        start += Math.floor((off - start) / memberSize) * memberSize;
        memberType = resolved.elem;
        memberId = resolved.elemId;
      }
      if (isStructOrUnion(memberType)) {
        if (off === start) return { kind: 'struct', typeId: memberId, flags };
        t = memberType;
        off -= start;
        continue again;
      }
      if (memberType.kind === BTF_KIND_PTR) {
        if (memberSize !== size || off !== start) {
          return error(BTF_RULES['partial-pointer'], name, start, structName, off, size);
        }
        const tags = walkTypeTags(btf, memberType, WALK_TAGS);
        if (tags === null) return error(BTF_RULES['multiple-type-tags'], kindName(memberType));
        if (!isStructOrUnion(tags.target)) return { kind: 'ptr-untrusted' };
        return { kind: 'ptr', typeId: tags.target.id, flags: flags | tags.flags, field: name };
      }
      if (off + size > end && (flags & WALK_UNTRUSTED) === 0) {
        return error(BTF_RULES['beyond-member'], name, end, structName, off, size);
      }
      return SCALAR;
    }
    return error(BTF_RULES['no-field'], structName, off | 0);
  }
}

/** What a load from (or store to) an object of a BTF type touches; `ptr` flags are WALK_*. */
export type AccessResult = Exclude<WalkResult, { readonly kind: 'struct' }>;

/** More nested structs at offset 0 than any type that the kernel accepts has. */
const NESTING_MAX = 64;

/**
 * Decides an access to an object of a kernel or program type (btf_struct_access). `alloc` says that the object is
 * of the program's own (bpf_obj_new): its special fields (`record`) may not be touched, its pointers read as
 * scalars, and flexible arrays are not followed.
 */
export function structAccess(
  btf: Btf,
  typeId: number,
  off: number,
  size: number,
  alloc: boolean,
  record: BtfRecord | null,
): AccessResult {
  if (alloc && record !== null) {
    for (const field of record.fields) {
      if (off < field.offset + field.size && field.offset < off + size) {
        return error(BTF_RULES['direct-field-access'], fieldKindName(field.kind));
      }
    }
  }
  let flags = 0;
  for (let depth = 0; depth < NESTING_MAX; depth++) {
    const result = walkStruct(btf, typeId, off, size, flags, !alloc);
    if (result.kind !== 'struct') return result.kind === 'ptr' && alloc ? SCALAR : result;
    typeId = result.typeId;
    flags = result.flags;
    off = 0;
  }
  throw new BtfError(`type ${typeId}`, 'contains itself');
}
