/** Program types (enum bpf_prog_type) that the passes tell apart. */
export const PROG_SOCKET_FILTER = 1;
export const PROG_KPROBE = 2;
export const PROG_TRACEPOINT = 5;
export const PROG_PERF_EVENT = 7;
export const PROG_RAW_TRACEPOINT = 17;
export const PROG_RAW_TRACEPOINT_WRITABLE = 24;
export const PROG_TRACING = 26;
export const PROG_STRUCT_OPS = 27;
export const PROG_EXT = 28;
export const PROG_LSM = 29;
export const PROG_SYSCALL = 31;

/** Attach types (enum bpf_attach_type) that the passes tell apart. */
export const TRACE_RAW_TP = 23;
export const TRACE_FENTRY = 24;
export const TRACE_FEXIT = 25;
export const MODIFY_RETURN = 26;
export const LSM_MAC = 27;
export const TRACE_ITER = 28;
export const LSM_CGROUP = 43;
export const TRACE_FSESSION = 58;
export const TRACE_FENTRY_MULTI = 59;
export const TRACE_FEXIT_MULTI = 60;
export const TRACE_FSESSION_MULTI = 61;

/** Load flags. */
export const BPF_F_SLEEPABLE = 1 << 4;

/** Do programs of this type run at arbitrary points of the kernel (kernel: is_tracing_prog_type)? */
export function isTracingType(type: number): boolean {
  return type === PROG_KPROBE || type === PROG_TRACEPOINT || type === PROG_PERF_EVENT || type === PROG_RAW_TRACEPOINT || type === PROG_RAW_TRACEPOINT_WRITABLE;
}
