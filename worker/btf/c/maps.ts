import { bare, cTypeName, sizeOf } from './types.ts';
import type { CMember, CStruct, CType } from './types.ts';
import type { CProblem, CSpan } from './problem.ts';

/** A map as libbpf's declaration says; sizes in bytes, types null where only a size was given. */
export interface CMap {
  readonly name: string;
  readonly type: number;
  readonly maxEntries: number;
  readonly flags: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly key: CType | null;
  readonly value: CType | null;
  readonly extra: bigint;
  /** Template of a map-in-map's values. */
  readonly inner: CMap | null;
  readonly span: CSpan;
}

/** Largest key or value: what a machine has memory for. */
const SIZE_MAX = 1 << 28;
const PROG_ARRAY = 3;
const ARRAY_OF_MAPS = 12;
const HASH_OF_MAPS = 13;
const PIN_NOTE = 'Pinning is ignored: nothing outlives the verification here.';

/** `report` for one map. */
type Report = (severity: CProblem['severity'], id: string, message: string) => void;

/** Reads the properties out of a map's struct, as libbpf's parse_btf_map_def does; null if it is no map. */
export function readMap(name: string, type: CType, span: CSpan, report: Report, isInner = false): CMap | null {
  const struct = bare(type);
  if (struct.kind !== 'struct' || struct.members === null) {
    report('error', 'c-map', `Map ${name} must be a struct of __uint, __type and __array.`);
    return null;
  }
  const map = { name, type: 0, maxEntries: 0, flags: 0, keySize: 0, valueSize: 0, extra: 0n, span };
  let key: CType | null = null;
  let value: CType | null = null;
  let inner: CMap | null = null;
  let ok = true;
  const error = (message: string): void => {
    ok = false;
    report('error', 'c-map', `Map ${name}: ${message}`);
  };
  const size = (what: 'keySize' | 'valueSize', bytes: number): void => {
    if (map[what] !== 0 && map[what] !== bytes) error(`${what === 'keySize' ? 'key' : 'value'} sizes ${map[what]} and ${bytes} contradict each other.`);
    if (bytes > SIZE_MAX) error(`${what === 'keySize' ? 'keys' : 'values'} of ${bytes} bytes are larger than ${SIZE_MAX}.`);
    map[what] = bytes;
  };
  for (const m of struct.members) {
    switch (m.name) {
      case 'type':
        map.type = number(m, error);
        break;
      case 'max_entries':
        map.maxEntries = number(m, error);
        break;
      case 'map_flags':
        map.flags = number(m, error);
        break;
      case 'map_extra':
        map.extra = wide(m, error);
        break;
      case 'key_size':
        size('keySize', number(m, error));
        break;
      case 'value_size':
        size('valueSize', number(m, error));
        break;
      case 'key':
        key = pointee(m, error);
        if (key !== null) size('keySize', sizeOf(key) ?? 0);
        break;
      case 'value':
        value = pointee(m, error);
        if (value !== null) size('valueSize', sizeOf(value) ?? 0);
        break;
      case 'values':
        inner = innerMap(m);
        break;
      case 'numa_node':
        report('info', 'c-map-ignored', 'numa_node is ignored.');
        break;
      case 'pinning':
        if (isInner) error('an inner map cannot be pinned.');
        else report('info', 'c-map-ignored', PIN_NOTE);
        break;
      default:
        error(`${m.name} is no property of a map (type, max_entries, key, value, key_size, value_size, map_flags, map_extra, values are).`);
    }
  }
  if (map.type === 0) error('its type is missing: __uint(type, BPF_MAP_TYPE_…).');
  return ok ? { ...map, key, value, inner } : null;

  function innerMap(m: CMember): CMap | null {
    const mapInMap = map.type === ARRAY_OF_MAPS || map.type === HASH_OF_MAPS;
    if (isInner) error('maps nest one level deep only.');
    else if (m !== (struct as CStruct).members!.at(-1)) error('values must be the last property.');
    else if (!mapInMap && map.type !== PROG_ARRAY) error('only a map of maps or a program array has values.');
    else {
      size('valueSize', 4);
      const array = bare(m.type);
      const pointer = array.kind === 'array' && array.count === 0 ? bare(array.elem) : null;
      const target = pointer?.kind === 'ptr' ? pointer.to : null;
      if (target === null) error('values must be written __array(values, struct …).');
      else if (mapInMap) {
        const found = readMap(`${name}.inner`, target, span, report, true);
        ok &&= found !== null;
        return found;
      } else if (bare(target).kind !== 'func') error('the values of a program array are functions: __array(values, int (void *)).');
    }
    return null;
  }
}

function number(m: CMember, error: (message: string) => void): number {
  const t = bare(m.type);
  const array = t.kind === 'ptr' ? bare(t.to) : null;
  if (array?.kind === 'array') return array.count ?? 0;
  error(`${m.name} must be written __uint(${m.name}, number).`);
  return 0;
}

function wide(m: CMember, error: (message: string) => void): bigint {
  const t = bare(m.type);
  if (t.kind === 'enum' && t.values?.length === 1) return t.values[0].value;
  return BigInt(number(m, error));
}

function pointee(m: CMember, error: (message: string) => void): CType | null {
  const t = bare(m.type);
  if (t.kind !== 'ptr') error(`${m.name} must be written __type(${m.name}, type).`);
  else if (sizeOf(t.to) === null) error(`${cTypeName(t.to)}, the type of ${m.name}, has no size: it is not defined.`);
  else return t.to;
  return null;
}
