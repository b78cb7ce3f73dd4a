import { BTF_KIND_ARRAY } from '../../btf/btf.ts';
import type { Btf, BtfType } from '../../btf/btf.ts';
import { essentialName } from '../../btf/match.ts';
import { isAnyEnum, isStructOrUnion, resolveSize, skipModifiers } from '../../btf/walk.ts';
import type { CoreRelocation } from '../btf-ext.ts';
import { ObjectError } from '../error.ts';
import { fieldsCompatible, typesCompatible, typesMatch } from './compat.ts';
import { CORE_TYPE_MATCHES, subjectOf } from './kinds.ts';

/** A step on the way to a field: a named member of a struct, or (name null) an element of an array. */
export interface Accessor {
  /** The struct of a member; the type of an element. */
  readonly type: number;
  readonly index: number;
  readonly name: string | null;
}

/** What a relocation names, in the types of the object or of the kernel. */
export interface Spec {
  readonly btf: Btf;
  readonly root: number;
  /** For fields the way from the root, for enumerators one accessor, for types empty. */
  readonly way: readonly Accessor[];
  readonly bitOffset: number;
}

/** Steps, unnamed members included, that libbpf follows. */
const STEPS_MAX = 64;

const sizeOf = (btf: Btf, id: number): number => resolveSize(btf, id)?.size ?? -1;

/** `a[]` as last member of a struct: its elements are not counted. */
function isFlexible(btf: Btf, owner: Accessor | undefined, array: BtfType): boolean {
  if (owner === undefined || owner.name === null || array.array!.count > 0) return false;
  return owner.index === btf.type(owner.type).members.length - 1;
}

/** Reads what a relocation names in the object's own types. Throws {@link ObjectError} for what contradicts them. */
export function localSpec(btf: Btf, relocation: CoreRelocation): Spec {
  const { typeId: root, access, kind } = relocation;
  const bad = (): ObjectError =>
    new ObjectError(
      `A CO-RE relocation (type ${root}, access «${access}») contradicts the object’s types: the object is damaged.`,
    );
  const subject = subjectOf(kind);
  if (root >= btf.nextId || subject === null || !/^\d{1,10}(:\d{1,10})*$/.test(access)) throw bad();
  if (subject === 'type') {
    if (access !== '0') throw bad();
    return { btf, root, way: [], bitOffset: 0 };
  }
  const steps = access.split(':').map(Number);
  if (steps.length > STEPS_MAX) throw bad();
  let id = skipModifiers(btf, root).id;
  if (subject === 'enumerator') {
    const enumerator =
      isAnyEnum(btf.type(id)) && steps.length === 1 ? btf.type(id).enumerators.at(steps[0]) : undefined;
    if (enumerator === undefined) throw bad();
    return { btf, root, way: [{ type: id, index: steps[0], name: enumerator.name }], bitOffset: 0 };
  }
  const way: Accessor[] = [{ type: id, index: steps[0], name: null }];
  if (sizeOf(btf, id) < 0) throw bad();
  let bitOffset = steps[0] * sizeOf(btf, id) * 8;
  for (const index of steps.slice(1)) {
    const t = skipModifiers(btf, id);
    if (isStructOrUnion(t)) {
      const m = t.members.at(index);
      if (m === undefined) throw bad();
      bitOffset += m.bitOffset;
      if (m.name !== '') way.push({ type: t.id, index, name: m.name });
      id = m.type;
    } else if (t.kind === BTF_KIND_ARRAY) {
      if (index >= t.array!.count && !isFlexible(btf, way.at(-1), t)) throw bad();
      id = skipModifiers(btf, t.array!.elem).id;
      if (sizeOf(btf, id) < 0) throw bad();
      way.push({ type: id, index, name: null });
      bitOffset += index * sizeOf(btf, id) * 8;
    } else throw bad();
  }
  return { btf, root, way, bitOffset };
}

/** The same in a type of the kernel; null if it is not there, or of another kind. */
export function matchSpec(local: Spec, kind: number, target: Btf, root: number): Spec | null {
  switch (subjectOf(kind)) {
    case 'type': {
      const fits = kind === CORE_TYPE_MATCHES ? typesMatch : typesCompatible;
      return fits(local.btf, local.root, target, root) ? { btf: target, root, way: [], bitOffset: 0 } : null;
    }
    case 'enumerator': {
      const t = skipModifiers(target, root);
      const wanted = essentialName(local.way[0].name!);
      const index = isAnyEnum(t) ? t.enumerators.findIndex((e) => essentialName(e.name) === wanted) : -1;
      return index < 0
        ? null
        : { btf: target, root, way: [{ type: t.id, index, name: t.enumerators[index].name }], bitOffset: 0 };
    }
    default:
      return matchField(local, target, root);
  }
}

function matchField(local: Spec, target: Btf, root: number): Spec | null {
  const way: Accessor[] = [];
  let bitOffset = 0;
  let id = root;
  for (const [i, step] of local.way.entries()) {
    const t = skipModifiers(target, id);
    id = t.id;
    if (step.name !== null) {
      const found = isStructOrUnion(t) ? findMember(target, t, step.name, 0) : null;
      if (found === null) return null;
      const wanted = local.btf.type(step.type).members[step.index].type;
      if (!fieldsCompatible(local.btf, wanted, target, found.memberType)) return null;
      way.push(found.accessor);
      bitOffset += found.bitOffset;
      id = found.memberType;
      continue;
    }
    if (i > 0) {
      if (t.kind !== BTF_KIND_ARRAY || (step.index >= t.array!.count && !isFlexible(target, way.at(-1), t)))
        return null;
      id = skipModifiers(target, t.array!.elem).id;
    }
    const size = sizeOf(target, id);
    if (size < 0) return null;
    way.push({ type: id, index: step.index, name: null });
    bitOffset += step.index * size * 8;
  }
  return { btf: target, root, way, bitOffset };
}

interface Member {
  readonly accessor: Accessor;
  readonly memberType: number;
  readonly bitOffset: number;
}

/** A member by name, also inside of unnamed ones. */
function findMember(btf: Btf, owner: BtfType, name: string, depth: number): Member | null {
  if (depth >= STEPS_MAX) return null;
  for (const [index, m] of owner.members.entries()) {
    if (m.name === name)
      return { accessor: { type: owner.id, index, name }, memberType: m.type, bitOffset: m.bitOffset };
    if (m.name !== '') continue;
    const inner = skipModifiers(btf, m.type);
    const found = isStructOrUnion(inner) ? findMember(btf, inner, name, depth + 1) : null;
    if (found !== null) return { ...found, bitOffset: found.bitOffset + m.bitOffset };
  }
  return null;
}
