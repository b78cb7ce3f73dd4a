import { ATTACH_TYPE_NAMES, PROG_TYPES } from './generated/prog-types.ts';

/** A program type of this kernel. */
export interface ProgTypeRow {
  readonly type: number;
  /** `sched_cls` as in BPF_PROG_TYPE_SCHED_CLS, lower case. */
  readonly name: string;
  /** Name of the verifier ops, e.g. `tc_cls_act`. */
  readonly ops: string;
  /** C type of the ctx that programs see, e.g. `struct __sk_buff`. */
  readonly ctxType: string;
  /** C type of the ctx inside the kernel, e.g. `struct sk_buff`. */
  readonly kernelCtxType: string;
  /** Hook under which kfuncs are registered for it, null if none. */
  readonly kfuncHook: string | null;
}

export const BPF_PROG_TYPE_SOCKET_FILTER = 1;
export const BPF_PROG_TYPE_KPROBE = 2;
export const BPF_PROG_TYPE_SCHED_CLS = 3;
export const BPF_PROG_TYPE_SCHED_ACT = 4;
export const BPF_PROG_TYPE_TRACEPOINT = 5;
export const BPF_PROG_TYPE_XDP = 6;
export const BPF_PROG_TYPE_PERF_EVENT = 7;
export const BPF_PROG_TYPE_CGROUP_SKB = 8;
export const BPF_PROG_TYPE_CGROUP_SOCK = 9;
export const BPF_PROG_TYPE_LWT_IN = 10;
export const BPF_PROG_TYPE_LWT_OUT = 11;
export const BPF_PROG_TYPE_LWT_XMIT = 12;
export const BPF_PROG_TYPE_SOCK_OPS = 13;
export const BPF_PROG_TYPE_SK_SKB = 14;
export const BPF_PROG_TYPE_CGROUP_DEVICE = 15;
export const BPF_PROG_TYPE_SK_MSG = 16;
export const BPF_PROG_TYPE_RAW_TRACEPOINT = 17;
export const BPF_PROG_TYPE_CGROUP_SOCK_ADDR = 18;
export const BPF_PROG_TYPE_LWT_SEG6LOCAL = 19;
export const BPF_PROG_TYPE_LIRC_MODE2 = 20;
export const BPF_PROG_TYPE_SK_REUSEPORT = 21;
export const BPF_PROG_TYPE_FLOW_DISSECTOR = 22;
export const BPF_PROG_TYPE_CGROUP_SYSCTL = 23;
export const BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE = 24;
export const BPF_PROG_TYPE_CGROUP_SOCKOPT = 25;
export const BPF_PROG_TYPE_TRACING = 26;
export const BPF_PROG_TYPE_STRUCT_OPS = 27;
export const BPF_PROG_TYPE_EXT = 28;
export const BPF_PROG_TYPE_LSM = 29;
export const BPF_PROG_TYPE_SK_LOOKUP = 30;
export const BPF_PROG_TYPE_SYSCALL = 31;
export const BPF_PROG_TYPE_NETFILTER = 32;

const BY_TYPE: readonly (ProgTypeRow | undefined)[] = (() => {
  const rows: (ProgTypeRow | undefined)[] = [];
  for (const row of PROG_TYPES) rows[row.type] = row;
  return rows;
})();

/** A program type by number, null if this kernel has none such. */
export function progType(type: number): ProgTypeRow | null {
  return BY_TYPE[type] ?? null;
}

/** All program types, in the kernel's order of declaration. */
export function progTypes(): readonly ProgTypeRow[] {
  return PROG_TYPES;
}

/** `cgroup_inet4_bind` for an attach type number; `null` if unknown. */
export function attachTypeName(type: number): string | null {
  return ATTACH_TYPE_NAMES[type] ?? null;
}

/** Attach type number by name (upper or lower case, with or without `BPF_`), null if unknown. */
export function attachType(name: string): number | null {
  const bare = name.toLowerCase().replace(/^bpf_/, '');
  for (const [value, known] of Object.entries(ATTACH_TYPE_NAMES)) if (known === bare) return Number(value);
  return null;
}

const TRACING_TYPES: ReadonlySet<number> = new Set([
  BPF_PROG_TYPE_KPROBE,
  BPF_PROG_TYPE_TRACEPOINT,
  BPF_PROG_TYPE_PERF_EVENT,
  BPF_PROG_TYPE_RAW_TRACEPOINT,
  BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE,
]);

/** Is it one of the types that may run in any context (is_tracing_prog_type)? BPF_PROG_TYPE_TRACING is not. */
export function isTracingProgType(type: number): boolean {
  return TRACING_TYPES.has(type);
}
