/**
 * What the kernel model needs to know about a program to answer: which helpers, kfuncs and ctx fields it may
 * use. Program types and attach types are those after resolution: an extension (freplace) asks with its
 * target's.
 */
export interface ProgTraits {
  /** BPF_PROG_TYPE_*, of the target for extensions. */
  readonly progType: number;
  /** BPF attach type expected at load, of the target for extensions. */
  readonly attachType: number;
  readonly sleepable: boolean;
  /** Is the licence GPL compatible? See {@link isGplCompatible}. */
  readonly gpl: boolean;
  /** CAP_BPF or CAP_SYS_ADMIN. */
  readonly capBpf: boolean;
  /** CAP_PERFMON or CAP_SYS_ADMIN. */
  readonly capPerfmon: boolean;
  readonly capSysAdmin: boolean;
  /** BTF name of the function or tracepoint attached to (`bpf_lsm_file_open`, `bpf_iter_task`, `sched_switch`). */
  readonly attachName: string | null;
  /** For struct_ops programs: the type, the member and the member's offset in bytes. */
  readonly structOps: { readonly type: string; readonly member: string; readonly offset: number } | null;
  /** XDP: loaded with BPF_F_XDP_DEV_BOUND_ONLY or offloaded. */
  readonly devBound: boolean;
}

const GPL_COMPATIBLE = new Set([
  'GPL',
  'GPL v2',
  'GPL and additional rights',
  'Dual BSD/GPL',
  'Dual MIT/GPL',
  'Dual MPL/GPL',
]);

/** Does the kernel count this licence string as compatible with the GPL (license_is_gpl_compatible)? */
export function isGplCompatible(license: string): boolean {
  return GPL_COMPATIBLE.has(license);
}
