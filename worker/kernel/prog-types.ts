import { ATTACH_TYPE_NAMES, PROG_TYPES } from './generated/prog-types.ts';
import {
  BPF_PROG_TYPE_KPROBE,
  BPF_PROG_TYPE_TRACEPOINT,
  BPF_PROG_TYPE_PERF_EVENT,
  BPF_PROG_TYPE_RAW_TRACEPOINT,
  BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE,
} from './uapi.ts';

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
