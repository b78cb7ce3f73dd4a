import type { Btf, BtfParam } from './btf.ts';
import { BTF_KIND_PTR } from './btf.ts';
import { BtfError } from './error.ts';
import { walkStruct } from './struct-access.ts';
import type { WalkError } from './struct-access.ts';
import { skipModifiers } from './walk.ts';

const NOCAST_SUFFIX = '___init';
const NESTING_MAX = 64;

/** The container that really holds a type: split BTF shares its base's types. */
function owner(btf: Btf, id: number): Btf {
  let at = btf;
  while (at.base !== null && id < at.firstId) at = at.base;
  return at;
}

/** Whether two ids name the very same type, also across modules (btf_types_are_same). */
export function typesAreSame(btf1: Btf, id1: number, btf2: Btf, id2: number): boolean {
  return id1 === id2 && (btf1 === btf2 || owner(btf1, id1) === owner(btf2, id2));
}

/** Whether a type matches, and what the kernel's log says on the way if it did not fit (btf_struct_ids_match). */
export interface IdsMatch {
  readonly match: boolean;
  /** The walk ran into this; the kernel prints its text and answers "no match". */
  readonly log: WalkError | null;
}

const MATCH: IdsMatch = { match: true, log: null };
const NO_MATCH: IdsMatch = { match: false, log: null };

/**
 * Whether the object at `off` of a type is (or starts with, recursively) the needed struct. `strict`: only the
 * type itself will do.
 */
export function structIdsMatch(
  btf: Btf,
  id: number,
  off: number,
  needBtf: Btf,
  needId: number,
  strict: boolean,
  walkFlexArrays: boolean,
): IdsMatch {
  if (off === 0 && typesAreSame(btf, id, needBtf, needId)) return MATCH;
  if (strict) return NO_MATCH;
  let flags = 0;
  for (let depth = 0; depth < NESTING_MAX; depth++) {
    const result = walkStruct(btf, id, off, 1, flags, walkFlexArrays);
    if (result.kind === 'error') return { match: false, log: result };
    if (result.kind !== 'struct') return NO_MATCH;
    ({ typeId: id, flags } = result);
    if (typesAreSame(btf, id, needBtf, needId)) return MATCH;
    off = 0;
  }
  throw new BtfError(`type ${id}`, 'contains itself');
}

/** Whether one type's name is the other's plus `___init`: no cast between them (btf_type_ids_nocast_alias). */
export function isNocastAlias(btf1: Btf, id1: number, btf2: Btf, id2: number): boolean {
  const a = btf1.type(id1).name;
  const b = btf2.type(id2).name;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return long === short + NOCAST_SUFFIX && long.indexOf(NOCAST_SUFFIX) === short.length;
}

/**
 * Whether `struct X<suffix>` (the kernel's list of trusted fields of X, e.g. `__safe_trusted`) names a pointer
 * member like the one that was read (btf_nested_type_is_trusted).
 */
export function nestedTypeIsTrusted(btf: Btf, ownerId: number, field: string, fieldTypeId: number, suffix: string): boolean {
  const walked = btf.type(ownerId);
  const safeName = walked.name + suffix;
  if (safeName.length >= 64) return false;
  const safeId = btf.find(safeName, walked.kind);
  if (safeId === 0) return false;
  return btf.type(safeId).members.some((m) => {
    const t = btf.type(m.type);
    return t.kind === BTF_KIND_PTR && m.name === field && skipModifiers(btf, t.type).id === fieldTypeId;
  });
}

/** Whether a parameter's name ends in `suffix` and is longer than it (btf_param_match_suffix). */
export function paramHasSuffix(param: BtfParam, suffix: string): boolean {
  return param.name.length > suffix.length && param.name.endsWith(suffix);
}

/**
 * A type's name without its flavour: `task_struct___local` is `task_struct` to relocations and kernel look-ups
 * (bpf_core_essential_name_len).
 */
export function essentialName(name: string): string {
  for (let i = name.length - 5; i >= 0; i--) {
    const flavor = name[i] !== '_' && name.slice(i + 1, i + 4) === '___' && name[i + 4] !== '_';
    if (flavor) return name.slice(0, i + 1);
  }
  return name;
}
