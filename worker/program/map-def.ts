import { mapTypes } from '../kernel/map-types.ts';

/** BPF_F_* of BPF_MAP_CREATE by name. */
export const MAP_FLAGS: ReadonlyMap<string, number> = new Map(
  [
    'NO_PREALLOC',
    'NO_COMMON_LRU',
    'NUMA_NODE',
    'RDONLY',
    'WRONLY',
    'STACK_BUILD_ID',
    'ZERO_SEED',
    'RDONLY_PROG',
    'WRONLY_PROG',
    'CLONE',
    'MMAPABLE',
    'PRESERVE_ELEMS',
    'INNER_MAP',
    'LINK',
    'PATH_FD',
    'VTYPE_BTF_OBJ_FD',
    'TOKEN_FD',
    'SEGV_ON_FAULT',
    'NO_USER_CONV',
    'RB_OVERWRITE',
  ].map((name, bit) => [`BPF_F_${name}`, 2 ** bit]),
);

const DEPRECATED: ReadonlyMap<string, string> = new Map([
  ['cgroup_storage_deprecated', 'cgroup_storage'],
  ['percpu_cgroup_storage_deprecated', 'percpu_cgroup_storage'],
]);
const MAP_TYPE_NUMBERS = new Map(mapTypes().map((row) => [row.name, row.type]));

/** Constants that map declarations are written with: `BPF_MAP_TYPE_HASH`, `BPF_F_NO_PREALLOC`, … */
export function mapConstant(name: string): number | null {
  if (!name.startsWith('BPF_MAP_TYPE_')) return MAP_FLAGS.get(name) ?? null;
  if (name !== name.toUpperCase()) return null;
  const bare = name.slice('BPF_MAP_TYPE_'.length).toLowerCase();
  return MAP_TYPE_NUMBERS.get(DEPRECATED.get(bare) ?? bare) ?? null;
}
