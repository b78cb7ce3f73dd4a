import * as uapi from '../kernel/uapi.ts';

/** Kinds of programs: type, attach type, lowest and highest result, how often. `attach`: a hook in the kernel's types. */
export interface Shape {
  readonly weight: number;
  readonly type: number;
  readonly attachType?: number;
  readonly low?: number;
  readonly high?: number;
  readonly flags?: number;
  readonly attach?: { readonly kind: string; readonly name: string };
  readonly structOps?: { readonly type: string; readonly member: string; readonly offset: number };
  /** Arguments of a typed ctx that are objects: index and struct; read from the hook's prototype if left out. */
  readonly args?: readonly (readonly [index: number, struct: string])[];
}

export const PLAIN_SHAPES: readonly Shape[] = [
  { weight: 14, type: uapi.BPF_PROG_TYPE_SOCKET_FILTER },
  { weight: 6, type: uapi.BPF_PROG_TYPE_KPROBE },
  { weight: 14, type: uapi.BPF_PROG_TYPE_SCHED_CLS },
  { weight: 4, type: uapi.BPF_PROG_TYPE_TRACEPOINT },
  { weight: 12, type: uapi.BPF_PROG_TYPE_XDP },
  { weight: 3, type: uapi.BPF_PROG_TYPE_PERF_EVENT },
  { weight: 4, type: uapi.BPF_PROG_TYPE_CGROUP_SKB, high: 1 },
  { weight: 2, type: uapi.BPF_PROG_TYPE_CGROUP_SOCK, attachType: uapi.BPF_CGROUP_INET_SOCK_CREATE, high: 1 },
  { weight: 2, type: uapi.BPF_PROG_TYPE_LWT_IN },
  { weight: 2, type: uapi.BPF_PROG_TYPE_LWT_XMIT },
  { weight: 4, type: uapi.BPF_PROG_TYPE_SOCK_OPS, attachType: uapi.BPF_CGROUP_SOCK_OPS },
  { weight: 4, type: uapi.BPF_PROG_TYPE_SK_SKB },
  { weight: 2, type: uapi.BPF_PROG_TYPE_CGROUP_DEVICE, attachType: uapi.BPF_CGROUP_DEVICE, high: 1 },
  { weight: 4, type: uapi.BPF_PROG_TYPE_SK_MSG, attachType: uapi.BPF_SK_MSG_VERDICT, high: 1 },
  { weight: 3, type: uapi.BPF_PROG_TYPE_RAW_TRACEPOINT },
  {
    weight: 3,
    type: uapi.BPF_PROG_TYPE_CGROUP_SOCK_ADDR,
    attachType: uapi.BPF_CGROUP_INET4_CONNECT,
    high: 1,
  },
  { weight: 2, type: uapi.BPF_PROG_TYPE_SK_REUSEPORT, high: 1 },
  { weight: 2, type: uapi.BPF_PROG_TYPE_FLOW_DISSECTOR },
  { weight: 2, type: uapi.BPF_PROG_TYPE_CGROUP_SYSCTL, attachType: uapi.BPF_CGROUP_SYSCTL, high: 1 },
  { weight: 2, type: uapi.BPF_PROG_TYPE_CGROUP_SOCKOPT, attachType: uapi.BPF_CGROUP_SETSOCKOPT, high: 1 },
  { weight: 2, type: uapi.BPF_PROG_TYPE_SK_LOOKUP, attachType: uapi.BPF_SK_LOOKUP, high: 1 },
  { weight: 3, type: uapi.BPF_PROG_TYPE_SYSCALL, flags: 16 },
];

export const KFUNC_SHAPES: readonly Shape[] = [
  { weight: 10, type: uapi.BPF_PROG_TYPE_SCHED_CLS },
  { weight: 6, type: uapi.BPF_PROG_TYPE_XDP },
  { weight: 8, type: uapi.BPF_PROG_TYPE_SYSCALL, flags: 16 },
  { weight: 4, type: uapi.BPF_PROG_TYPE_KPROBE },
  { weight: 2, type: uapi.BPF_PROG_TYPE_SK_SKB },
  { weight: 2, type: uapi.BPF_PROG_TYPE_CGROUP_SKB, high: 1 },
  {
    weight: 12,
    type: uapi.BPF_PROG_TYPE_TRACING,
    attachType: uapi.BPF_TRACE_RAW_TP,
    attach: { kind: 'typedef', name: 'btf_trace_task_newtask' },
    args: [[0, 'task_struct']],
  },
  {
    weight: 6,
    type: uapi.BPF_PROG_TYPE_TRACING,
    attachType: uapi.BPF_TRACE_RAW_TP,
    attach: { kind: 'typedef', name: 'btf_trace_cgroup_mkdir' },
    args: [[0, 'cgroup']],
  },
  {
    weight: 6,
    type: uapi.BPF_PROG_TYPE_LSM,
    attachType: uapi.BPF_LSM_MAC,
    attach: { kind: 'func', name: 'bpf_lsm_file_open' },
    flags: 16,
    args: [[0, 'file']],
  },
  {
    weight: 3,
    type: uapi.BPF_PROG_TYPE_LSM,
    attachType: uapi.BPF_LSM_MAC,
    attach: { kind: 'func', name: 'bpf_lsm_task_alloc' },
    args: [[0, 'task_struct']],
  },
];
