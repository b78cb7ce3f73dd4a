import {
  BTF_KIND_ARRAY,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FLOAT,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_FWD,
  BTF_KIND_INT,
  BTF_KIND_PTR,
  BTF_KIND_STRUCT,
  BTF_KIND_UNION,
  BTF_KIND_UNKN,
} from '../../btf/btf.ts';
import type { Btf, BtfType } from '../../btf/btf.ts';
import { BTF_INT_SIGNED } from '../../btf/build.ts';
import { essentialName } from '../../btf/match.ts';
import { isAnyEnum, isStructOrUnion, skipModifiers } from '../../btf/walk.ts';

/** How deep types are compared; libbpf gives up there. */
const DEPTH_MAX = 32;

/** Kinds that may stand for each other: enums of any width do (btf_kind_core_compat). */
export function sameKind(a: BtfType, b: BtfType): boolean {
  return a.kind === b.kind || (isAnyEnum(a) && isAnyEnum(b));
}

/** Two names that are equal apart from their flavours; unnamed types only match unnamed ones. */
function sameName(a: string, b: string): boolean {
  return essentialName(a) === essentialName(b);
}

function wholeInts(a: BtfType, b: BtfType): boolean {
  return a.int!.offset === 0 && b.int!.offset === 0;
}

/** May a field of the one type be read as it was written for the other (bpf_core_fields_are_compat)? */
export function fieldsCompatible(local: Btf, localId: number, target: Btf, targetId: number): boolean {
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const a = skipModifiers(local, localId);
    const b = skipModifiers(target, targetId);
    if (isStructOrUnion(a) && isStructOrUnion(b)) return true;
    if (!sameKind(a, b)) return false;
    switch (a.kind) {
      case BTF_KIND_PTR:
      case BTF_KIND_FLOAT:
        return true;
      case BTF_KIND_FWD:
      case BTF_KIND_ENUM:
      case BTF_KIND_ENUM64:
        return a.name === '' || b.name === '' || sameName(a.name, b.name);
      case BTF_KIND_INT:
        return wholeInts(a, b);
      case BTF_KIND_ARRAY:
        [localId, targetId] = [a.array!.elem, b.array!.elem];
        break;
      default:
        return false;
    }
  }
  return false;
}

/** Are two types of one name the same in kind, all the way down pointers, arrays and prototypes (bpf_core_types_are_compat)? */
export function typesCompatible(
  local: Btf,
  localId: number,
  target: Btf,
  targetId: number,
  level = DEPTH_MAX,
): boolean {
  if (!sameKind(local.type(localId), target.type(targetId))) return false;
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const a = skipModifiers(local, localId);
    const b = skipModifiers(target, targetId);
    if (!sameKind(a, b)) return false;
    switch (a.kind) {
      case BTF_KIND_UNKN:
      case BTF_KIND_STRUCT:
      case BTF_KIND_UNION:
      case BTF_KIND_ENUM:
      case BTF_KIND_ENUM64:
      case BTF_KIND_FWD:
        return true;
      case BTF_KIND_INT:
        return wholeInts(a, b);
      case BTF_KIND_PTR:
        [localId, targetId] = [a.type, b.type];
        break;
      case BTF_KIND_ARRAY:
        [localId, targetId] = [a.array!.elem, b.array!.elem];
        break;
      case BTF_KIND_FUNC_PROTO: {
        if (a.params.length !== b.params.length || (a.params.length > 0 && level <= 0)) return false;
        const behind = (btf: Btf, id: number): number => skipModifiers(btf, id).id;
        const fit = a.params.every((p, i) =>
          typesCompatible(local, behind(local, p.type), target, behind(target, b.params[i].type), level - 1),
        );
        if (!fit) return false;
        [localId, targetId] = [behind(local, a.type), behind(target, b.type)];
        break;
      }
      default:
        return false;
    }
  }
  return false;
}

/** Does the kernel's type have everything that the object's has, by name and type (bpf_core_types_match)? */
export function typesMatch(
  local: Btf,
  localId: number,
  target: Btf,
  targetId: number,
  behindPointer = false,
  level = DEPTH_MAX,
): boolean {
  if (level <= 0) return false;
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const a = skipModifiers(local, localId);
    const b = skipModifiers(target, targetId);
    if (!sameName(a.kind === BTF_KIND_UNKN ? '' : a.name, b.kind === BTF_KIND_UNKN ? '' : b.name))
      return false;
    switch (a.kind) {
      case BTF_KIND_UNKN:
        return b.kind === BTF_KIND_UNKN;
      case BTF_KIND_FWD: {
        if (b.kind === BTF_KIND_FWD) return a.kindFlag === b.kindFlag;
        return behindPointer && b.kind === (a.kindFlag ? BTF_KIND_UNION : BTF_KIND_STRUCT);
      }
      case BTF_KIND_ENUM:
      case BTF_KIND_ENUM64:
        return (
          isAnyEnum(b) &&
          a.size === b.size &&
          a.enumerators.every((e) => b.enumerators.some((f) => sameName(e.name, f.name)))
        );
      case BTF_KIND_STRUCT:
      case BTF_KIND_UNION:
        if (behindPointer)
          return a.kind === b.kind || (b.kind === BTF_KIND_FWD && (a.kind === BTF_KIND_UNION) === b.kindFlag);
        return a.kind === b.kind && membersMatch(local, a, target, b, level);
      case BTF_KIND_INT:
        return (
          b.kind === BTF_KIND_INT &&
          a.size === b.size &&
          ((a.int!.encoding ^ b.int!.encoding) & BTF_INT_SIGNED) === 0
        );
      case BTF_KIND_PTR:
        if (b.kind !== BTF_KIND_PTR) return false;
        behindPointer = true;
        [localId, targetId] = [a.type, b.type];
        break;
      case BTF_KIND_ARRAY:
        if (b.kind !== BTF_KIND_ARRAY || a.array!.count !== b.array!.count) return false;
        [localId, targetId] = [a.array!.elem, b.array!.elem];
        break;
      case BTF_KIND_FUNC_PROTO: {
        if (b.kind !== BTF_KIND_FUNC_PROTO || a.params.length !== b.params.length) return false;
        const pointed = behindPointer;
        if (
          !a.params.every((p, i) => typesMatch(local, p.type, target, b.params[i].type, pointed, level - 1))
        )
          return false;
        [localId, targetId] = [a.type, b.type];
        break;
      }
      default:
        return false;
    }
  }
  return false;
}

function membersMatch(local: Btf, a: BtfType, target: Btf, b: BtfType, level: number): boolean {
  return (
    a.members.length <= b.members.length &&
    a.members.every((m) =>
      b.members.some(
        (n) => sameName(m.name, n.name) && typesMatch(local, m.type, target, n.type, false, level - 1),
      ),
    )
  );
}
