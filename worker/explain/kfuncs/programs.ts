import { BPF_RES_SPIN_LOCK, BPF_SPIN_LOCK } from '../../btf/fields.ts';
import { fieldRefusal } from '../../cfg/map-compat.ts';
import { traitsOf } from '../../cfg/prepare.ts';
import { createKernelModel, type KernelModel } from '../../kernel/model.ts';
import type { KernelTypes } from '../../kernel/load.ts';
import type { ProgTraits } from '../../kernel/prog-traits.ts';
import { parseProgramText } from '../../program/text/parse.ts';

/** A kind of program in which a call may stand: what its text begins with. */
export interface Setting {
  /** As libbpf names it. */
  readonly section: string;
  /** Directives beside the section. */
  readonly more: readonly string[];
  readonly traits: ProgTraits;
}

const STRUCT_OPS: readonly string[] = [
  'tcp_congestion_ops.init',
  'tcp_congestion_ops.ssthresh',
  'tcp_congestion_ops.cong_avoid',
  'tcp_congestion_ops.pkts_acked',
  'tcp_congestion_ops.cong_control',
  'tcp_congestion_ops.set_state',
  'Qdisc_ops.enqueue',
  'Qdisc_ops.dequeue',
  'Qdisc_ops.init',
  'binfmt_misc_ops.match',
  'io_uring_bpf_ops.loop_step',
  'bpf_dummy_ops.test_1',
];

/**
 * Programs to try, the plainest first: at least one of each type that can be loaded, and those whose attach point opens
 * kfuncs that others of their type do not have. `section [more directives]`.
 */
const SECTIONS: readonly string[] = [
  'tc',
  'syscall',
  'fentry.s/bpf_fentry_test1',
  'lsm.s/file_open',
  'lsm/file_open',
  'iter.s/task',
  'iter/task',
  'fentry/bpf_fentry_test1',
  'xdp',
  'cgroup_skb/ingress',
  ...STRUCT_OPS.map((member) => `struct_ops | .attach struct ${member}`),
  'struct_ops.s | .attach struct binfmt_misc_ops.load',
  'struct_ops.s | .attach struct io_uring_bpf_ops.loop_step',
  'struct_ops.s | .attach struct bpf_dummy_ops.test_sleepable',
  'lsm.s/socket_sendmsg',
  'lsm/socket_sendmsg',
  'lsm.s/inode_getxattr',
  'lsm/socket_connect',
  'iter/tcp',
  'iter/cgroup',
  'tp_btf/sched_switch',
  'tp_btf/cgroup_attach_task',
  'fexit/bpf_fentry_test1',
  'fmod_ret.s/bpf_modify_return_test',
  'fmod_ret/bpf_modify_return_test',
  'fsession/bpf_fentry_test1',
  'fsession.s/bpf_fentry_test1',
  'xdp | .flags xdp_dev_bound_only',
  'action',
  'socket',
  'cgroup/sock_create',
  'cgroup/bind4',
  'cgroup/connect_unix',
  'lwt_in',
  'lwt_out',
  'lwt_xmit',
  'lwt_seg6local',
  'sockops',
  'sk_skb',
  'sk_msg',
  'flow_dissector',
  'kprobe/bpf_fentry_test1',
  'uprobe.s',
  'kprobe.session/bpf_fentry_test1',
  'tp/sched/sched_switch',
  'tp.s/syscalls/sys_enter_getpid',
  'perf_event',
  'raw_tp/sched_switch',
  'raw_tp.s/sys_enter',
  'raw_tp.w/sched_switch',
  'cgroup/dev',
  'cgroup/sysctl',
  'cgroup/getsockopt',
  'lirc_mode2',
  'sk_reuseport',
  'sk_lookup',
  'netfilter',
];

const known = new WeakMap<KernelTypes, readonly Setting[]>();

/** The programs to try with these types; sections that the kernel does not have are left out. */
export function settingsOf(types: KernelTypes): readonly Setting[] {
  let settings = known.get(types);
  if (settings === undefined) {
    const model = createKernelModel({ types });
    known.set(types, (settings = SECTIONS.flatMap((row) => settingOf(row, model))));
  }
  return settings;
}

function settingOf(row: string, model: KernelModel): Setting[] {
  const [section, ...more] = row.split(' | ');
  const { program } = parseProgramText(`${head({ section, more })}\nr0 = 0\nexit`, { kernel: model });
  return program === null ? [] : [{ section, more, traits: traitsOf(program, model) }];
}

/** The directives that a program of this kind begins with. */
export function head({ section, more }: Pick<Setting, 'section' | 'more'>): string {
  return [`.prog   ${section}`, ...more, '.license GPL'].join('\n');
}

/** May such a program have a map with a lock in it? */
export function mayHoldLock({ progType }: ProgTraits, kind: 'spin' | 'res'): boolean {
  return fieldRefusal(progType, kind === 'spin' ? BPF_SPIN_LOCK : BPF_RES_SPIN_LOCK) === null;
}
