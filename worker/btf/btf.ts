/** BTF kinds, as in the format's `info` word. */
export const BTF_KIND_UNKN = 0;
export const BTF_KIND_INT = 1;
export const BTF_KIND_PTR = 2;
export const BTF_KIND_ARRAY = 3;
export const BTF_KIND_STRUCT = 4;
export const BTF_KIND_UNION = 5;
export const BTF_KIND_ENUM = 6;
export const BTF_KIND_FWD = 7;
export const BTF_KIND_TYPEDEF = 8;
export const BTF_KIND_VOLATILE = 9;
export const BTF_KIND_CONST = 10;
export const BTF_KIND_RESTRICT = 11;
export const BTF_KIND_FUNC = 12;
export const BTF_KIND_FUNC_PROTO = 13;
export const BTF_KIND_VAR = 14;
export const BTF_KIND_DATASEC = 15;
export const BTF_KIND_FLOAT = 16;
export const BTF_KIND_DECL_TAG = 17;
export const BTF_KIND_TYPE_TAG = 18;
export const BTF_KIND_ENUM64 = 19;

/** Member of a struct or union. */
export interface BtfMember {
  readonly name: string;
  readonly type: number;
  /** Offset in bits from the start of the struct. */
  readonly bitOffset: number;
  /** Width in bits of a bit-field, 0 for ordinary members. */
  readonly bitSize: number;
}

/** Parameter of a function prototype; `type` 0 with an empty name as last one means variadic. */
export interface BtfParam {
  readonly name: string;
  readonly type: number;
}

/**
 * One decoded type. Fields that a kind does not have are 0, empty or null:
 * `size` (INT, STRUCT, UNION, ENUM, ENUM64, DATASEC, FLOAT), `type` (PTR, TYPEDEF, modifiers, FUNC, VAR,
 * DECL_TAG, TYPE_TAG; the return type of FUNC_PROTO; the element type of ARRAY).
 */
export interface BtfType {
  readonly id: number;
  readonly kind: number;
  readonly name: string;
  readonly size: number;
  readonly type: number;
  readonly kindFlag: boolean;
  /** FUNC linkage: 0 static, 1 global, 2 extern; VAR linkage likewise. */
  readonly linkage: number;
  readonly members: readonly BtfMember[];
  readonly params: readonly BtfParam[];
  readonly enumerators: readonly { readonly name: string; readonly value: bigint }[];
  /** ARRAY only. */
  readonly array: { readonly elem: number; readonly index: number; readonly count: number } | null;
  /** INT only: offset in bits, width in bits, encoding bits 1 signed, 2 char, 4 bool. */
  readonly int: { readonly encoding: number; readonly offset: number; readonly bits: number } | null;
  /** DATASEC only. */
  readonly vars: readonly { readonly type: number; readonly offset: number; readonly size: number }[];
  /** DECL_TAG only: -1 for the type itself, else the member or parameter. */
  readonly componentIdx: number;
}

/** A type container: the kernel's, a module's (split: ids continue its base's) or a program's. */
export interface Btf {
  /** `vmlinux`, a module's name, or empty for a program's. */
  readonly name: string;
  readonly base: Btf | null;
  /** The raw data it was read from (own part only, for a split one). */
  readonly bytes: Uint8Array;
  /** The lowest id of its own types: 1, or the base's {@link nextId}. */
  readonly firstId: number;
  /** One more than the highest id, base included. */
  readonly nextId: number;
  /** One more than the highest string offset, base included. */
  readonly stringEnd: number;
  /** Decodes a type (cached). An id out of range throws RangeError; 0 is void (kind UNKN). */
  type(id: number): BtfType;
  /** The lowest id with this name and kind, the base's types first as in the kernel; 0 if there is none. */
  find(name: string, kind: number): number;
  /** Ids of all its own types (not the base's) of a kind whose names begin with `prefix`, in order; looks at every type. */
  startingWith(prefix: string, kind: number): readonly number[];
  /** String at an offset of the string section (line info), base strings included. */
  string(offset: number): string;
  /** DECL_TAGs that point at a type: `[tag name, componentIdx]`. */
  declTags(id: number): readonly (readonly [string, number])[];
}
