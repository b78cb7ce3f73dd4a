import { E2BIG, EINVAL, EPERM } from '../failure/errno.ts';
import { defineRules } from '../failure/rule.ts';
import * as u from '../kernel/uapi.ts';
import { reject, type Context } from './context.ts';

/** Reasons for which the system call refuses a program before the verifier sees it: without any text. */
const loadRules = defineRules('load', {
  size: { text: '', errno: E2BIG },
  privileges: { text: '', errno: EPERM },
  attachType: { text: '', errno: EINVAL },
});

const MAX_INSNS_PRIVILEGED = 1_000_000;
const MAX_INSNS = 4096;
/** The only types for programs without CAP_BPF. */
const UNPRIVILEGED_TYPES: ReadonlySet<number> = new Set([u.BPF_PROG_TYPE_SOCKET_FILTER, u.BPF_PROG_TYPE_CGROUP_SKB]);

/** Attach types that a program of a type must name one of; types that are absent take any. */
const ATTACH_TYPES: ReadonlyMap<number, ReadonlySet<number>> = new Map([
  [u.BPF_PROG_TYPE_CGROUP_SOCK, new Set([2, 12, 13, 34])],
  [u.BPF_PROG_TYPE_CGROUP_SOCK_ADDR, new Set([8, 9, 10, 11, 14, 15, 19, 20, 29, 30, 31, 32, 49, 50, 51, 52, 53])],
  [u.BPF_PROG_TYPE_CGROUP_SKB, new Set([0, 1])],
  [u.BPF_PROG_TYPE_CGROUP_SOCKOPT, new Set([21, 22])],
  [u.BPF_PROG_TYPE_SK_LOOKUP, new Set([36])],
  [u.BPF_PROG_TYPE_SK_REUSEPORT, new Set([39, 40])],
  [u.BPF_PROG_TYPE_NETFILTER, new Set([45])],
  [u.BPF_PROG_TYPE_SYSCALL, new Set([0])],
]);
/** Types that may name a target in the kernel's types. */
const WITH_TARGET: ReadonlySet<number> = new Set([u.BPF_PROG_TYPE_TRACING, u.BPF_PROG_TYPE_LSM, u.BPF_PROG_TYPE_STRUCT_OPS, u.BPF_PROG_TYPE_EXT]);

/** Types that may attach to another program. */
const WITH_PROGRAM: ReadonlySet<number> = new Set([u.BPF_PROG_TYPE_TRACING, u.BPF_PROG_TYPE_EXT]);

/** What bpf(BPF_PROG_LOAD) asks before verification (kernel: bpf_prog_load). */
export function checkLoad(ctx: Context): void {
  const { progType, attachType, insns, attach } = ctx.program;
  const { bpfCapable } = ctx.caps;
  if (insns.length === 0 || insns.length > (bpfCapable ? MAX_INSNS_PRIVILEGED : MAX_INSNS)) reject(ctx, loadRules.size);
  if (!bpfCapable && !UNPRIVILEGED_TYPES.has(progType)) reject(ctx, loadRules.privileges);
  if (attach !== null && !WITH_TARGET.has(progType)) reject(ctx, loadRules.attachType);
  if (attach?.kind === 'prog' && !WITH_PROGRAM.has(progType)) reject(ctx, loadRules.attachType);
  const allowed = ATTACH_TYPES.get(progType);
  if (allowed !== undefined && !allowed.has(fixedAttachType(progType, attachType))) reject(ctx, loadRules.attachType);
  if (ctx.model.progType(progType) === null) reject(ctx, loadRules.attachType);
}

/** Old loaders name no attach type: some types have one for them (kernel: bpf_prog_load_fixup_attach_type). */
export function fixedAttachType(progType: number, attachType: number): number {
  if (attachType !== 0) return attachType;
  if (progType === u.BPF_PROG_TYPE_CGROUP_SOCK) return 2;
  if (progType === u.BPF_PROG_TYPE_SK_REUSEPORT) return 39;
  return 0;
}
