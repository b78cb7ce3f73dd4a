import { attachType, progTypes } from '../kernel/prog-types.ts';
import type { Attach } from './program.ts';

/** BPF_PROG_LOAD flags that a section implies. */
export const BPF_F_SLEEPABLE = 1 << 4;
export const BPF_F_XDP_HAS_FRAGS = 1 << 5;

/** What the rest of a section's name names: a target in the kernel's BTF, another program, or a struct_ops member. */
type Target = 'func' | 'tp' | 'lsm' | 'iter' | 'prog' | 'struct_ops';

/** One row of libbpf's table of section names. */
export interface SectionRow {
  readonly name: string;
  /** May be followed by `/` and more. */
  readonly open: boolean;
  readonly progType: number;
  /** Lower-case name of the program type, e.g. `sched_cls`. */
  readonly progTypeName: string;
  readonly attachType: number;
  /** BPF_F_* that the section implies. */
  readonly flags: number;
  readonly target: Target | null;
}

/**
 * Sections as libbpf 1.8 (of Linux 7.3) knows them, in its order: `name | program type | attach type | flags |
 * target`. A `+` after the name: `name/…` is meant too. `usdt` attaches by uprobe_multi, as kernels of today do.
 */
const TABLE: readonly string[] = [
  'socket | socket_filter |  |  | ',
  'sk_reuseport/migrate | sk_reuseport | sk_reuseport_select_or_migrate |  | ',
  'sk_reuseport | sk_reuseport | sk_reuseport_select |  | ',
  'kprobe+ | kprobe |  |  | ',
  'uprobe+ | kprobe |  |  | ',
  'uprobe.s+ | kprobe |  | sleepable | ',
  'kretprobe+ | kprobe |  |  | ',
  'uretprobe+ | kprobe |  |  | ',
  'uretprobe.s+ | kprobe |  | sleepable | ',
  'kprobe.multi+ | kprobe | trace_kprobe_multi |  | ',
  'kretprobe.multi+ | kprobe | trace_kprobe_multi |  | ',
  'kprobe.session+ | kprobe | trace_kprobe_session |  | ',
  'uprobe.multi+ | kprobe | trace_uprobe_multi |  | ',
  'uretprobe.multi+ | kprobe | trace_uprobe_multi |  | ',
  'uprobe.session+ | kprobe | trace_uprobe_session |  | ',
  'uprobe.multi.s+ | kprobe | trace_uprobe_multi | sleepable | ',
  'uretprobe.multi.s+ | kprobe | trace_uprobe_multi | sleepable | ',
  'uprobe.session.s+ | kprobe | trace_uprobe_session | sleepable | ',
  'ksyscall+ | kprobe |  |  | ',
  'kretsyscall+ | kprobe |  |  | ',
  'usdt+ | kprobe | trace_uprobe_multi |  | ',
  'usdt.s+ | kprobe | trace_uprobe_multi | sleepable | ',
  'tc/ingress | sched_cls | tcx_ingress |  | ',
  'tc/egress | sched_cls | tcx_egress |  | ',
  'tcx/ingress | sched_cls | tcx_ingress |  | ',
  'tcx/egress | sched_cls | tcx_egress |  | ',
  'tc | sched_cls |  |  | ',
  'classifier | sched_cls |  |  | ',
  'action | sched_act |  |  | ',
  'netkit/primary | sched_cls | netkit_primary |  | ',
  'netkit/peer | sched_cls | netkit_peer |  | ',
  'tracepoint+ | tracepoint |  |  | ',
  'tp+ | tracepoint |  |  | ',
  'tracepoint.s+ | tracepoint |  | sleepable | ',
  'tp.s+ | tracepoint |  | sleepable | ',
  'raw_tracepoint+ | raw_tracepoint |  |  | ',
  'raw_tp+ | raw_tracepoint |  |  | ',
  'raw_tracepoint.s+ | raw_tracepoint |  | sleepable | ',
  'raw_tp.s+ | raw_tracepoint |  | sleepable | ',
  'raw_tracepoint.w+ | raw_tracepoint_writable |  |  | ',
  'raw_tp.w+ | raw_tracepoint_writable |  |  | ',
  'tp_btf+ | tracing | trace_raw_tp |  | tp',
  'tp_btf.s+ | tracing | trace_raw_tp | sleepable | tp',
  'fentry+ | tracing | trace_fentry |  | func',
  'fmod_ret+ | tracing | modify_return |  | func',
  'fexit+ | tracing | trace_fexit |  | func',
  'fentry.s+ | tracing | trace_fentry | sleepable | func',
  'fmod_ret.s+ | tracing | modify_return | sleepable | func',
  'fexit.s+ | tracing | trace_fexit | sleepable | func',
  'fsession+ | tracing | trace_fsession |  | func',
  'fsession.s+ | tracing | trace_fsession | sleepable | func',
  'fsession.multi+ | tracing | trace_fsession_multi |  | ',
  'fsession.multi.s+ | tracing | trace_fsession_multi | sleepable | ',
  'fentry.multi+ | tracing | trace_fentry_multi |  | ',
  'fexit.multi+ | tracing | trace_fexit_multi |  | ',
  'fentry.multi.s+ | tracing | trace_fentry_multi | sleepable | ',
  'fexit.multi.s+ | tracing | trace_fexit_multi | sleepable | ',
  'freplace+ | ext |  |  | prog',
  'lsm+ | lsm | lsm_mac |  | lsm',
  'lsm.s+ | lsm | lsm_mac | sleepable | lsm',
  'lsm_cgroup+ | lsm | lsm_cgroup |  | lsm',
  'iter+ | tracing | trace_iter |  | iter',
  'iter.s+ | tracing | trace_iter | sleepable | iter',
  'syscall | syscall |  | sleepable | ',
  'xdp.frags/devmap | xdp | xdp_devmap | frags | ',
  'xdp/devmap | xdp | xdp_devmap |  | ',
  'xdp.frags/cpumap | xdp | xdp_cpumap | frags | ',
  'xdp/cpumap | xdp | xdp_cpumap |  | ',
  'xdp.frags | xdp | xdp | frags | ',
  'xdp | xdp | xdp |  | ',
  'perf_event | perf_event |  |  | ',
  'lwt_in | lwt_in |  |  | ',
  'lwt_out | lwt_out |  |  | ',
  'lwt_xmit | lwt_xmit |  |  | ',
  'lwt_seg6local | lwt_seg6local |  |  | ',
  'sockops | sock_ops | cgroup_sock_ops |  | ',
  'sk_skb/stream_parser | sk_skb | sk_skb_stream_parser |  | ',
  'sk_skb/stream_verdict | sk_skb | sk_skb_stream_verdict |  | ',
  'sk_skb/verdict | sk_skb | sk_skb_verdict |  | ',
  'sk_skb | sk_skb |  |  | ',
  'sk_msg | sk_msg | sk_msg_verdict |  | ',
  'lirc_mode2 | lirc_mode2 | lirc_mode2 |  | ',
  'flow_dissector | flow_dissector | flow_dissector |  | ',
  'cgroup_skb/ingress | cgroup_skb | cgroup_inet_ingress |  | ',
  'cgroup_skb/egress | cgroup_skb | cgroup_inet_egress |  | ',
  'cgroup/skb | cgroup_skb |  |  | ',
  'cgroup/sock_create | cgroup_sock | cgroup_inet_sock_create |  | ',
  'cgroup/sock_release | cgroup_sock | cgroup_inet_sock_release |  | ',
  'cgroup/sock | cgroup_sock | cgroup_inet_sock_create |  | ',
  'cgroup/post_bind4 | cgroup_sock | cgroup_inet4_post_bind |  | ',
  'cgroup/post_bind6 | cgroup_sock | cgroup_inet6_post_bind |  | ',
  'cgroup/bind4 | cgroup_sock_addr | cgroup_inet4_bind |  | ',
  'cgroup/bind6 | cgroup_sock_addr | cgroup_inet6_bind |  | ',
  'cgroup/connect4 | cgroup_sock_addr | cgroup_inet4_connect |  | ',
  'cgroup/connect6 | cgroup_sock_addr | cgroup_inet6_connect |  | ',
  'cgroup/connect_unix | cgroup_sock_addr | cgroup_unix_connect |  | ',
  'cgroup/sendmsg4 | cgroup_sock_addr | cgroup_udp4_sendmsg |  | ',
  'cgroup/sendmsg6 | cgroup_sock_addr | cgroup_udp6_sendmsg |  | ',
  'cgroup/sendmsg_unix | cgroup_sock_addr | cgroup_unix_sendmsg |  | ',
  'cgroup/recvmsg4 | cgroup_sock_addr | cgroup_udp4_recvmsg |  | ',
  'cgroup/recvmsg6 | cgroup_sock_addr | cgroup_udp6_recvmsg |  | ',
  'cgroup/recvmsg_unix | cgroup_sock_addr | cgroup_unix_recvmsg |  | ',
  'cgroup/getpeername4 | cgroup_sock_addr | cgroup_inet4_getpeername |  | ',
  'cgroup/getpeername6 | cgroup_sock_addr | cgroup_inet6_getpeername |  | ',
  'cgroup/getpeername_unix | cgroup_sock_addr | cgroup_unix_getpeername |  | ',
  'cgroup/getsockname4 | cgroup_sock_addr | cgroup_inet4_getsockname |  | ',
  'cgroup/getsockname6 | cgroup_sock_addr | cgroup_inet6_getsockname |  | ',
  'cgroup/getsockname_unix | cgroup_sock_addr | cgroup_unix_getsockname |  | ',
  'cgroup/sysctl | cgroup_sysctl | cgroup_sysctl |  | ',
  'cgroup/getsockopt | cgroup_sockopt | cgroup_getsockopt |  | ',
  'cgroup/setsockopt | cgroup_sockopt | cgroup_setsockopt |  | ',
  'cgroup/dev | cgroup_device | cgroup_device |  | ',
  'struct_ops+ | struct_ops |  |  | struct_ops',
  'struct_ops.s+ | struct_ops |  | sleepable | struct_ops',
  'sk_lookup | sk_lookup | sk_lookup |  | ',
  'netfilter | netfilter | netfilter |  | ',
];

const FLAG_BITS: Readonly<Record<string, number>> = { sleepable: BPF_F_SLEEPABLE, frags: BPF_F_XDP_HAS_FRAGS };

/** libbpf's sections, parsed. */
export const SECTION_ROWS: readonly SectionRow[] = TABLE.map((row) => {
  const [name, type, attach, flags, target] = row.split('|').map((cell) => cell.trim());
  const progType = type === 'ext' ? 28 : (progTypes().find((t) => t.name === type)?.type ?? null);
  const attached = attach === '' ? 0 : attachType(attach);
  if (progType === null || attached === null) throw new Error(`section table: ${row}`);
  return {
    name: name.replace(/\+$/, ''),
    open: name.endsWith('+'),
    progType,
    progTypeName: type,
    attachType: attached,
    flags: flags === '' ? 0 : FLAG_BITS[flags],
    target: target === '' ? null : (target as Target),
  };
});

/** What a section name says about loading a program. */
export interface Section {
  readonly row: SectionRow;
  readonly progType: number;
  readonly attachType: number;
  readonly flags: number;
  /** Target in the kernel's types; its `module` is set only by `module:name`. Null: the section names none. */
  readonly attach: Attach | null;
  /** What follows the slash, or empty. */
  readonly extra: string;
}

/** Prefix and kind of the kernel type that stands for a target (libbpf's btf_get_kernel_prefix_kind). */
const TARGET_TYPES = {
  func: ['', 'func'],
  tp: ['btf_trace_', 'typedef'],
  lsm: ['bpf_lsm_', 'func'],
  iter: ['bpf_iter_', 'func'],
} as const;

/** Looks a section name up; null if libbpf does not know it. */
export function resolveSection(section: string): Section | null {
  const name = section.startsWith('?') ? section.slice(1) : section;
  const row = SECTION_ROWS.find((r) => name === r.name || (r.open && name.startsWith(`${r.name}/`)));
  if (row === undefined) return null;
  const extra = name.slice(row.name.length + 1);
  return { row, progType: row.progType, attachType: row.attachType, flags: row.flags, attach: attachOf(row, extra), extra };
}

function attachOf(row: SectionRow, extra: string): Attach | null {
  if (row.target === null || row.target === 'struct_ops' || extra === '') return null;
  if (row.target === 'prog') return { kind: 'prog', id: extra };
  const [prefix, kind] = TARGET_TYPES[row.target];
  const colon = extra.indexOf(':');
  const target = colon < 0 ? extra : extra.slice(colon + 1);
  const module = colon < 0 || extra.slice(0, colon) === 'vmlinux' ? null : extra.slice(0, colon);
  return { kind, name: prefix + target, module };
}

/** Whether programs of this section must name what they attach to. */
export function needsTarget(row: SectionRow): boolean {
  return row.target !== null;
}
