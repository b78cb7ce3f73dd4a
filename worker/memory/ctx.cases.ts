import { also, cases, join } from '../testing/cases.ts';

/** A load of the context: `u32 8` at r1 + 8. */
const load = (type: string, off: number, then = 'r0 = 0'): string => `r2 = *(${type} *)(r1 + ${off})\n${then}\nexit`;

const SKB = cases('', [
  ['__sk_buff of a socket filter', `.prog socket\n${load('u32', 0)}`, { '+ 0)': '+ 1)' }, { 'u32': 'u64' }, { '+ 0)': '- 4)' }, { '+ 0)': '+ 192)' }, also({ 'u32': 'u8' }), also({ 'u32': 'u16' }), { '+ 0)': '+ 76)' }, { '+ 0)': '+ 80)' }, { '+ 0)': '+ 140)' }],
  ['__sk_buff of a classifier', `.prog tc\n${load('u32', 76)}`, { 'u32': 'u16' }, { 'u32': 'u64' }, { '+ 76': '+ 78' }, also({ '+ 76': '+ 80' }), also({ '+ 76': '+ 140' }), also({ 'u32 *)(r1 + 76': 'u64 *)(r1 + 168' }), { '+ 76': '+ 168' }, { '+ 76': '+ 172' }, also({ 'u32 *)(r1 + 76': 'u64 *)(r1 + 152' }), { 'u32 *)(r1 + 76': 'u64 *)(r1 + 156' }],
  ['writes to __sk_buff', `.prog tc\nr2 = 0\n*(u32 *)(r1 + 8) = r2\nr0 = 0\nexit`, { '+ 8)': '+ 0)' }, { '+ 8)': '+ 76)' }, { '(u32 *)(r1 + 8)': '(u8 *)(r1 + 8)' }, { '*(u32 *)(r1 + 8)': '*(u64 *)(r1 + 8)' }, { '.prog tc': '.prog socket' }, also({ 'r2 = 0': 'r2 = r10' }), also({ '+ 8)': '+ 48)' }), { '+ 8)': '+ 68)' }],
  ['control bytes of __sk_buff', `.prog socket\nr2 = 0\n*(u32 *)(r1 + 48) = r2\nr0 = 0\nexit`, also({ 'u32': 'u8' }), also({ 'u32': 'u64' }), { '+ 48': '+ 68' }, { '+ 48': '+ 44' }, { '+ 48': '+ 46' }],
  ['a pointer in the context', `.unprivileged\n.prog socket\nr2 = 0\n*(u64 *)(r1 + 48) = r2\nr0 = 0\nexit`, { 'r2 = 0': 'r2 = r10' }, { 'r2 = 0': 'r2 = r1' }],
  ['no context but the program\'s own', `.prog tc\nr1 = r1\nr0 = *(u32 *)(r1 + 0)\nr0 = 0\nexit`, { 'r1 = r1': 'r1 += 4' }, { 'r1 = r1': 'r1 += 4096' }, { 'r1 = r1': 'r2 = *(u32 *)(r1 + 0)\nr2 &= 4\nr1 += r2' }, { 'r1 = r1': 'r1 += -4' }],
  ['context pointers of two kinds', `.prog tc\nr6 = r1\nr2 = *(u32 *)(r1 + 0)\nif r2 == 0 goto on\nr6 = r1\non: r0 = *(u32 *)(r6 + 0)\nr0 = 0\nexit`, { 'goto on\nr6 = r1': 'goto on\nr6 = r10\n*(u64 *)(r10 - 8) = 0\nr6 += -8' }],
]);

const OTHERS = cases('', [
  ['xdp_md', `.prog xdp\n${load('u32', 0, 'r0 = 2')}`, { 'u32': 'u64' }, { 'u32': 'u16' }, { '+ 0)': '+ 2)' }, { '+ 0)': '+ 24)' }, { '+ 0)': '+ 20)' }, also({ '+ 0)': '+ 16)' }), also({ '+ 0)': '+ 8)' })],
  ['writes to xdp_md', `.prog xdp\nr0 = 2\nexit`, `.prog xdp\nr2 = 0\n*(u32 *)(r1 + 16) = r2\nr0 = 2\nexit`],
  ['registers of a kprobe', `.prog kprobe\n${load('u64', 0)}`, { '+ 0)': '+ 168)' }, { '+ 0)': '+ 4)' }, also({ 'u64': 'u32' }), also({ 'r2 = *(u64 *)(r1 + 0)': 'r2 = 0\n*(u64 *)(r1 + 0) = r2' })],
  ['registers of a tracepoint', `.prog tracepoint/a/b\n${load('u64', 8)}`, { '+ 8)': '+ 0)' }, { '+ 8)': '+ 8192)' }, { '+ 8)': '+ 9)' }, { 'r2 = *(u64 *)(r1 + 8)': 'r2 = 0\n*(u64 *)(r1 + 8) = r2' }],
  ['arguments of a raw tracepoint', `.prog raw_tp/sys_enter\n${load('u64', 0)}`, { '+ 0)': '+ 96)' }, { '+ 0)': '+ 4)' }, also({ 'u64': 'u32' }), { 'r2 = *(u64 *)(r1 + 0)': 'r2 = 0\n*(u64 *)(r1 + 0) = r2' }],
  ['a perf event', `.prog perf_event\n${load('u64', 0)}`, also({ '+ 0)': '+ 168)' }), { '+ 0)': '+ 184)' }, { '+ 0)': '+ 172)' }],
  ['arguments of a function', `.prog fentry/bpf_fentry_test1\n${load('u64', 0)}`, { '+ 0)': '+ 8)' }, { '+ 0)': '+ 4)' }, also({ 'u64': 'u32' }), { '+ 0)': '- 8)' }, { 'r2 = *(u64 *)(r1 + 0)': 'r2 = 0\n*(u64 *)(r1 + 0) = r2' }],
  ['what a function returns', `.prog fexit/bpf_fentry_test1\n${load('u64', 8)}`, { '+ 8)': '+ 16)' }],
  ['arguments of a system call program', `.prog syscall\n${load('u64', 0)}`, also({ '+ 0)': '+ 32760)' }), { '+ 0)': '- 8)' }],
  ['a socket address', `.prog cgroup/connect4\n${load('u32', 4, 'r0 = 1')}`, { '+ 4)': '+ 8)' }, { 'u32': 'u64' }, { '+ 4)': '+ 60)' }, also({ 'u32': 'u8' }), { '+ 4)': '+ 5)' }, { '.prog cgroup/connect4': '.prog cgroup/connect6' }, also({ '+ 4)': '+ 24)' })],
  ['writes to a socket address', `.prog cgroup/connect4\nr2 = 0\n*(u32 *)(r1 + 4) = r2\nr0 = 1\nexit`, { '+ 4)': '+ 0)' }, { '+ 4)': '+ 28)' }, { '*(u32 *)(r1 + 4)': '*(u8 *)(r1 + 4)' }, { '.prog cgroup/connect4': '.prog cgroup/bind6' }, also({ '.prog cgroup/connect4': '.prog cgroup/bind4' })],
  ['a socket of a cgroup', `.prog cgroup/sock_create\n${load('u32', 4, 'r0 = 1')}`, { '+ 4)': '+ 24)' }, { 'u32': 'u64' }, { '+ 4)': '+ 80)' }, also({ 'u32': 'u8' }), { '+ 4)': '+ 2)' }],
  ['writes to a socket of a cgroup', `.prog cgroup/sock_create\nr2 = 0\n*(u32 *)(r1 + 16) = r2\nr0 = 1\nexit`, { '+ 16)': '+ 4)' }, { '.prog cgroup/sock_create': '.prog cgroup/post_bind4' }, also({ '+ 16)': '+ 20)' }), { '(u32 *)(r1 + 16)': '(u8 *)(r1 + 16)' }],
  ['operations of a socket', `.prog sockops\n${load('u32', 0)}`, { 'u32': 'u16' }, { 'u32': 'u64' }, also({ 'u32 *)(r1 + 0)': 'u64 *)(r1 + 184)' }), { 'u32 *)(r1 + 0)': 'u32 *)(r1 + 184)' }, { '+ 0)': '+ 224)' }, { '+ 0)': '+ 2)' }],
  ['writes to operations of a socket', `.prog sockops\nr2 = 0\n*(u32 *)(r1 + 4) = r2\nr0 = 0\nexit`, { '+ 4)': '+ 0)' }, { '+ 4)': '+ 20)' }, { '(u32 *)(r1 + 4)': '(u8 *)(r1 + 4)' }],
  ['a message', `.prog sk_msg\n${load('u64', 0)}`, { 'u64': 'u32' }, { '+ 0)': '+ 4)' }, also({ 'u64 *)(r1 + 0)': 'u32 *)(r1 + 16)' }), { 'u64 *)(r1 + 0)': 'u16 *)(r1 + 16)' }, { '+ 0)': '+ 80)' }, { 'r2 = *(u64 *)(r1 + 0)': 'r2 = 0\n*(u64 *)(r1 + 0) = r2' }],
  ['a lookup of a socket', `.prog sk_lookup\n${load('u64', 0, 'r0 = 1')}`, { 'u64': 'u32' }, also({ 'u64 *)(r1 + 0)': 'u32 *)(r1 + 8)' }), { 'u64 *)(r1 + 0)': 'u64 *)(r1 + 8)' }, { '+ 0)': '+ 72)' }, { 'r2 = *(u64 *)(r1 + 0)': 'r2 = 0\n*(u32 *)(r1 + 8) = r2' }],
  ['a choice of a socket', `.prog sk_reuseport\n${load('u64', 0, 'r0 = 1')}`, { 'u64': 'u32' }, also({ 'u64 *)(r1 + 0)': 'u32 *)(r1 + 16)' }), { 'u64 *)(r1 + 0)': 'u64 *)(r1 + 16)' }, { '+ 0)': '+ 56)' }, { '+ 0)': '+ 4)' }],
  ['a setting', `.prog cgroup/sysctl\n${load('u32', 0, 'r0 = 1')}`, { 'u32': 'u64' }, { '+ 0)': '+ 8)' }, also({ 'u32': 'u8' }), also({ 'r2 = *(u32 *)(r1 + 0)': 'r2 = 0\n*(u32 *)(r1 + 4) = r2' }), { 'r2 = *(u32 *)(r1 + 0)': 'r2 = 0\n*(u32 *)(r1 + 0) = r2' }],
  ['an option', `.prog cgroup/getsockopt\n${load('u32', 24, 'r0 = 1')}`, { 'u32': 'u64' }, also({ 'u32 *)(r1 + 24)': 'u64 *)(r1 + 0)' }), { 'u32 *)(r1 + 24)': 'u32 *)(r1 + 0)' }, { '+ 24)': '+ 40)' }, also({ 'r2 = *(u32 *)(r1 + 24)': 'r2 = 0\n*(u32 *)(r1 + 36) = r2' }), { 'r2 = *(u32 *)(r1 + 24)': 'r2 = 0\n*(u32 *)(r1 + 16) = r2' }],
  ['writes to an option', `.prog cgroup/setsockopt\nr2 = 0\n*(u32 *)(r1 + 24) = r2\nr0 = 1\nexit`, { '.prog cgroup/setsockopt': '.prog cgroup/getsockopt' }, { '(u32 *)(r1 + 24)': '(u64 *)(r1 + 24)' }, { '+ 24)': '+ 0)' }, also({ '+ 24)': '+ 32)' }), { '+ 24)': '+ 36)' }],
  ['a device', `.prog cgroup/dev\n${load('u32', 0)}`, { 'u32': 'u64' }, { '+ 0)': '+ 12)' }, also({ 'u32': 'u16' }), { 'u32 *)(r1 + 0)': 'u16 *)(r1 + 4)' }],
  ['a packet filter', `.prog netfilter\n${load('u64', 0, 'r0 = 1')}`, { 'u64': 'u32' }, also({ '+ 0)': '+ 8)' }), { '+ 0)': '+ 16)' }, { '+ 0)': '+ 4)' }],
  ['the flow dissector', `.prog flow_dissector\n${load('u32', 76)}`, { '+ 76)': '+ 0)' }, also({ 'u32 *)(r1 + 76)': 'u64 *)(r1 + 144)' }), { '+ 76)': '+ 144)' }, { 'u32': 'u64' }, { 'r2 = *(u32 *)(r1 + 76)': 'r2 = 0\n*(u32 *)(r1 + 76) = r2' }],
  ['light-weight tunnels', `.prog lwt_in\n${load('u32', 76)}`, { '+ 76)': '+ 128)' }, { '+ 76)': '+ 152)' }, { '+ 76)': '+ 140)' }, { 'r2 = *(u32 *)(r1 + 76)': 'r2 = 0\n*(u32 *)(r1 + 0) = r2' }],
  ['a cgroup\'s packets', `.prog cgroup_skb/ingress\n${load('u32', 76, 'r0 = 1')}`, { '+ 76)': '+ 140)' }, also({ '+ 76)': '+ 128)' }), { '.prog cgroup_skb/ingress': '.unprivileged\n.prog cgroup_skb/ingress' }, { 'r2 = *(u32 *)(r1 + 76)': 'r2 = 0\n*(u32 *)(r1 + 0) = r2' }, also({ 'r2 = *(u32 *)(r1 + 76)': 'r2 = 0\n*(u32 *)(r1 + 8) = r2' })],
]);

const TYPED = cases('', [
  ['a typed argument of a tracepoint', `.prog tp_btf/sched_switch\nr2 = *(u64 *)(r1 + 8)\nr0 = *(u32 *)(r2 + 40)\nr0 = 0\nexit`, { '(r1 + 8)': '(r1 + 12)' }, { '(r1 + 8)': '(r1 + 32)' }, { 'u64': 'u32' }, { '(r2 + 40)': '(r2 - 4)' }, { 'r0 = *(u32 *)(r2 + 40)': '*(u32 *)(r2 + 40) = 0' }],
  ['a hook\'s argument', `.prog lsm/file_open\nr2 = *(u64 *)(r1 + 0)\nr0 = *(u64 *)(r2 + 8)\nr0 = 0\nexit`, { '(r1 + 0)': '(r1 + 16)' }, { 'r0 = *(u64 *)(r2 + 8)': '*(u64 *)(r2 + 8) = 0' }],
  ['what an iterator hands out', `.prog iter/task\nr2 = *(u64 *)(r1 + 8)\nif r2 == 0 goto out\nr0 = *(u32 *)(r2 + 40)\nout: r0 = 0\nexit`, { 'if r2 == 0 goto out\n': '' }, { '(r1 + 8)': '(r1 + 16)' }, { '(r1 + 8)': '(r1 + 4)' }, { 'r0 = *(u32 *)(r2 + 40)': '*(u32 *)(r2 + 40) = 0' }],
  ['buffers of an iterator', `.prog iter/bpf_map_elem\nr2 = *(u64 *)(r1 + 16)\nif r2 == 0 goto out\nr0 = *(u32 *)(r2 + 0)\nout: r0 = 0\nexit`, { 'if r2 == 0 goto out\n': '' }, { '(r2 + 0)': '(r2 - 4)' }, { 'r0 = *(u32 *)(r2 + 0)': '*(u32 *)(r2 + 0) = 0' }, also({ '(r2 + 0)': '(r2 + 32000)' }), { 'r0 = *(u32 *)(r2 + 0)': 'r3 = *(u32 *)(r2 + 0)\nr3 &= 4\nr2 += r3\nr0 = *(u32 *)(r2 + 0)' }],
]);

export const CASES = join(SKB, OTHERS, TYPED);
