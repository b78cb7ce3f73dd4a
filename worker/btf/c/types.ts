import type { CSpan } from './problem.ts';

/** A C type before it becomes BTF. Structs and enums are compared by identity. */
export type CType =
  | { readonly kind: 'void' }
  | { readonly kind: 'int'; readonly name: string; readonly size: number; readonly encoding: number }
  | { readonly kind: 'float'; readonly name: string; readonly size: number }
  | { readonly kind: 'ptr'; readonly to: CType }
  | { readonly kind: 'array'; readonly elem: CType; readonly count: number | null }
  | { readonly kind: 'qualified'; readonly word: 'const' | 'volatile' | 'restrict'; readonly of: CType }
  | { readonly kind: 'tagged'; readonly tag: string; readonly of: CType }
  | { readonly kind: 'typedef'; readonly name: string; readonly of: CType; readonly declTags: readonly string[] }
  | CStruct
  | CEnum
  | CFunc;

/** Member of a struct; `bits` is null for ordinary ones. */
export interface CMember {
  readonly name: string;
  readonly type: CType;
  readonly bitOffset: number;
  readonly bits: number | null;
  readonly declTags: readonly string[];
}

/** A struct or union; `members` stays null while only its name is known. */
export interface CStruct {
  readonly kind: 'struct';
  readonly union: boolean;
  readonly name: string;
  members: readonly CMember[] | null;
  size: number;
  align: number;
  declTags: readonly string[];
  /** Written `struct x;`: an opaque type on purpose. */
  declaredForward: boolean;
  readonly span: CSpan;
}

export interface CEnum {
  readonly kind: 'enum';
  readonly name: string;
  size: number;
  signed: boolean;
  values: readonly { readonly name: string; readonly value: bigint }[] | null;
  readonly span: CSpan;
}

export interface CParam {
  readonly name: string;
  readonly type: CType;
  readonly declTags: readonly string[];
}

export interface CFunc {
  readonly kind: 'func';
  readonly result: CType;
  readonly params: readonly CParam[];
  readonly variadic: boolean;
}

export const VOID: CType = { kind: 'void' };

/** The type without typedefs, qualifiers and tags. */
export function bare(type: CType): Exclude<CType, { kind: 'qualified' | 'tagged' | 'typedef' }> {
  while (type.kind === 'qualified' || type.kind === 'tagged' || type.kind === 'typedef') type = type.of;
  return type;
}

/** Whether a const qualifier applies to the object itself (of an array: its elements). */
export function isConst(type: CType): boolean {
  for (;;) {
    if (type.kind === 'qualified') {
      if (type.word === 'const') return true;
      type = type.of;
    } else if (type.kind === 'tagged' || type.kind === 'typedef') type = type.of;
    else if (type.kind === 'array') type = type.elem;
    else return false;
  }
}

/** Size in bytes; null for incomplete types and functions. */
export function sizeOf(type: CType): number | null {
  const t = bare(type);
  switch (t.kind) {
    case 'int':
    case 'float':
      return t.size;
    case 'ptr':
      return 8;
    case 'array': {
      const elem = sizeOf(t.elem);
      return elem === null ? null : elem * (t.count ?? 0);
    }
    case 'struct':
      return t.members === null ? null : t.size;
    case 'enum':
      return t.values === null ? null : t.size;
    default:
      return null;
  }
}

/** Alignment in bytes as on BPF; 1 for types without a size. */
export function alignOf(type: CType): number {
  const t = bare(type);
  switch (t.kind) {
    case 'int':
    case 'float':
    case 'enum':
      return Math.min(t.size, 16);
    case 'ptr':
      return 8;
    case 'array':
      return alignOf(t.elem);
    case 'struct':
      return t.align;
    default:
      return 1;
  }
}

/** C spelling for messages. */
export function cTypeName(type: CType): string {
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'int':
    case 'float':
    case 'typedef':
      return type.name;
    case 'ptr': {
      const to = cTypeName(type.to);
      return to.endsWith('*') ? `${to}*` : `${to} *`;
    }
    case 'array':
      return `${cTypeName(type.elem)}[${type.count ?? ''}]`;
    case 'qualified':
      return `${type.word} ${cTypeName(type.of)}`;
    case 'tagged':
      return cTypeName(type.of);
    case 'struct':
      return `${type.union ? 'union' : 'struct'} ${type.name === '' ? '{…}' : type.name}`;
    case 'enum':
      return `enum ${type.name === '' ? '{…}' : type.name}`;
    case 'func':
      return `${cTypeName(type.result)} (${type.params.map((p) => cTypeName(p.type)).join(', ')})`;
  }
}

/** A member as it was declared, before layout. */
export interface RawMember {
  readonly name: string;
  readonly type: CType;
  readonly bits: number | null;
  readonly declTags: readonly string[];
  /** `aligned(n)` on the member. */
  readonly align: number;
}

/** Lays members out as the System V ABI (and clang for BPF) does. */
export function layOut(
  raw: readonly RawMember[],
  union: boolean,
  packed: boolean,
  minAlign: number,
): { members: CMember[]; size: number; align: number } {
  const members: CMember[] = [];
  let bit = 0;
  let end = 0;
  let align = Math.max(1, minAlign);
  for (const m of raw) {
    if (union) bit = 0;
    const unit = (sizeOf(m.type) ?? 0) * 8;
    const natural = Math.max(packed ? 1 : alignOf(m.type), m.align);
    if (m.bits === 0) {
      bit = roundUp(bit, unit);
      continue;
    }
    if (m.bits !== null) {
      if (!packed && Math.floor(bit / unit) !== Math.floor((bit + m.bits - 1) / unit)) bit = roundUp(bit, unit);
      if (m.align > 1) bit = roundUp(bit, m.align * 8);
    } else bit = roundUp(bit, natural * 8);
    // An unnamed bit-field is padding: BTF does not know it.
    if (m.name !== '' || m.bits === null) {
      align = Math.max(align, natural);
      members.push({ name: m.name, type: m.type, bitOffset: bit, bits: m.bits, declTags: m.declTags });
    }
    bit += m.bits ?? unit;
    end = Math.max(end, bit);
  }
  return { members, size: roundUp(Math.ceil(end / 8), align), align };
}

/** The next multiple of `unit` (which may be 0: no change). */
export function roundUp(value: number, unit: number): number {
  return unit <= 1 ? value : Math.ceil(value / unit) * unit;
}

const depths = new WeakMap<CType, number>();

/** How many typedefs, pointers, arrays and qualifiers a type is made of, the longest way; structs end it. */
export function depthOf(type: CType): number {
  let depth = 0;
  for (let t = type; ; depth++) {
    const known = depths.get(t);
    if (known !== undefined) {
      depth += known;
      break;
    }
    if (t.kind === 'ptr') t = t.to;
    else if (t.kind === 'array') t = t.elem;
    else if (t.kind === 'qualified' || t.kind === 'tagged' || t.kind === 'typedef') t = t.of;
    else if (t.kind === 'func') {
      depth += 1 + Math.max(depthOf(t.result), ...t.params.map((p) => depthOf(p.type)));
      break;
    } else break;
  }
  depths.set(type, depth);
  return depth;
}
