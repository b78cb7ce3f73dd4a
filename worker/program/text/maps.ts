import type { CEmitter } from '../../btf/c/emit.ts';
import type { CMap } from '../../btf/c/maps.ts';
import type { CSection, CUnit } from '../../btf/c/unit.ts';
import {
  BPF_MAP_TYPE_ARENA,
  BPF_MAP_TYPE_ARRAY,
  BPF_MAP_TYPE_ARRAY_OF_MAPS,
  BPF_MAP_TYPE_CGROUP_ARRAY,
  BPF_MAP_TYPE_CPUMAP,
  BPF_MAP_TYPE_DEVMAP,
  BPF_MAP_TYPE_DEVMAP_HASH,
  BPF_MAP_TYPE_HASH_OF_MAPS,
  BPF_MAP_TYPE_INSN_ARRAY,
  BPF_MAP_TYPE_PERF_EVENT_ARRAY,
  BPF_MAP_TYPE_QUEUE,
  BPF_MAP_TYPE_RINGBUF,
  BPF_MAP_TYPE_SOCKHASH,
  BPF_MAP_TYPE_SOCKMAP,
  BPF_MAP_TYPE_STACK,
  BPF_MAP_TYPE_STACK_TRACE,
  BPF_MAP_TYPE_USER_RINGBUF,
  BPF_MAP_TYPE_XSKMAP,
} from '../../kernel/map-types.ts';
import { INSN_ARRAY_ENTRY, insnArrayData } from '../insn-array.ts';
import { MAP_FLAGS } from '../map-def.ts';
import type { MapDef } from '../program.ts';

/** Maps that libbpf creates without key and value types. */
const UNTYPED = new Set([
  BPF_MAP_TYPE_PERF_EVENT_ARRAY,
  BPF_MAP_TYPE_CGROUP_ARRAY,
  BPF_MAP_TYPE_STACK_TRACE,
  BPF_MAP_TYPE_ARRAY_OF_MAPS,
  BPF_MAP_TYPE_HASH_OF_MAPS,
  BPF_MAP_TYPE_DEVMAP,
  BPF_MAP_TYPE_DEVMAP_HASH,
  BPF_MAP_TYPE_CPUMAP,
  BPF_MAP_TYPE_XSKMAP,
  BPF_MAP_TYPE_SOCKMAP,
  BPF_MAP_TYPE_SOCKHASH,
  BPF_MAP_TYPE_QUEUE,
  BPF_MAP_TYPE_STACK,
  BPF_MAP_TYPE_ARENA,
]);
const PAGE_SIZE = 4096;
/** The kernel keeps 15 characters of a map's name. */
const NAME_MAX = 15;
/** CPUs of the machine that a per-CPU size is taken from. */
const CPUS = 2;

/** A text's maps, and how its names find them. */
export interface TextMaps {
  readonly defs: readonly MapDef[];
  /** Index into `defs` by declared name or section name. */
  readonly index: ReadonlyMap<string, number>;
}

/**
 * Turns declared maps, data sections and jump tables (instructions by the table's name) into definitions, as libbpf
 * would create them.
 */
export function buildMaps(unit: CUnit, jumpTables: ReadonlyMap<string, readonly number[]>, emit: CEmitter, objectName: string): TextMaps {
  const defs: MapDef[] = [];
  const index = new Map<string, number>();
  for (const section of unit.sections) {
    index.set(section.name, defs.length);
    defs.push(sectionMap(section, emit, objectName));
  }
  const add = (map: CMap): number => {
    const inner = map.inner === null ? null : add(map.inner);
    const typed = !UNTYPED.has(map.type);
    defs.push({
      name: map.name.slice(0, NAME_MAX),
      type: map.type,
      keySize: map.keySize,
      valueSize: map.valueSize,
      maxEntries: entries(map),
      flags: map.flags,
      keyTypeId: typed && map.key !== null ? emit.type(map.key) : 0,
      valueTypeId: typed && map.value !== null ? emit.type(map.value) : 0,
      inner,
      extra: map.extra,
      frozen: false,
      data: null,
    });
    return defs.length - 1;
  };
  for (const map of unit.maps) index.set(map.name, add(map));
  for (const [name, entries] of jumpTables) {
    const declared = index.get(name);
    index.set(name, declared ?? defs.length);
    if (declared === undefined) defs.push(jumpTableMap(name, entries));
    else defs[declared] = filled(defs[declared], entries);
  }
  return { defs, index };
}

/** Ring buffers are rounded up to a power of two of pages, perf arrays have an entry per CPU. */
function entries(map: CMap): number {
  if (map.type === BPF_MAP_TYPE_PERF_EVENT_ARRAY && map.maxEntries === 0) return CPUS;
  if (map.type !== BPF_MAP_TYPE_RINGBUF && map.type !== BPF_MAP_TYPE_USER_RINGBUF) return map.maxEntries;
  if (map.maxEntries === 0) return 0;
  let size = PAGE_SIZE;
  while (size < map.maxEntries && size < 2 ** 31) size *= 2;
  return size < map.maxEntries ? map.maxEntries : size;
}

function sectionMap(section: CSection, emit: CEmitter, objectName: string): MapDef {
  const shared = section.variables.some((v) => !v.static);
  const flags = (section.kind === 'rodata' ? MAP_FLAGS.get('BPF_F_RDONLY_PROG')! : 0) | (shared ? MAP_FLAGS.get('BPF_F_MMAPABLE')! : 0);
  return {
    name: sectionMapName(section.name, objectName),
    type: BPF_MAP_TYPE_ARRAY,
    keySize: 4,
    valueSize: section.size,
    maxEntries: 1,
    flags,
    keyTypeId: 0,
    valueTypeId: emit.section(section),
    inner: null,
    extra: 0n,
    frozen: section.kind === 'rodata',
    data: section.kind === 'bss' ? null : section.data,
  };
}

function jumpTableMap(name: string, entries: readonly number[]): MapDef {
  return {
    name: name.slice(0, NAME_MAX),
    type: BPF_MAP_TYPE_INSN_ARRAY,
    keySize: 4,
    valueSize: INSN_ARRAY_ENTRY,
    maxEntries: entries.length,
    flags: 0,
    keyTypeId: 0,
    valueTypeId: 0,
    inner: null,
    extra: 0n,
    frozen: true,
    data: insnArrayData(entries),
  };
}

/** A declared instruction array with its contents; entries that are not given are the first instruction. */
function filled(def: MapDef, entries: readonly number[]): MapDef {
  const maxEntries = def.maxEntries === 0 ? entries.length : def.maxEntries;
  const rest = new Array<number>(Math.max(0, maxEntries - entries.length)).fill(0);
  return { ...def, maxEntries, frozen: true, data: insnArrayData([...entries, ...rest]) };
}

/** `test_sub.bss`: the object's name, cut so that the section's fits; sections with a suffix stand alone. */
export function sectionMapName(section: string, objectName: string): string {
  const suffixLength = Math.min(Math.max(7, section.length), NAME_MAX);
  const prefix = section.slice(1).includes('.') ? '' : objectName.slice(0, NAME_MAX - suffixLength);
  return (prefix + section.slice(0, suffixLength)).replace(/[^\w.]/g, '_');
}
