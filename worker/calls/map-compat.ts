import { BPF_TRACE_ITER, BPF_PROG_TYPE_SK_LOOKUP, BPF_PROG_TYPE_SK_REUSEPORT, BPF_PROG_TYPE_SOCK_OPS, BPF_PROG_TYPE_TRACING } from '../kernel/uapi.ts';
import type { Env } from '../state/env.ts';
import type { MapInfo } from '../state/map-info.ts';
import * as F from './helper-ids.ts';
import { callRules as R } from './rules.ts';
import {
  BPF_MAP_TYPE_ARRAY_OF_MAPS,
  BPF_MAP_TYPE_BLOOM_FILTER,
  BPF_MAP_TYPE_CGROUP_ARRAY,
  BPF_MAP_TYPE_CGROUP_STORAGE,
  BPF_MAP_TYPE_CGRP_STORAGE,
  BPF_MAP_TYPE_CPUMAP,
  BPF_MAP_TYPE_DEVMAP,
  BPF_MAP_TYPE_DEVMAP_HASH,
  BPF_MAP_TYPE_HASH_OF_MAPS,
  BPF_MAP_TYPE_INODE_STORAGE,
  BPF_MAP_TYPE_INSN_ARRAY,
  BPF_MAP_TYPE_LRU_PERCPU_HASH,
  BPF_MAP_TYPE_PERCPU_ARRAY,
  BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE,
  BPF_MAP_TYPE_PERCPU_HASH,
  BPF_MAP_TYPE_PERF_EVENT_ARRAY,
  BPF_MAP_TYPE_PROG_ARRAY,
  BPF_MAP_TYPE_QUEUE,
  BPF_MAP_TYPE_REUSEPORT_SOCKARRAY,
  BPF_MAP_TYPE_RINGBUF,
  BPF_MAP_TYPE_SK_STORAGE,
  BPF_MAP_TYPE_SOCKHASH,
  BPF_MAP_TYPE_SOCKMAP,
  BPF_MAP_TYPE_STACK,
  BPF_MAP_TYPE_STACK_TRACE,
  BPF_MAP_TYPE_TASK_STORAGE,
  BPF_MAP_TYPE_USER_RINGBUF,
  BPF_MAP_TYPE_XSKMAP,
} from '../kernel/uapi.ts';

/** Helpers that a map type may be given to; types that are not listed may be given to any. */
const BY_MAP = new Map<number, readonly number[]>([
  [BPF_MAP_TYPE_PROG_ARRAY, [F.BPF_FUNC_tail_call]],
  [
    BPF_MAP_TYPE_PERF_EVENT_ARRAY,
    [F.BPF_FUNC_perf_event_read, F.BPF_FUNC_perf_event_output, F.BPF_FUNC_skb_output, F.BPF_FUNC_perf_event_read_value, F.BPF_FUNC_xdp_output],
  ],
  [
    BPF_MAP_TYPE_RINGBUF,
    [
      F.BPF_FUNC_ringbuf_output,
      F.BPF_FUNC_ringbuf_reserve,
      F.BPF_FUNC_ringbuf_query,
      F.BPF_FUNC_ringbuf_reserve_dynptr,
      F.BPF_FUNC_ringbuf_submit_dynptr,
      F.BPF_FUNC_ringbuf_discard_dynptr,
    ],
  ],
  [BPF_MAP_TYPE_USER_RINGBUF, [F.BPF_FUNC_user_ringbuf_drain]],
  [BPF_MAP_TYPE_STACK_TRACE, [F.BPF_FUNC_get_stackid]],
  [BPF_MAP_TYPE_CGROUP_ARRAY, [F.BPF_FUNC_skb_under_cgroup, F.BPF_FUNC_current_task_under_cgroup]],
  [BPF_MAP_TYPE_CGROUP_STORAGE, [F.BPF_FUNC_get_local_storage]],
  [BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE, [F.BPF_FUNC_get_local_storage]],
  [BPF_MAP_TYPE_DEVMAP, [F.BPF_FUNC_redirect_map, F.BPF_FUNC_map_lookup_elem]],
  [BPF_MAP_TYPE_DEVMAP_HASH, [F.BPF_FUNC_redirect_map, F.BPF_FUNC_map_lookup_elem]],
  [BPF_MAP_TYPE_CPUMAP, [F.BPF_FUNC_redirect_map]],
  [BPF_MAP_TYPE_XSKMAP, [F.BPF_FUNC_redirect_map, F.BPF_FUNC_map_lookup_elem]],
  [BPF_MAP_TYPE_ARRAY_OF_MAPS, [F.BPF_FUNC_map_lookup_elem]],
  [BPF_MAP_TYPE_HASH_OF_MAPS, [F.BPF_FUNC_map_lookup_elem]],
  [
    BPF_MAP_TYPE_SOCKMAP,
    [
      F.BPF_FUNC_sk_redirect_map,
      F.BPF_FUNC_sock_map_update,
      F.BPF_FUNC_msg_redirect_map,
      F.BPF_FUNC_sk_select_reuseport,
      F.BPF_FUNC_map_lookup_elem,
    ],
  ],
  [
    BPF_MAP_TYPE_SOCKHASH,
    [
      F.BPF_FUNC_sk_redirect_hash,
      F.BPF_FUNC_sock_hash_update,
      F.BPF_FUNC_msg_redirect_hash,
      F.BPF_FUNC_sk_select_reuseport,
      F.BPF_FUNC_map_lookup_elem,
    ],
  ],
  [BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, [F.BPF_FUNC_sk_select_reuseport]],
  [BPF_MAP_TYPE_QUEUE, [F.BPF_FUNC_map_peek_elem, F.BPF_FUNC_map_pop_elem, F.BPF_FUNC_map_push_elem]],
  [BPF_MAP_TYPE_STACK, [F.BPF_FUNC_map_peek_elem, F.BPF_FUNC_map_pop_elem, F.BPF_FUNC_map_push_elem]],
  [BPF_MAP_TYPE_SK_STORAGE, [F.BPF_FUNC_sk_storage_get, F.BPF_FUNC_sk_storage_delete, F.BPF_FUNC_kptr_xchg]],
  [BPF_MAP_TYPE_INODE_STORAGE, [F.BPF_FUNC_inode_storage_get, F.BPF_FUNC_inode_storage_delete, F.BPF_FUNC_kptr_xchg]],
  [BPF_MAP_TYPE_TASK_STORAGE, [F.BPF_FUNC_task_storage_get, F.BPF_FUNC_task_storage_delete, F.BPF_FUNC_kptr_xchg]],
  [BPF_MAP_TYPE_CGRP_STORAGE, [F.BPF_FUNC_cgrp_storage_get, F.BPF_FUNC_cgrp_storage_delete, F.BPF_FUNC_kptr_xchg]],
  [BPF_MAP_TYPE_BLOOM_FILTER, [F.BPF_FUNC_map_peek_elem, F.BPF_FUNC_map_push_elem]],
  [BPF_MAP_TYPE_INSN_ARRAY, []],
]);

const RINGBUF = [BPF_MAP_TYPE_RINGBUF];
const PERF = [BPF_MAP_TYPE_PERF_EVENT_ARRAY];
const QUEUES = [BPF_MAP_TYPE_QUEUE, BPF_MAP_TYPE_STACK];

/** Map types that a helper takes; helpers that are not listed take any. */
const BY_HELPER = new Map<number, readonly number[]>([
  [F.BPF_FUNC_tail_call, [BPF_MAP_TYPE_PROG_ARRAY]],
  [F.BPF_FUNC_perf_event_read, PERF],
  [F.BPF_FUNC_perf_event_output, PERF],
  [F.BPF_FUNC_perf_event_read_value, PERF],
  [F.BPF_FUNC_skb_output, PERF],
  [F.BPF_FUNC_xdp_output, PERF],
  [F.BPF_FUNC_ringbuf_output, RINGBUF],
  [F.BPF_FUNC_ringbuf_reserve, RINGBUF],
  [F.BPF_FUNC_ringbuf_query, RINGBUF],
  [F.BPF_FUNC_ringbuf_reserve_dynptr, RINGBUF],
  [F.BPF_FUNC_ringbuf_submit_dynptr, RINGBUF],
  [F.BPF_FUNC_ringbuf_discard_dynptr, RINGBUF],
  [F.BPF_FUNC_user_ringbuf_drain, [BPF_MAP_TYPE_USER_RINGBUF]],
  [F.BPF_FUNC_get_stackid, [BPF_MAP_TYPE_STACK_TRACE]],
  [F.BPF_FUNC_current_task_under_cgroup, [BPF_MAP_TYPE_CGROUP_ARRAY]],
  [F.BPF_FUNC_skb_under_cgroup, [BPF_MAP_TYPE_CGROUP_ARRAY]],
  [F.BPF_FUNC_redirect_map, [BPF_MAP_TYPE_DEVMAP, BPF_MAP_TYPE_DEVMAP_HASH, BPF_MAP_TYPE_CPUMAP, BPF_MAP_TYPE_XSKMAP]],
  [F.BPF_FUNC_sk_redirect_map, [BPF_MAP_TYPE_SOCKMAP]],
  [F.BPF_FUNC_msg_redirect_map, [BPF_MAP_TYPE_SOCKMAP]],
  [F.BPF_FUNC_sock_map_update, [BPF_MAP_TYPE_SOCKMAP]],
  [F.BPF_FUNC_sk_redirect_hash, [BPF_MAP_TYPE_SOCKHASH]],
  [F.BPF_FUNC_msg_redirect_hash, [BPF_MAP_TYPE_SOCKHASH]],
  [F.BPF_FUNC_sock_hash_update, [BPF_MAP_TYPE_SOCKHASH]],
  [F.BPF_FUNC_get_local_storage, [BPF_MAP_TYPE_CGROUP_STORAGE, BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE]],
  [F.BPF_FUNC_sk_select_reuseport, [BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, BPF_MAP_TYPE_SOCKMAP, BPF_MAP_TYPE_SOCKHASH]],
  [F.BPF_FUNC_map_pop_elem, QUEUES],
  [F.BPF_FUNC_map_peek_elem, [...QUEUES, BPF_MAP_TYPE_BLOOM_FILTER]],
  [F.BPF_FUNC_map_push_elem, [...QUEUES, BPF_MAP_TYPE_BLOOM_FILTER]],
  [F.BPF_FUNC_map_lookup_percpu_elem, [BPF_MAP_TYPE_PERCPU_ARRAY, BPF_MAP_TYPE_PERCPU_HASH, BPF_MAP_TYPE_LRU_PERCPU_HASH]],
  [F.BPF_FUNC_sk_storage_get, [BPF_MAP_TYPE_SK_STORAGE]],
  [F.BPF_FUNC_sk_storage_delete, [BPF_MAP_TYPE_SK_STORAGE]],
  [F.BPF_FUNC_inode_storage_get, [BPF_MAP_TYPE_INODE_STORAGE]],
  [F.BPF_FUNC_inode_storage_delete, [BPF_MAP_TYPE_INODE_STORAGE]],
  [F.BPF_FUNC_task_storage_get, [BPF_MAP_TYPE_TASK_STORAGE]],
  [F.BPF_FUNC_task_storage_delete, [BPF_MAP_TYPE_TASK_STORAGE]],
  [F.BPF_FUNC_cgrp_storage_get, [BPF_MAP_TYPE_CGRP_STORAGE]],
  [F.BPF_FUNC_cgrp_storage_delete, [BPF_MAP_TYPE_CGRP_STORAGE]],
]);


/** Where a locked socket cannot be met, a sockmap may be changed with the general helpers. Says so if not. */
function mayUpdateSockmap(env: Env, helper: number): boolean {
  if (helper !== F.BPF_FUNC_map_update_elem && helper !== F.BPF_FUNC_map_delete_elem) return false;
  const { progType, attachType } = env.traits;
  if (progType === BPF_PROG_TYPE_TRACING && attachType === BPF_TRACE_ITER) return true;
  if (progType === BPF_PROG_TYPE_SOCK_OPS && helper === F.BPF_FUNC_map_delete_elem) return true;
  if (progType === BPF_PROG_TYPE_SK_REUSEPORT || progType === BPF_PROG_TYPE_SK_LOOKUP) return true;
  env.say('cannot update sockmap in this context\n');
  return false;
}

/** Rejects a map that the helper does not take, or that does not go with the helper (kernel: check_map_func_compatibility). */
export function checkMapHelperCompat(env: Env, map: MapInfo | null, helper: number): void {
  if (map === null) return;
  const helpers = BY_MAP.get(map.type);
  const sockmap = map.type === BPF_MAP_TYPE_SOCKMAP || map.type === BPF_MAP_TYPE_SOCKHASH;
  const mapAgrees = helpers === undefined || helpers.includes(helper) || (sockmap && mayUpdateSockmap(env, helper));
  const types = BY_HELPER.get(helper);
  if (mapAgrees && (types === undefined || types.includes(map.type))) return;
  env.fail(R.mapHelperMismatch, [map.type, env.model.helperName(helper), helper]);
}
