import { decide, type Tree } from './facts.ts';
import { MAP_TYPES } from './generated/map-types.ts';
import type { ProgTraits } from './prog-traits.ts';
import {
  BPF_MAP_TYPE_HASH,
  BPF_MAP_TYPE_ARRAY,
  BPF_MAP_TYPE_PROG_ARRAY,
  BPF_MAP_TYPE_PERCPU_HASH,
  BPF_MAP_TYPE_PERCPU_ARRAY,
  BPF_MAP_TYPE_LRU_HASH,
  BPF_MAP_TYPE_LRU_PERCPU_HASH,
  BPF_MAP_TYPE_LPM_TRIE,
  BPF_MAP_TYPE_ARRAY_OF_MAPS,
  BPF_MAP_TYPE_HASH_OF_MAPS,
  BPF_MAP_TYPE_SOCKMAP,
  BPF_MAP_TYPE_XSKMAP,
  BPF_MAP_TYPE_SOCKHASH,
  BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE,
  BPF_MAP_TYPE_QUEUE,
  BPF_MAP_TYPE_STACK,
  BPF_MAP_TYPE_SK_STORAGE,
  BPF_MAP_TYPE_RINGBUF,
  BPF_MAP_TYPE_INODE_STORAGE,
  BPF_MAP_TYPE_TASK_STORAGE,
  BPF_MAP_TYPE_USER_RINGBUF,
  BPF_MAP_TYPE_CGRP_STORAGE,
  BPF_MAP_TYPE_ARENA,
  BPF_MAP_TYPE_INSN_ARRAY,
  BPF_MAP_TYPE_RHASH,
} from './uapi.ts';

export {
  BPF_MAP_TYPE_UNSPEC,
  BPF_MAP_TYPE_HASH,
  BPF_MAP_TYPE_ARRAY,
  BPF_MAP_TYPE_PROG_ARRAY,
  BPF_MAP_TYPE_PERF_EVENT_ARRAY,
  BPF_MAP_TYPE_PERCPU_HASH,
  BPF_MAP_TYPE_PERCPU_ARRAY,
  BPF_MAP_TYPE_STACK_TRACE,
  BPF_MAP_TYPE_CGROUP_ARRAY,
  BPF_MAP_TYPE_LRU_HASH,
  BPF_MAP_TYPE_LRU_PERCPU_HASH,
  BPF_MAP_TYPE_LPM_TRIE,
  BPF_MAP_TYPE_ARRAY_OF_MAPS,
  BPF_MAP_TYPE_HASH_OF_MAPS,
  BPF_MAP_TYPE_DEVMAP,
  BPF_MAP_TYPE_SOCKMAP,
  BPF_MAP_TYPE_CPUMAP,
  BPF_MAP_TYPE_XSKMAP,
  BPF_MAP_TYPE_SOCKHASH,
  BPF_MAP_TYPE_CGROUP_STORAGE,
  BPF_MAP_TYPE_REUSEPORT_SOCKARRAY,
  BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE,
  BPF_MAP_TYPE_QUEUE,
  BPF_MAP_TYPE_STACK,
  BPF_MAP_TYPE_SK_STORAGE,
  BPF_MAP_TYPE_DEVMAP_HASH,
  BPF_MAP_TYPE_STRUCT_OPS,
  BPF_MAP_TYPE_RINGBUF,
  BPF_MAP_TYPE_INODE_STORAGE,
  BPF_MAP_TYPE_TASK_STORAGE,
  BPF_MAP_TYPE_BLOOM_FILTER,
  BPF_MAP_TYPE_USER_RINGBUF,
  BPF_MAP_TYPE_CGRP_STORAGE,
  BPF_MAP_TYPE_ARENA,
  BPF_MAP_TYPE_INSN_ARRAY,
  BPF_MAP_TYPE_RHASH,
} from './uapi.ts';

/** A map type as generated. */
export interface MapTypeData {
  readonly type: number;
  readonly name: string;
  /** Members of the kernel's `struct bpf_map_ops` that it fills. */
  readonly ops: readonly string[];
  /** Helper id → decision (1: accepts this map). */
  readonly helpers: { readonly [id: string]: Tree<number> };
  /** Decision for ids not listed. */
  readonly otherHelpers: Tree<number>;
}

/** What the verifier asks of a map type; from the operations it has. */
export const MAP_DIRECT_VALUE = 1 << 0;
/** Values are per CPU. */
export const MAP_PERCPU = 1 << 1;
/** Elements are maps. */
export const MAP_OF_MAPS = 1 << 2;
/** bpf_for_each_map_elem works on it. */
export const MAP_FOR_EACH = 1 << 3;
/** May be used by sleepable programs. */
export const MAP_SLEEPABLE = 1 << 4;
/** bpf_map_lookup_elem yields a socket or an XDP socket rather than a value. */
export const MAP_OF_SOCKETS = 1 << 5;
/** Local storage: the key is an object. */
export const MAP_LOCAL_STORAGE = 1 << 6;
/** Has no key type: BTF may leave it out. */
export const MAP_CHECKS_BTF = 1 << 7;
/** May be an inner map. */
export const MAP_MAY_BE_INNER = 1 << 8;

/** A map type of this kernel. */
export interface MapTypeRow {
  readonly type: number;
  /** `hash` as in BPF_MAP_TYPE_HASH, lower case. */
  readonly name: string;
  /** MAP_* bits. */
  readonly traits: number;
  readonly data: MapTypeData;
}

const FROM_OPS: readonly (readonly [number, string])[] = [
  [MAP_DIRECT_VALUE, 'map_direct_value_addr'],
  [MAP_FOR_EACH, 'map_for_each_callback'],
  [MAP_CHECKS_BTF, 'map_check_btf'],
  [MAP_MAY_BE_INNER, 'map_meta_equal'],
  [MAP_LOCAL_STORAGE, 'map_owner_storage_ptr'],
];

const FROM_TYPE: readonly (readonly [number, readonly number[]])[] = [
  [
    MAP_PERCPU,
    [
      BPF_MAP_TYPE_PERCPU_HASH,
      BPF_MAP_TYPE_PERCPU_ARRAY,
      BPF_MAP_TYPE_LRU_PERCPU_HASH,
      BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE,
    ],
  ],
  [MAP_OF_MAPS, [BPF_MAP_TYPE_ARRAY_OF_MAPS, BPF_MAP_TYPE_HASH_OF_MAPS]],
  [MAP_OF_SOCKETS, [BPF_MAP_TYPE_SOCKMAP, BPF_MAP_TYPE_SOCKHASH, BPF_MAP_TYPE_XSKMAP]],
  [
    MAP_SLEEPABLE,
    [
      BPF_MAP_TYPE_HASH,
      BPF_MAP_TYPE_RHASH,
      BPF_MAP_TYPE_LRU_HASH,
      BPF_MAP_TYPE_ARRAY,
      BPF_MAP_TYPE_PERCPU_HASH,
      BPF_MAP_TYPE_PERCPU_ARRAY,
      BPF_MAP_TYPE_LRU_PERCPU_HASH,
      BPF_MAP_TYPE_LPM_TRIE,
      BPF_MAP_TYPE_ARRAY_OF_MAPS,
      BPF_MAP_TYPE_HASH_OF_MAPS,
      BPF_MAP_TYPE_RINGBUF,
      BPF_MAP_TYPE_USER_RINGBUF,
      BPF_MAP_TYPE_INODE_STORAGE,
      BPF_MAP_TYPE_SK_STORAGE,
      BPF_MAP_TYPE_TASK_STORAGE,
      BPF_MAP_TYPE_CGRP_STORAGE,
      BPF_MAP_TYPE_QUEUE,
      BPF_MAP_TYPE_STACK,
      BPF_MAP_TYPE_ARENA,
      BPF_MAP_TYPE_INSN_ARRAY,
      BPF_MAP_TYPE_PROG_ARRAY,
    ],
  ],
];

const BY_TYPE: readonly (MapTypeRow | undefined)[] = (() => {
  const rows: (MapTypeRow | undefined)[] = [];
  for (const data of MAP_TYPES) {
    let traits = 0;
    for (const [bit, op] of FROM_OPS) if (data.ops.includes(op)) traits |= bit;
    for (const [bit, types] of FROM_TYPE) if (types.includes(data.type)) traits |= bit;
    rows[data.type] = { type: data.type, name: data.name, traits, data };
  }
  return rows;
})();

/** A map type by number, null if this kernel has none such. */
export function mapType(type: number): MapTypeRow | null {
  return BY_TYPE[type] ?? null;
}

/** All map types by number. */
export function mapTypes(): readonly MapTypeRow[] {
  return BY_TYPE.filter((row) => row !== undefined);
}

/** A map type's number by name (`hash`, `BPF_MAP_TYPE_HASH`), null if unknown. */
export function mapTypeByName(name: string): number | null {
  const bare = name.toLowerCase().replace(/^bpf_map_type_/, '');
  return MAP_TYPES.find((row) => row.name === bare)?.type ?? null;
}

/** MAP_* bits of a map type, 0 for unknown ones. */
export function mapTraits(type: number): number {
  return BY_TYPE[type]?.traits ?? 0;
}

/**
 * May a map of this type be passed to a helper (check_map_func_compatibility)? Sockmaps ask the program too.
 * If not, the kernel says `cannot pass map_type %d into func %s#%d`, for sockmap updates preceded by
 * `cannot update sockmap in this context` ({@link sockmapUpdateRefused}).
 */
export function mapAllowsHelper(type: number, helper: number, prog: ProgTraits): boolean {
  const row = BY_TYPE[type];
  if (row === undefined) return false;
  return decide(row.data.helpers[helper] ?? row.data.otherHelpers, prog) === 1;
}

const MAP_UPDATE_ELEM = 2;
const MAP_DELETE_ELEM = 3;

/** Does the refusal say first that the sockmap cannot be updated in this context? */
export function sockmapUpdateRefused(type: number, helper: number): boolean {
  return (
    (type === BPF_MAP_TYPE_SOCKMAP || type === BPF_MAP_TYPE_SOCKHASH) &&
    (helper === MAP_UPDATE_ELEM || helper === MAP_DELETE_ELEM)
  );
}
