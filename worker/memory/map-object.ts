import { BTF_KIND_STRUCT } from '../btf/btf.ts';
import { structAccess } from '../btf/struct-access.ts';
import { MEM_RDONLY, PTR_TO_BTF_ID, PTR_TO_MEM, PTR_UNTRUSTED, SCALAR_VALUE } from '../kernel/types.ts';
import { argName, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import type { MapInfo } from '../state/map-info.ts';
import { markBtfLdReg } from '../state/marks.ts';
import type { Reg } from '../state/reg.ts';
import { walkFlags } from './btf-object.ts';
import { READ, type Access } from './kinds.ts';
import { MAP_RULES, OBJECT_RULES } from './rules.ts';

/** The kernel struct behind each map type (kernel: map_btf_id). */
const STRUCTS: readonly (readonly [string, readonly string[]])[] = [
  ['bpf_array', ['array', 'percpu_array', 'prog_array', 'perf_event_array', 'cgroup_array', 'array_of_maps']],
  ['bpf_htab', ['hash', 'percpu_hash', 'lru_hash', 'lru_percpu_hash', 'hash_of_maps']],
  ['bpf_rhtab', ['rhash']],
  ['bpf_stack_map', ['stack_trace']],
  ['lpm_trie', ['lpm_trie']],
  ['bpf_dtab', ['devmap', 'devmap_hash']],
  ['bpf_stab', ['sockmap']],
  ['bpf_shtab', ['sockhash']],
  ['bpf_cpu_map', ['cpumap']],
  ['xsk_map', ['xskmap']],
  ['bpf_cgroup_storage_map', ['cgroup_storage', 'percpu_cgroup_storage']],
  ['reuseport_array', ['reuseport_sockarray']],
  ['bpf_queue_stack', ['queue', 'stack']],
  ['bpf_local_storage_map', ['sk_storage', 'inode_storage', 'task_storage', 'cgrp_storage']],
  ['bpf_struct_ops_map', ['struct_ops']],
  ['bpf_ringbuf_map', ['ringbuf', 'user_ringbuf']],
  ['bpf_bloom_filter', ['bloom_filter']],
  ['bpf_arena', ['arena']],
  ['bpf_insn_array', ['insn_array']],
];
const STRUCT_OF: ReadonlyMap<string, string> = new Map(
  STRUCTS.flatMap(([struct, types]) => types.map((type) => [type, struct] as const)),
);

/** Loads of a map's own fields through a map pointer (kernel: check_ptr_to_map_access). */
export function checkMapObjectAccess(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  access: Access,
  valueRegno: number,
): void {
  const map = reg.ext as MapInfo;
  const row = env.model.mapType(map.type);
  const struct = row === null ? undefined : STRUCT_OF.get(row.name);
  if (struct === undefined) env.fail(MAP_RULES['no-type'], [map.type]);
  if (!env.caps.allowPtrLeaks) env.fail(OBJECT_RULES.unprivileged, [struct]);
  if (off < 0) env.fail(MAP_RULES['object-negative'], [argName(argno), struct, off]);
  if (access !== READ) env.fail(MAP_RULES['object-read-only'], [struct]);
  const btf = env.model.btf();
  const found = structAccess(btf, btf.find(struct, BTF_KIND_STRUCT), off, size, false, null);
  if (found.kind === 'error') env.fail(found.rule, found.args);
  if (valueRegno < 0) return;
  switch (found.kind) {
    case 'scalar':
      markBtfLdReg(env, valueRegno, SCALAR_VALUE, null, 0, 0);
      return;
    case 'ptr-untrusted':
      markBtfLdReg(env, valueRegno, PTR_TO_MEM, null, 0, MEM_RDONLY | PTR_UNTRUSTED);
      return;
    case 'ptr':
      markBtfLdReg(env, valueRegno, PTR_TO_BTF_ID, btf, found.typeId, walkFlags(found.flags));
  }
}
