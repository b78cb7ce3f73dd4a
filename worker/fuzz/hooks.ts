import {
  BTF_KIND_FUNC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_PTR,
  BTF_KIND_STRUCT,
  BTF_KIND_TYPEDEF,
  type Btf,
  type BtfType,
} from '../btf/btf.ts';
import { isStructOrUnion, skipModifiers } from '../btf/walk.ts';
import * as uapi from '../kernel/uapi.ts';
import type { Random } from './random.ts';
import type { Shape } from './shapes.ts';

const SLEEPABLE = 16;

/** Places in the kernel to attach to, by what attaches: functions, tracepoints, types of operations. */
interface Sort {
  readonly weight: number;
  readonly type: number;
  readonly attachType: number;
  readonly kind: 'func' | 'typedef' | 'struct';
  readonly names: readonly string[];
  readonly high: number;
  readonly sleepable: number;
}

const FUNCTIONS = [
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `bpf_fentry_test${n}`),
  'eth_type_trans',
  'security_inode_getattr',
  'vfs_read',
  'tcp_connect',
  'vfs_unlink',
  'cgroup_attach_task',
  '__x64_sys_nanosleep',
];

const SORTS: readonly Sort[] = [
  {
    weight: 8,
    type: uapi.BPF_PROG_TYPE_TRACING,
    attachType: uapi.BPF_TRACE_RAW_TP,
    kind: 'typedef',
    names: (
      'task_newtask task_rename cgroup_mkdir cgroup_attach_task sys_enter kfree_skb inet_sock_set_state sched_switch ' +
      'sched_wakeup sched_process_exec tcp_probe sched_pi_setprio workqueue_execute_start block_rq_issue netif_rx'
    )
      .split(' ')
      .map((name) => `btf_trace_${name}`),
    high: 0,
    sleepable: 0.02,
  },
  {
    weight: 4,
    type: uapi.BPF_PROG_TYPE_TRACING,
    attachType: uapi.BPF_TRACE_FENTRY,
    kind: 'func',
    names: FUNCTIONS,
    high: 0,
    sleepable: 0.1,
  },
  {
    weight: 3,
    type: uapi.BPF_PROG_TYPE_TRACING,
    attachType: uapi.BPF_TRACE_FEXIT,
    kind: 'func',
    names: FUNCTIONS,
    high: 0,
    sleepable: 0.1,
  },
  {
    weight: 1,
    type: uapi.BPF_PROG_TYPE_TRACING,
    attachType: uapi.BPF_MODIFY_RETURN,
    kind: 'func',
    names: ['bpf_modify_return_test', 'update_socket_protocol', 'security_file_open'],
    high: 3,
    sleepable: 0.1,
  },
  {
    weight: 6,
    type: uapi.BPF_PROG_TYPE_TRACING,
    attachType: uapi.BPF_TRACE_ITER,
    kind: 'func',
    names: (
      'task task_file task_vma cgroup bpf_map bpf_map_elem bpf_prog bpf_link tcp udp unix netlink ipv6_route ' +
      'bpf_sk_storage_map sockmap ksym kmem_cache'
    )
      .split(' ')
      .map((name) => `bpf_iter_${name}`),
    high: 1,
    sleepable: 0.3,
  },
  {
    weight: 8,
    type: uapi.BPF_PROG_TYPE_LSM,
    attachType: uapi.BPF_LSM_MAC,
    kind: 'func',
    names: (
      'file_open file_permission file_mprotect task_alloc task_free socket_connect socket_bind inode_create inode_rename ' +
      'inode_unlink bprm_committed_creds bprm_creds_for_exec bpf bpf_prog_load sb_mount sk_alloc_security inode_getxattr ' +
      'path_unlink mmap_file sock_graft unix_stream_connect'
    )
      .split(' ')
      .map((name) => `bpf_lsm_${name}`),
    high: 0,
    sleepable: 0.4,
  },
  {
    weight: 1,
    type: uapi.BPF_PROG_TYPE_LSM,
    attachType: uapi.BPF_LSM_CGROUP,
    kind: 'func',
    names: ['socket_create', 'socket_bind', 'socket_post_create', 'socket_connect', 'sk_clone_security'].map(
      (name) => `bpf_lsm_${name}`,
    ),
    high: 1,
    sleepable: 0.02,
  },
  {
    weight: 4,
    type: uapi.BPF_PROG_TYPE_STRUCT_OPS,
    attachType: 0,
    kind: 'struct',
    names: ['tcp_congestion_ops', 'tcp_congestion_ops', 'Qdisc_ops', 'hid_bpf_ops'],
    high: 1,
    sleepable: 0.03,
  },
];

/** A program at one of the kernel's hooks. */
export function hooks(r: Random, btf: Btf): Shape {
  const sort = r.weighted(SORTS.map((s) => [s.weight, s] as const));
  const name = r.pick(sort.names);
  const shape: Shape = {
    weight: 0,
    type: sort.type,
    attachType: sort.attachType,
    attach: { kind: sort.kind, name },
    low: 0,
    high: sort.high,
    flags: r.chance(sort.sleepable) ? SLEEPABLE : 0,
  };
  if (sort.kind !== 'struct') return shape;
  const id = btf.find(name, BTF_KIND_STRUCT);
  if (id === 0) return shape;
  const { members } = btf.type(id);
  const calls = members.flatMap((m, i) => (functionOf(btf, m.type) === null ? [] : [i]));
  const at = r.chance(0.97) && calls.length !== 0 ? r.pick(calls) : r.below(members.length);
  const { name: member, bitOffset } = members[at];
  return { ...shape, attachType: at, structOps: { type: name, member, offset: bitOffset >> 3 } };
}

/** Another hook for programs of a type; null if there is no choice. */
export function otherHook(
  r: Random,
  type: number,
  attachType: number,
): { readonly kind: string; readonly name: string } | null {
  const sort = SORTS.find((s) => s.type === type && s.attachType === attachType && s.kind !== 'struct');
  return sort === undefined ? null : { kind: sort.kind, name: r.pick(sort.names) };
}

/** The prototype behind a pointer to a function. */
function functionOf(btf: Btf, type: number): BtfType | null {
  const pointer = skipModifiers(btf, type);
  if (pointer.kind !== BTF_KIND_PTR) return null;
  const proto = skipModifiers(btf, pointer.type);
  return proto.kind === BTF_KIND_FUNC_PROTO ? proto : null;
}

/** Arguments of a hook that are objects of the kernel: index and struct. */
export function hookArguments(btf: Btf, shape: Shape): readonly (readonly [number, string])[] {
  if (shape.attach === undefined) return [];
  const { kind, name } = shape.attach;
  let proto: BtfType | null = null;
  if (kind === 'func') {
    const id = btf.find(name, BTF_KIND_FUNC);
    proto = id === 0 ? null : btf.type(btf.type(id).type);
  } else if (kind === 'typedef') {
    const id = btf.find(name, BTF_KIND_TYPEDEF);
    proto = id === 0 ? null : functionOf(btf, btf.type(id).type);
  } else {
    const id = btf.find(name, BTF_KIND_STRUCT);
    const member = id === 0 ? undefined : btf.type(id).members[shape.attachType ?? 0];
    proto = member === undefined ? null : functionOf(btf, member.type);
  }
  if (proto === null) return [];
  // the first parameter of a tracepoint is the tracer's own
  const params = kind === 'typedef' ? proto.params.slice(1) : proto.params;
  return params.flatMap((param, i) => {
    const type = skipModifiers(btf, param.type);
    if (type.kind !== BTF_KIND_PTR) return [];
    const to = skipModifiers(btf, type.type);
    return isStructOrUnion(to) && to.name !== '' ? [[i, to.name] as const] : [];
  });
}
