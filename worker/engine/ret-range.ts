import * as u from '../kernel/uapi.ts';
import type { Env } from '../state/env.ts';
import type { RetvalRange } from '../state/frame.ts';

const range = (min: number, max: number, return32bit = false): RetvalRange => ({ min, max, return32bit });
const BOOL = range(0, 1);
const ZERO = range(0, 0);
const ONE = range(1, 1);
const S32_MIN = -0x80000000;
const S32_MAX = 0x7fffffff;

/** What a program may return by its attach type, where its program type distinguishes; null: anything. */
const BY_ATTACH_TYPE: ReadonlyMap<number, ReadonlyMap<number, RetvalRange | null>> = new Map([
  [
    u.BPF_PROG_TYPE_CGROUP_SOCK_ADDR,
    new Map([
      [u.BPF_CGROUP_UDP4_RECVMSG, ONE],
      [u.BPF_CGROUP_UDP6_RECVMSG, ONE],
      [u.BPF_CGROUP_UNIX_RECVMSG, ONE],
      [u.BPF_CGROUP_INET4_GETPEERNAME, ONE],
      [u.BPF_CGROUP_INET6_GETPEERNAME, ONE],
      [u.BPF_CGROUP_UNIX_GETPEERNAME, ONE],
      [u.BPF_CGROUP_INET4_GETSOCKNAME, ONE],
      [u.BPF_CGROUP_INET6_GETSOCKNAME, ONE],
      [u.BPF_CGROUP_UNIX_GETSOCKNAME, ONE],
      [u.BPF_CGROUP_INET4_BIND, range(0, 3)],
      [u.BPF_CGROUP_INET6_BIND, range(0, 3)],
    ]),
  ],
  [u.BPF_PROG_TYPE_CGROUP_SKB, new Map([[u.BPF_CGROUP_INET_EGRESS, range(0, 3)]])],
  [
    u.BPF_PROG_TYPE_TRACING,
    new Map([
      [u.BPF_TRACE_FENTRY, ZERO],
      [u.BPF_TRACE_FEXIT, ZERO],
      [u.BPF_TRACE_FSESSION, ZERO],
      [u.BPF_TRACE_FENTRY_MULTI, ZERO],
      [u.BPF_TRACE_FEXIT_MULTI, ZERO],
      [u.BPF_TRACE_FSESSION_MULTI, ZERO],
      [u.BPF_TRACE_RAW_TP, null],
      [u.BPF_MODIFY_RETURN, null],
    ]),
  ],
]);

/** What programs of these types may return unless {@link BY_ATTACH_TYPE} says otherwise. */
const BY_PROG_TYPE: ReadonlyMap<number, RetvalRange> = new Map([
  [u.BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BOOL],
  [u.BPF_PROG_TYPE_CGROUP_SKB, BOOL],
  [u.BPF_PROG_TYPE_CGROUP_SOCK, BOOL],
  [u.BPF_PROG_TYPE_SOCK_OPS, BOOL],
  [u.BPF_PROG_TYPE_CGROUP_DEVICE, BOOL],
  [u.BPF_PROG_TYPE_CGROUP_SYSCTL, BOOL],
  [u.BPF_PROG_TYPE_CGROUP_SOCKOPT, BOOL],
  [u.BPF_PROG_TYPE_TRACING, BOOL],
  // SK_DROP, SK_PASS and NF_DROP, NF_ACCEPT
  [u.BPF_PROG_TYPE_SK_LOOKUP, BOOL],
  [u.BPF_PROG_TYPE_NETFILTER, BOOL],
  [u.BPF_PROG_TYPE_STRUCT_OPS, ZERO],
]);

/** The values that the program may return; null: any (kernel: return_retval_range). */
export function programRetvalRange(env: Env): RetvalRange | null {
  const { progType, attachType } = env.traits;
  const byAttach = BY_ATTACH_TYPE.get(progType)?.get(attachType);
  if (byAttach !== undefined) return byAttach;
  switch (progType) {
    case u.BPF_PROG_TYPE_RAW_TRACEPOINT:
      return env.attach === null ? null : ZERO;
    case u.BPF_PROG_TYPE_KPROBE:
      return attachType === u.BPF_TRACE_KPROBE_SESSION || attachType === u.BPF_TRACE_UPROBE_SESSION ? BOOL : null;
    case u.BPF_PROG_TYPE_LSM:
      return lsmRange(env, attachType);
    default:
      return BY_PROG_TYPE.get(progType) ?? null;
  }
}

function lsmRange(env: Env, attachType: number): RetvalRange | null {
  if (attachType === u.BPF_LSM_CGROUP) return env.attach!.proto!.type === 0 ? ONE : BOOL;
  const hook = attachType === u.BPF_LSM_MAC && env.program.progType === u.BPF_PROG_TYPE_LSM ? env.attach!.retvalRange : null;
  if (hook === null || (hook.min === S32_MIN && hook.max === S32_MAX)) return null;
  return { ...hook, return32bit: true };
}
