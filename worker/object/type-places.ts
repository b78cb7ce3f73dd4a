import {
  BTF_KIND_ARRAY,
  BTF_KIND_DECL_TAG,
  BTF_KIND_ENUM64,
  BTF_KIND_INT,
  BTF_KIND_VAR,
} from '../btf/btf.ts';
import type { Btf, BtfType } from '../btf/btf.ts';

/** Bytes of what every type begins with: name, kind, size or type. */
export const HEAD = 12;
/** Bytes of a variable's entry in a section. */
export const DATASEC_ENTRY = 12;

const MEMBER = 12;
const PARAM = 8;
/** Bytes after the head of kinds that have a fixed rest. */
const REST: ReadonlyMap<number, number> = new Map([
  [BTF_KIND_ARRAY, 12],
  [BTF_KIND_INT, 4],
  [BTF_KIND_VAR, 4],
  [BTF_KIND_DECL_TAG, 4],
]);

const enumeratorSize = (t: BtfType): number => (t.kind === BTF_KIND_ENUM64 ? 12 : 8);

/** Where each type lies in the raw data, by id. */
export function typePlaces(btf: Btf): ReadonlyMap<number, number> {
  const { bytes } = btf;
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const places = new Map<number, number>();
  let at = header.getUint32(4, true) + header.getUint32(8, true);
  for (let id = btf.firstId; id < btf.nextId; id++) {
    places.set(id, at);
    const t = btf.type(id);
    at +=
      HEAD +
      (REST.get(t.kind) ?? 0) +
      t.members.length * MEMBER +
      t.params.length * PARAM +
      t.vars.length * DATASEC_ENTRY +
      t.enumerators.length * enumeratorSize(t);
  }
  return places;
}

/** Where the offsets of the names of a type's members, parameters and enumerators lie, given where it lies itself. */
export function innerNamePlaces(t: BtfType, place: number): number[] {
  const stride = t.params.length > 0 ? PARAM : t.enumerators.length > 0 ? enumeratorSize(t) : MEMBER;
  const count = t.params.length + t.enumerators.length + t.members.length;
  return Array.from({ length: count }, (_, i) => place + HEAD + i * stride);
}
