import { BTF_KIND_ARRAY, BTF_KIND_INT, BTF_KIND_PTR } from '../../btf/btf.ts';
import type { Btf, BtfType } from '../../btf/btf.ts';
import { BTF_INT_SIGNED } from '../../btf/build.ts';
import { isAnyEnum, resolveSize, skipModifiers } from '../../btf/walk.ts';
import { ObjectError } from '../error.ts';
import {
  CORE_ENUMVAL_EXISTS,
  CORE_FIELD_BYTE_OFFSET,
  CORE_FIELD_BYTE_SIZE,
  CORE_FIELD_EXISTS,
  CORE_FIELD_LSHIFT_U64,
  CORE_FIELD_RSHIFT_U64,
  CORE_FIELD_SIGNED,
  CORE_TYPE_ID_TARGET,
  CORE_TYPE_SIZE,
  subjectOf,
} from './kinds.ts';
import type { Spec } from './spec.ts';

/** What an instruction is to hold. */
export interface CoreValue {
  readonly value: bigint;
  /** Width in bytes and type of the field that a load or store at this offset accesses; null where it says nothing of it. */
  readonly access: { readonly size: number; readonly type: BtfType } | null;
  /** Must the instruction hold the object's own value before it is changed? */
  readonly validate: boolean;
}

/** The value of a relocation in one set of types; null: there is none, and the instruction must not be reached. */
export function coreValue(kind: number, spec: Spec | null): CoreValue | null {
  switch (subjectOf(kind)) {
    case 'field':
      if (kind === CORE_FIELD_EXISTS) return plain(spec === null ? 0n : 1n);
      return spec === null ? null : fieldValue(kind, spec);
    case 'type':
      if (spec === null) return plain(0n);
      if (kind === CORE_TYPE_ID_TARGET) return { ...plain(BigInt(spec.root)), validate: false };
      return plain(kind === CORE_TYPE_SIZE ? BigInt(sizeOf(spec.btf, spec.root)) : 1n);
    default:
      if (kind === CORE_ENUMVAL_EXISTS) return plain(spec === null ? 0n : 1n);
      return spec === null
        ? null
        : plain(BigInt.asUintN(64, spec.btf.type(spec.way[0].type).enumerators[spec.way[0].index].value));
  }
}

function plain(value: bigint): CoreValue {
  return { value, access: null, validate: true };
}

function sizeOf(btf: Btf, id: number): number {
  const size = resolveSize(btf, id)?.size;
  if (size === undefined)
    throw new ObjectError('A CO-RE relocation asks for the size of a type that has none.');
  return size;
}

/** Loads and stores access single elements of arrays. */
function accessOf(btf: Btf, id: number): CoreValue['access'] {
  let t = skipModifiers(btf, id);
  while (t.kind === BTF_KIND_ARRAY) t = skipModifiers(btf, t.array!.elem);
  return { size: sizeOf(btf, t.id), type: btf.type(id) };
}

function fieldValue(kind: number, { btf, way, bitOffset }: Spec): CoreValue {
  const last = way[way.length - 1];
  if (last.name === null) {
    if (kind === CORE_FIELD_BYTE_OFFSET)
      return { ...plain(BigInt(Math.floor(bitOffset / 8))), access: accessOf(btf, last.type) };
    if (kind === CORE_FIELD_BYTE_SIZE) return plain(BigInt(sizeOf(btf, last.type)));
    throw new ObjectError('A CO-RE relocation of an element of an array asks for what only fields have.');
  }
  const member = btf.type(last.type).members[last.index];
  const t = skipModifiers(btf, member.type);
  const place = member.bitSize === 0 ? wholeField(btf, t, bitOffset) : bitField(t, bitOffset, member.bitSize);
  const value = (n: number, validate = member.bitSize === 0): CoreValue => ({
    ...plain(BigInt(n)),
    validate,
  });
  switch (kind) {
    case CORE_FIELD_BYTE_OFFSET:
      return { ...value(place.offset), access: member.bitSize === 0 ? accessOf(btf, t.id) : null };
    case CORE_FIELD_BYTE_SIZE:
      return value(place.size);
    case CORE_FIELD_SIGNED: {
      const signed = isAnyEnum(t)
        ? t.kindFlag
        : t.kind === BTF_KIND_INT && (t.int!.encoding & BTF_INT_SIGNED) !== 0;
      return value(signed ? 1 : 0, true);
    }
    case CORE_FIELD_LSHIFT_U64:
      return value(64 - (bitOffset + place.bits - place.offset * 8));
    case CORE_FIELD_RSHIFT_U64:
      return value(64 - place.bits, true);
    default:
      throw new ObjectError(`A CO-RE relocation is of kind ${kind}, which libbpf does not know.`);
  }
}

interface Place {
  readonly offset: number;
  readonly size: number;
  readonly bits: number;
}

function wholeField(btf: Btf, t: BtfType, bitOffset: number): Place {
  const size = sizeOf(btf, t.id);
  return { offset: Math.floor(bitOffset / 8), size, bits: size * 8 };
}

/** The smallest aligned load that covers a bit-field. */
function bitField(t: BtfType, bitOffset: number, bits: number): Place {
  let size = t.size;
  const offset = (): number => Math.floor(bitOffset / 8 / size) * size;
  while (size > 0 && bitOffset + bits - offset() * 8 > size * 8) {
    if (size >= 8)
      throw new ObjectError('A CO-RE relocation asks for a bit-field that no single load covers.');
    size *= 2;
  }
  if (size === 0) throw new ObjectError('A CO-RE relocation asks for a bit-field whose type has no size.');
  return { offset: offset(), size, bits };
}

/**
 * May a load of the one width become a load of the other? Pointers may, and unsigned integers: their upper bits are zero.
 */
export function widthMayChange(local: BtfType, target: BtfType): boolean {
  if (local.kind === BTF_KIND_PTR && target.kind === BTF_KIND_PTR) return true;
  const unsigned = (t: BtfType): boolean => t.kind === BTF_KIND_INT && t.int!.encoding !== BTF_INT_SIGNED;
  return unsigned(local) && unsigned(target);
}
