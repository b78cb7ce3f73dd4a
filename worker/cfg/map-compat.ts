import { BPF_LIST_HEAD, BPF_RB_ROOT, BPF_RES_SPIN_LOCK, BPF_SPIN_LOCK } from '../btf/fields.ts';
import type { MapInfo } from '../state/map-info.ts';
import { reject, type Context } from './context.ts';
import * as map from './map-kinds.ts';
import { isTracingType, PROG_SOCKET_FILTER } from './prog-kinds.ts';
import { cfgRules } from './rules.ts';

/** Map types that sleepable programs may use. */
const SLEEPABLE: ReadonlySet<number> = new Set([
  map.MAP_HASH,
  map.MAP_RHASH,
  map.MAP_LRU_HASH,
  map.MAP_ARRAY,
  map.MAP_PERCPU_HASH,
  map.MAP_PERCPU_ARRAY,
  map.MAP_LRU_PERCPU_HASH,
  map.MAP_LPM_TRIE,
  map.MAP_ARRAY_OF_MAPS,
  map.MAP_HASH_OF_MAPS,
  map.MAP_RINGBUF,
  map.MAP_USER_RINGBUF,
  map.MAP_INODE_STORAGE,
  map.MAP_SK_STORAGE,
  map.MAP_TASK_STORAGE,
  map.MAP_CGRP_STORAGE,
  map.MAP_QUEUE,
  map.MAP_STACK,
  map.MAP_ARENA,
  map.MAP_INSN_ARRAY,
  map.MAP_PROG_ARRAY,
]);

/** May this kind of program use this kind of map at all (kernel: check_map_prog_compatibility)? */
export function checkMapCompatibility(ctx: Context, info: MapInfo): void {
  const { progType, sleepable } = ctx.traits;
  const kinds = info.record?.fieldMask ?? 0;
  if (kinds & (BPF_LIST_HEAD | BPF_RB_ROOT) && isTracingType(progType)) reject(ctx, cfgRules.tracingGraph);
  if (kinds & (BPF_SPIN_LOCK | BPF_RES_SPIN_LOCK) && progType === PROG_SOCKET_FILTER) reject(ctx, cfgRules.socketFilterLock);
  if (kinds & BPF_SPIN_LOCK && isTracingType(progType)) reject(ctx, cfgRules.tracingLock);
  if (info.type === map.MAP_STRUCT_OPS) reject(ctx, cfgRules.structOpsMap);
  if (sleepable && !SLEEPABLE.has(info.type)) reject(ctx, cfgRules.sleepableMap);
  const storage = info.type === map.MAP_CGROUP_STORAGE || info.type === map.MAP_PERCPU_CGROUP_STORAGE;
  if (storage && ctx.usedMaps.some((m) => m.type === info.type)) reject(ctx, cfgRules.cgroupStorageTwice);
  if (info.type === map.MAP_ARENA) checkArena(ctx, info);
}

function checkArena(ctx: Context, info: MapInfo): void {
  if (ctx.arena !== null) reject(ctx, cfgRules.arenaTwice);
  if (!ctx.caps.allowPtrLeaks || !ctx.caps.bpfCapable) reject(ctx, cfgRules.arenaNotPermitted);
  ctx.arena = info;
}
