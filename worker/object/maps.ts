import {
  BTF_KIND_ARRAY,
  BTF_KIND_DATASEC,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_PTR,
  BTF_KIND_STRUCT,
  BTF_KIND_VAR,
} from '../btf/btf.ts';
import type { Btf, BtfMember, BtfType } from '../btf/btf.ts';
import { resolveSize, skipModifiers } from '../btf/walk.ts';
import {
  BPF_MAP_TYPE_ARRAY_OF_MAPS,
  BPF_MAP_TYPE_HASH_OF_MAPS,
  BPF_MAP_TYPE_PROG_ARRAY,
} from '../kernel/map-types.ts';
import { createdEntries, isCreatedTyped, mapName } from '../program/created-map.ts';
import type { MapDef } from '../program/program.ts';
import { ObjectError } from './error.ts';

/** Section of maps that are declared as structs. */
export const MAPS_SECTION = '.maps';

/** A map of the object; inner ones are templates of another's values. */
export interface DeclaredMap {
  /** Its place in {@link MAPS_SECTION}. */
  readonly offset: number;
  readonly def: Omit<MapDef, 'inner'>;
  readonly inner: Omit<MapDef, 'inner'> | null;
}

type Draft = { -readonly [K in keyof Omit<MapDef, 'inner'>]: MapDef[K] };

/** The maps that the object's types declare. Throws {@link ObjectError} for declarations that libbpf does not take. */
export function readDeclaredMaps(btf: Btf): DeclaredMap[] {
  const id = btf.find(MAPS_SECTION, BTF_KIND_DATASEC);
  if (id === 0) return [];
  return btf.type(id).vars.map(({ type, offset }) => {
    const v = btf.type(type);
    const struct = skipModifiers(btf, v.type);
    if (v.kind !== BTF_KIND_VAR || struct.kind !== BTF_KIND_STRUCT)
      throw bad(v.name, 'is not declared as a struct');
    return { offset, ...readMap(btf, v.name, struct, false) };
  });
}

function bad(map: string, what: string): ObjectError {
  return new ObjectError(`The map ${map} ${what}, which libbpf does not take.`);
}

function readMap(btf: Btf, name: string, struct: BtfType, isInner: boolean): Omit<DeclaredMap, 'offset'> {
  const def: Draft = {
    name: mapName(name),
    type: 0,
    keySize: 0,
    valueSize: 0,
    maxEntries: 0,
    flags: 0,
    keyTypeId: 0,
    valueTypeId: 0,
    extra: 0n,
    frozen: false,
    data: null,
  };
  let inner: DeclaredMap['inner'] = null;
  const setSize = (what: 'keySize' | 'valueSize', size: number): void => {
    if (def[what] !== 0 && def[what] !== size)
      throw bad(name, `has two sizes for its ${what === 'keySize' ? 'keys' : 'values'}`);
    def[what] = size;
  };
  const properties: Readonly<Record<string, (m: BtfMember) => void>> = {
    type: (m) => (def.type = number(btf, name, m)),
    max_entries: (m) => (def.maxEntries = number(btf, name, m)),
    map_flags: (m) => (def.flags = number(btf, name, m)),
    map_extra: (m) => (def.extra = wide(btf, name, m)),
    key_size: (m) => setSize('keySize', number(btf, name, m)),
    value_size: (m) => setSize('valueSize', number(btf, name, m)),
    key: (m) => {
      def.keyTypeId = pointee(btf, name, m);
      setSize('keySize', resolveSize(btf, def.keyTypeId)?.size ?? 0);
    },
    value: (m) => {
      def.valueTypeId = pointee(btf, name, m);
      setSize('valueSize', resolveSize(btf, def.valueTypeId)?.size ?? 0);
    },
    values: (m) => {
      if (isInner) throw bad(name, 'has maps of maps as its values');
      setSize('valueSize', 4);
      inner = template(btf, name, def.type, m);
    },
    // neither matters to what a program may do
    pinning: () => undefined,
    numa_node: () => undefined,
  };
  for (const m of struct.members) {
    const read = Object.hasOwn(properties, m.name) ? properties[m.name] : undefined;
    if (read === undefined) throw bad(name, `has a property «${m.name}»`);
    read(m);
  }
  if (def.type === 0) throw bad(name, 'has no type');
  def.maxEntries = createdEntries(def.type, def.maxEntries);
  if (!isCreatedTyped(def.type)) def.keyTypeId = def.valueTypeId = 0;
  return { def, inner };
}

/** The array behind `__uint(name, number)`: `int (*name)[number]`. */
function number(btf: Btf, map: string, m: BtfMember): number {
  const t = skipModifiers(btf, m.type);
  const array = t.kind === BTF_KIND_PTR ? btf.type(t.type).array : null;
  if (array === null) throw bad(map, `has a «${m.name}» that is not written with __uint`);
  return array.count;
}

/** A number of up to 64 bits: `__ulong` makes an enumerator of it. */
function wide(btf: Btf, map: string, m: BtfMember): bigint {
  const t = skipModifiers(btf, m.type);
  const isEnum = t.kind === BTF_KIND_ENUM || t.kind === BTF_KIND_ENUM64;
  return isEnum && t.enumerators.length === 1
    ? BigInt.asUintN(64, t.enumerators[0].value)
    : BigInt(number(btf, map, m));
}

function pointee(btf: Btf, map: string, m: BtfMember): number {
  const t = btf.type(m.type);
  if (t.kind !== BTF_KIND_PTR || resolveSize(btf, t.type) === null)
    throw bad(map, `has a «${m.name}» that is not written with __type, or whose type has no size`);
  return t.type;
}

/** `__array(values, …)`: the maps that are a map's values, or (no template) the functions of a program array. */
function template(btf: Btf, map: string, type: number, m: BtfMember): DeclaredMap['inner'] {
  const array = btf.type(m.type);
  const pointer = array.kind === BTF_KIND_ARRAY ? skipModifiers(btf, array.array!.elem) : null;
  const target = pointer?.kind === BTF_KIND_PTR ? skipModifiers(btf, pointer.type) : null;
  if (type === BPF_MAP_TYPE_PROG_ARRAY && target?.kind === BTF_KIND_FUNC_PROTO) return null;
  const ofMaps = type === BPF_MAP_TYPE_ARRAY_OF_MAPS || type === BPF_MAP_TYPE_HASH_OF_MAPS;
  if (!ofMaps || target?.kind !== BTF_KIND_STRUCT)
    throw bad(map, 'has values of a kind that its type does not have');
  return readMap(btf, `${map}.inner`, target, true).def;
}
