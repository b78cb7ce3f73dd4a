import { EACCES, EOPNOTSUPP, EPERM } from '../failure/errno.ts';
import {
  BPF_GRAPH_ROOT,
  BPF_KPTR,
  BPF_REFCOUNT,
  BPF_RES_SPIN_LOCK,
  BPF_SPIN_LOCK,
  BPF_TASK_WORK,
  BPF_TIMER,
  BPF_UPTR,
  BPF_WORKQUEUE,
  fieldKindName,
} from './field-kinds.ts';
import type { BtfRecord } from './fields.ts';
import { refuse } from './find-fields.ts';
import type { Refusal } from './find-fields.ts';

/** BPF_F_RDONLY_PROG | BPF_F_WRONLY_PROG. */
const ONE_WAY_FLAGS = 0x180;

const HASH = 1;
const ARRAY = 2;
const PERCPU_HASH = 5;
const PERCPU_ARRAY = 6;
const LRU_HASH = 9;
const LRU_PERCPU_HASH = 10;
const CGROUP_STORAGE = 19;
const SK_STORAGE = 24;
const INODE_STORAGE = 28;
const TASK_STORAGE = 29;
const CGRP_STORAGE = 32;
const RHASH = 35;

/** Map types (enum bpf_map_type) whose values may hold a kind of field, as in map_check_btf. */
const MAP_TYPES_OF: readonly (readonly [number, readonly number[]])[] = [
  [
    BPF_SPIN_LOCK | BPF_RES_SPIN_LOCK,
    [HASH, RHASH, ARRAY, CGROUP_STORAGE, SK_STORAGE, INODE_STORAGE, TASK_STORAGE, CGRP_STORAGE],
  ],
  [BPF_TIMER | BPF_WORKQUEUE | BPF_TASK_WORK, [HASH, RHASH, LRU_HASH, ARRAY]],
  [
    BPF_KPTR | BPF_REFCOUNT,
    [
      HASH,
      RHASH,
      PERCPU_HASH,
      LRU_HASH,
      LRU_PERCPU_HASH,
      ARRAY,
      PERCPU_ARRAY,
      SK_STORAGE,
      INODE_STORAGE,
      TASK_STORAGE,
      CGRP_STORAGE,
    ],
  ],
  [BPF_UPTR, [TASK_STORAGE]],
  [BPF_GRAPH_ROOT, [HASH, LRU_HASH, ARRAY]],
];

/** Whether a map of this type may have values with these fields; the refusal is BPF_MAP_CREATE's (map_check_btf). */
export function checkMapFields(record: BtfRecord, mapType: number, mapFlags: number, privileged: boolean): Refusal | null {
  if (!privileged) return refuse(EPERM, 'special fields in map values need CAP_BPF');
  if ((mapFlags & ONE_WAY_FLAGS) !== 0) return refuse(EACCES, 'special fields need a map that programs can read and write');
  for (const field of record.fields) {
    const allowed = MAP_TYPES_OF.find(([kinds]) => (kinds & field.kind) !== 0)?.[1] ?? [];
    if (!allowed.includes(mapType)) return refuse(EOPNOTSUPP, `values of this map type cannot hold a ${fieldKindName(field.kind)}`);
  }
  return null;
}
