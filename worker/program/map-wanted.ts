import * as map from '../kernel/map-types.ts';
import { MAP_FLAGS } from './map-def.ts';
import type { MapDef } from './program.ts';

/** Sizes that a type allows: these only, or from the first to the second. */
export type Sizes = readonly number[] | { readonly from: number; readonly to: number };

/** What BPF_MAP_CREATE asks of maps of one type (kernel: map_alloc_check and map_alloc of each). */
export interface Wanted {
  readonly key: Sizes;
  readonly value: Sizes;
  /** Must it have entries, or may it have none? */
  readonly entries: 'some' | 'none';
  /** Flags that it may have, and those that it must have, without BPF_F_. */
  readonly flags: readonly string[];
  readonly needs?: readonly string[];
  /** Types of keys and values must be given. */
  readonly typed?: true;
  /** What else is asked; null if nothing is wrong. */
  readonly more?: (def: MapDef) => string | null;
}

/** KMALLOC_MAX_SIZE on x86-64. */
const KMALLOC_MAX = 1 << 22;
/** PCPU_MIN_UNIT_SIZE */
const PERCPU_MAX = 1 << 15;
const ANY: Sizes = { from: 1, to: 0x7fffffff };
const PERCPU: Sizes = { from: 1, to: PERCPU_MAX };
const NOTHING: Sizes = [0];
const ACCESS = ['RDONLY', 'WRONLY', 'RDONLY_PROG', 'WRONLY_PROG'];
const NODE = 'NUMA_NODE';
/** sizeof(struct htab_elem) */
const HASH_ELEMENT = 48;
/** A local storage's element with its value stays below 64 KiB: BPF_LOCAL_STORAGE_MAX_VALUE_SIZE. */
const STORAGE_MAX = 0xffff - 128;
const TRIE_KEY = 4;
const TRIE_DATA_MAX = 256;
/** sizeof(struct lpm_trie_node) */
const TRIE_NODE = 24;
const PAGE = 4096;
const STACK_DEPTH = 127;
const BUILD_ID = 32;
const STACK_MAX = 512;
const CPUS_MAX = 8192;

function hash(value: Sizes): Wanted {
  return {
    key: ANY,
    value,
    entries: 'some',
    // what each processor has lies at each of them
    flags: ['NO_PREALLOC', 'ZERO_SEED', ...ACCESS, ...(value === PERCPU ? [] : [NODE])],
    more: fitsHash,
  };
}

function fitsHash({ keySize, valueSize }: MapDef): string | null {
  return keySize + valueSize >= KMALLOC_MAX - HASH_ELEMENT ? 'its elements are larger than 4 MiB' : null;
}

/** Elements that are reused are made beforehand. */
function leastUsed(value: Sizes): Wanted {
  const { flags, ...wanted } = hash(value);
  return {
    ...wanted,
    flags: [...flags.filter((name) => name !== 'NO_PREALLOC'), 'NO_COMMON_LRU'],
    more: (def) =>
      has(def, 'NO_COMMON_LRU') && has(def, NODE)
        ? 'lists of each processor are not on one node (BPF_F_NO_COMMON_LRU and BPF_F_NUMA_NODE)'
        : fitsHash(def),
  };
}

function array(value: Sizes, flags: readonly string[]): Wanted {
  return { key: [4], value, entries: 'some', flags };
}

const FDS = array([4], [NODE, 'RDONLY', 'WRONLY']);
const STORAGE: Wanted = {
  key: [4],
  value: { from: 1, to: STORAGE_MAX },
  entries: 'none',
  flags: ['NO_PREALLOC', 'CLONE'],
  needs: ['NO_PREALLOC'],
  typed: true,
};
const CGROUP: Wanted = {
  key: [8, 16],
  value: { from: 1, to: STORAGE_MAX },
  entries: 'none',
  flags: [NODE, ...ACCESS],
};
const QUEUE: Wanted = {
  key: NOTHING,
  value: { from: 1, to: KMALLOC_MAX },
  entries: 'some',
  flags: [NODE, ...ACCESS],
};
const DEVICES = array([4, 8], [NODE, 'RDONLY', 'WRONLY']);

/** A ring's entries are its bytes. */
const RING: Wanted = {
  key: NOTHING,
  value: NOTHING,
  entries: 'some',
  flags: [NODE],
  more: ({ maxEntries }) =>
    maxEntries % PAGE === 0 && (maxEntries & (maxEntries - 1)) === 0
      ? null
      : `max_entries is its size in bytes, a power of two and whole pages, not ${maxEntries}`,
};

/** By type of map; a type without a row has other rules (struct_ops). */
export const WANTED: ReadonlyMap<number, Wanted> = new Map<number, Wanted>([
  [map.BPF_MAP_TYPE_HASH, hash(ANY)],
  [map.BPF_MAP_TYPE_PERCPU_HASH, hash(PERCPU)],
  [map.BPF_MAP_TYPE_LRU_HASH, leastUsed(ANY)],
  [map.BPF_MAP_TYPE_LRU_PERCPU_HASH, leastUsed(PERCPU)],
  [map.BPF_MAP_TYPE_HASH_OF_MAPS, hash([4])],
  [
    map.BPF_MAP_TYPE_RHASH,
    {
      ...hash(ANY),
      key: { from: 1, to: 0xffff },
      flags: ['NO_PREALLOC', NODE, ...ACCESS],
      needs: ['NO_PREALLOC'],
      more: (def) =>
        def.extra > 0xffffn || def.extra > BigInt(def.maxEntries)
          ? `map_extra is with how many elements it begins, at most ${Math.min(def.maxEntries, 0xffff)}, not ${def.extra}`
          : fitsHash(def),
    },
  ],
  [map.BPF_MAP_TYPE_ARRAY, array(ANY, [NODE, 'MMAPABLE', 'INNER_MAP', ...ACCESS])],
  [map.BPF_MAP_TYPE_PERCPU_ARRAY, array(PERCPU, ACCESS)],
  [map.BPF_MAP_TYPE_PROG_ARRAY, FDS],
  [map.BPF_MAP_TYPE_PERF_EVENT_ARRAY, { ...FDS, flags: [...FDS.flags, 'PRESERVE_ELEMS'] }],
  [map.BPF_MAP_TYPE_CGROUP_ARRAY, FDS],
  [map.BPF_MAP_TYPE_ARRAY_OF_MAPS, FDS],
  [map.BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, array([4, 8], [NODE, ...ACCESS])],
  [map.BPF_MAP_TYPE_INSN_ARRAY, array([16], [])],
  [map.BPF_MAP_TYPE_DEVMAP, DEVICES],
  [map.BPF_MAP_TYPE_DEVMAP_HASH, DEVICES],
  [
    map.BPF_MAP_TYPE_CPUMAP,
    {
      ...array([4, 8], [NODE]),
      more: ({ maxEntries }) =>
        maxEntries > CPUS_MAX ? `there are at most ${CPUS_MAX} processors, not ${maxEntries}` : null,
    },
  ],
  [map.BPF_MAP_TYPE_XSKMAP, array([4], [NODE, 'RDONLY', 'WRONLY'])],
  [map.BPF_MAP_TYPE_SOCKMAP, array([4, 8], [NODE, 'RDONLY', 'WRONLY'])],
  [
    map.BPF_MAP_TYPE_SOCKHASH,
    { ...array([4, 8], [NODE, 'RDONLY', 'WRONLY']), key: { from: 1, to: STACK_MAX } },
  ],
  [
    map.BPF_MAP_TYPE_STACK_TRACE,
    {
      ...array({ from: 8, to: 8 * STACK_DEPTH * (BUILD_ID / 8) }, [
        NODE,
        'RDONLY',
        'WRONLY',
        'STACK_BUILD_ID',
      ]),
      more: (def) => {
        const { valueSize } = def;
        const entry = has(def, 'STACK_BUILD_ID') ? BUILD_ID : 8;
        return valueSize % entry === 0 && valueSize / entry <= STACK_DEPTH
          ? null
          : `a stack is 1 to ${STACK_DEPTH} entries of ${entry} bytes, not ${valueSize} bytes`;
      },
    },
  ],
  [
    map.BPF_MAP_TYPE_LPM_TRIE,
    {
      key: { from: TRIE_KEY + 1, to: TRIE_KEY + TRIE_DATA_MAX },
      value: { from: 1, to: KMALLOC_MAX - TRIE_DATA_MAX - TRIE_NODE },
      entries: 'some',
      flags: ['NO_PREALLOC', NODE, ...ACCESS],
      needs: ['NO_PREALLOC'],
    },
  ],
  [map.BPF_MAP_TYPE_QUEUE, QUEUE],
  [map.BPF_MAP_TYPE_STACK, QUEUE],
  [
    map.BPF_MAP_TYPE_BLOOM_FILTER,
    {
      ...QUEUE,
      flags: [NODE, 'ZERO_SEED', ...ACCESS],
      more: ({ extra }) =>
        extra > 15n ? `map_extra is how many hash functions it has, at most 15, not ${extra}` : null,
    },
  ],
  [map.BPF_MAP_TYPE_SK_STORAGE, STORAGE],
  [map.BPF_MAP_TYPE_INODE_STORAGE, STORAGE],
  [map.BPF_MAP_TYPE_TASK_STORAGE, STORAGE],
  [map.BPF_MAP_TYPE_CGRP_STORAGE, STORAGE],
  [map.BPF_MAP_TYPE_CGROUP_STORAGE, CGROUP],
  [map.BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE, { ...CGROUP, value: PERCPU }],
  [map.BPF_MAP_TYPE_RINGBUF, { ...RING, flags: [NODE, 'RB_OVERWRITE'] }],
  [map.BPF_MAP_TYPE_USER_RINGBUF, RING],
  [
    map.BPF_MAP_TYPE_ARENA,
    {
      key: NOTHING,
      value: NOTHING,
      entries: 'some',
      flags: ['SEGV_ON_FAULT', 'MMAPABLE', 'NO_USER_CONV'],
      needs: ['MMAPABLE'],
      more: ({ maxEntries, extra }) =>
        maxEntries > 2 ** 20
          ? 'an arena has at most 4 GiB, 1048576 pages'
          : extra % BigInt(PAGE) !== 0n
            ? `map_extra is the address of its first page, not ${extra}`
            : null,
    },
  ],
]);

/** Types with a meaning for map_extra. */
export const WITH_EXTRA: ReadonlySet<number> = new Set([
  map.BPF_MAP_TYPE_BLOOM_FILTER,
  map.BPF_MAP_TYPE_ARENA,
  map.BPF_MAP_TYPE_RHASH,
]);

/** A BPF_F_ flag by the rest of its name. */
export const flag = (name: string): number => MAP_FLAGS.get(`BPF_F_${name}`) ?? 0;
/** Has a map this flag? */
export const has = (def: MapDef, name: string): boolean => (def.flags & flag(name)) !== 0;
