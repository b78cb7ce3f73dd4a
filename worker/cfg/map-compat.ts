import { BPF_LIST_HEAD, BPF_RB_ROOT, BPF_RES_SPIN_LOCK, BPF_SPIN_LOCK } from '../btf/fields.ts';
import type { Rule } from '../failure/rule.ts';
import type { MapInfo } from '../state/map-info.ts';
import { reject, type Context } from './context.ts';
import * as u from '../kernel/uapi.ts';
import { cfgRules } from './rules.ts';

/** Map types that sleepable programs may use. */
const SLEEPABLE: ReadonlySet<number> = new Set([
  u.BPF_MAP_TYPE_HASH,
  u.BPF_MAP_TYPE_RHASH,
  u.BPF_MAP_TYPE_LRU_HASH,
  u.BPF_MAP_TYPE_ARRAY,
  u.BPF_MAP_TYPE_PERCPU_HASH,
  u.BPF_MAP_TYPE_PERCPU_ARRAY,
  u.BPF_MAP_TYPE_LRU_PERCPU_HASH,
  u.BPF_MAP_TYPE_LPM_TRIE,
  u.BPF_MAP_TYPE_ARRAY_OF_MAPS,
  u.BPF_MAP_TYPE_HASH_OF_MAPS,
  u.BPF_MAP_TYPE_RINGBUF,
  u.BPF_MAP_TYPE_USER_RINGBUF,
  u.BPF_MAP_TYPE_INODE_STORAGE,
  u.BPF_MAP_TYPE_SK_STORAGE,
  u.BPF_MAP_TYPE_TASK_STORAGE,
  u.BPF_MAP_TYPE_CGRP_STORAGE,
  u.BPF_MAP_TYPE_QUEUE,
  u.BPF_MAP_TYPE_STACK,
  u.BPF_MAP_TYPE_ARENA,
  u.BPF_MAP_TYPE_INSN_ARRAY,
  u.BPF_MAP_TYPE_PROG_ARRAY,
]);

/** Programs that run at arbitrary points of the kernel (kernel: is_tracing_prog_type). */
const TRACING: ReadonlySet<number> = new Set([
  u.BPF_PROG_TYPE_KPROBE,
  u.BPF_PROG_TYPE_TRACEPOINT,
  u.BPF_PROG_TYPE_PERF_EVENT,
  u.BPF_PROG_TYPE_RAW_TRACEPOINT,
  u.BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE,
]);

/** Which rule keeps programs of a type from maps whose values hold such fields (BPF_SPIN_LOCK …); null: none does. */
export function fieldRefusal(progType: number, kinds: number): Rule | null {
  if (kinds & (BPF_LIST_HEAD | BPF_RB_ROOT) && TRACING.has(progType)) return cfgRules.tracingGraph;
  if (kinds & (BPF_SPIN_LOCK | BPF_RES_SPIN_LOCK) && progType === u.BPF_PROG_TYPE_SOCKET_FILTER) return cfgRules.socketFilterLock;
  if (kinds & BPF_SPIN_LOCK && TRACING.has(progType)) return cfgRules.tracingLock;
  return null;
}

/** May this kind of program use this kind of map at all (kernel: check_map_prog_compatibility)? */
export function checkMapCompatibility(ctx: Context, info: MapInfo): void {
  const { progType, sleepable } = ctx.traits;
  const refusal = fieldRefusal(progType, info.record?.fieldMask ?? 0);
  if (refusal !== null) reject(ctx, refusal);
  if (info.type === u.BPF_MAP_TYPE_STRUCT_OPS) reject(ctx, cfgRules.structOpsMap);
  if (sleepable && !SLEEPABLE.has(info.type)) reject(ctx, cfgRules.sleepableMap);
  const storage = info.type === u.BPF_MAP_TYPE_CGROUP_STORAGE || info.type === u.BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
  if (storage && ctx.usedMaps.some((m) => m.type === info.type)) reject(ctx, cfgRules.cgroupStorageTwice);
  if (info.type === u.BPF_MAP_TYPE_ARENA) checkArena(ctx, info);
}

function checkArena(ctx: Context, info: MapInfo): void {
  if (ctx.arena !== null) reject(ctx, cfgRules.arenaTwice);
  if (!ctx.caps.allowPtrLeaks || !ctx.caps.bpfCapable) reject(ctx, cfgRules.arenaNotPermitted);
  ctx.arena = info;
}
