import { also, cases, join } from '../testing/cases.ts';
import { END } from '../testing/scenes.ts';

const RETURNS = cases('', [
  ['any number from a socket filter', `.prog socket\nr0 = 77\nexit`, also({ 'r0 = 77': 'r0 = r10' }), also({ 'r0 = 77': 'r0 = r1' })],
  ['no pointer from a program', `.unprivileged\n.prog socket\nr0 = 77\nexit`, { 'r0 = 77': 'r0 = r10' }, { 'r0 = 77': 'r0 = r1' }],
  ['what a cgroup\'s packets get', `.prog cgroup_skb/ingress\nr0 = 1\nexit`, { 'r0 = 1': 'r0 = 2' }, { 'r0 = 1': 'r0 = -1' }, { 'r0 = 1': 'r0 = *(u32 *)(r1 + 0)' }],
  ['what a cgroup\'s packets get on the way out', `.prog cgroup_skb/egress\nr0 = 3\nexit`, { 'r0 = 3': 'r0 = 4' }],
  ['what a socket of a cgroup gets', `.prog cgroup/sock_create\nr0 = 1\nexit`, { 'r0 = 1': 'r0 = 2' }, also({ 'r0 = 1': 'r0 = 0' })],
  ['what an address gets', `.prog cgroup/connect4\nr0 = 1\nexit`, { 'r0 = 1': 'r0 = 2' }, { 'r0 = 1': 'r0 = *(u32 *)(r1 + 4)' }],
  ['what a bind gets', `.prog cgroup/bind4\nr0 = 3\nexit`, { 'r0 = 3': 'r0 = 4' }],
  ['what a received message gets', `.prog cgroup/recvmsg4\nr0 = 1\nexit`, { 'r0 = 1': 'r0 = 0' }],
  ['what a peer\'s name gets', `.prog cgroup/getpeername4\nr0 = 1\nexit`, { 'r0 = 1': 'r0 = 0' }],
  ['what a setting gets', `.prog cgroup/sysctl\nr0 = 1\nexit`, { 'r0 = 1': 'r0 = 2' }],
  ['what an option gets', `.prog cgroup/setsockopt\nr0 = 1\nexit`, { 'r0 = 1': 'r0 = 2' }],
  ['what a device gets', `.prog cgroup/dev\nr0 = 1\nexit`, { 'r0 = 1': 'r0 = 2' }],
  ['what a socket\'s operations get', `.prog sockops\nr0 = 1\nexit`, { 'r0 = 1': 'r0 = 2' }],
  ['what a lookup gets', `.prog sk_lookup\nr0 = 1\nexit`, { 'r0 = 1': 'r0 = 2' }],
  ['what a raw tracepoint gets', `.prog raw_tp/sys_enter\nr0 = 5\nexit`, also(`.prog tp_btf/sched_switch\nr0 = 5\nexit`)],
  ['what a function\'s tracer gets', `.prog fentry/bpf_fentry_test1\nr0 = 0\nexit`, { 'r0 = 0': 'r0 = 1' }, { 'fentry/': 'fexit/', 'r0 = 0': 'r0 = 1' }, also({ 'fentry/bpf_fentry_test1': 'fmod_ret/bpf_modify_return_test', 'r0 = 0': 'r0 = 1' })],
  ['what an iterator gets', `.prog iter/task\nr0 = 1\nexit`, { 'r0 = 1': 'r0 = 2' }],
  ['what a hook gets', `.prog lsm/file_open\nr0 = 0\nexit`, also({ 'r0 = 0': 'r0 = -1' }), { 'r0 = 0': 'r0 = 1' }, { 'r0 = 0': 'r0 = -4096' }, also({ 'r0 = 0': 'r0 = -4095' })],
  ['what a hook of a cgroup gets', `.prog lsm_cgroup/socket_bind\nr0 = 1\nexit`, { 'r0 = 1': 'r0 = 2' }, { 'r0 = 1': 'r0 = -1' }],
  ['what a packet filter gets', `.prog netfilter\nr0 = 1\nexit`, { 'r0 = 1': 'r0 = 2' }],
  ['what a choice gets', `.prog sk_reuseport\nr0 = 5\nexit`],
]);

const PACKET_LOADS = cases('', [
  ['loads from the packet', `.prog socket\nr6 = r1\nr0 = *(u8 *)skb[4]\nexit`, { '.prog socket': '.prog xdp' }, { 'r6 = r1\n': '' }, { 'r6 = r1': 'r6 = r10' }, { 'r6 = r1': 'r6 = 0' }, { '.prog socket': '.prog kprobe' }, { 'r6 = r1': 'r6 = r1\nr6 += 8' }],
  ['loads from a place in the packet', `.prog socket\nr6 = r1\nr2 = 3\nr0 = *(u16 *)skb[r2 + 4]\nexit`, { 'r2 = 3\n': '' }, also({ 'r2 = 3': 'r2 = r10' })],
  ['a load from the packet forgets registers', `.prog socket\nr6 = r1\nr7 = 1\nr0 = *(u32 *)skb[0]\nr0 = r7\nexit`, { 'r0 = r7': 'r0 = r1' }, { 'r0 = r7': 'r0 = r5' }],
  ['loads from the packet in a function', `.prog socket\ncall f\nexit\n.func int f(struct __sk_buff *ctx)\nr6 = r1\nr0 = *(u8 *)skb[4]\nexit`, also({ '.func int f': '.func long f' }), { '.func int f': '.func void f' }, { '.prog socket': '.info none\n.prog socket' }],
  ['loads from the packet in a callback', `.prog socket\n.func main\nr1 = 10\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_loop\n${END}\n.func int cb(u32 i, void *ctx)\n${END}`, `.prog socket\n.func main\nr6 = r1\nr1 = 10\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_loop\n${END}\n.func int cb(u32 i, void *ctx)\nr6 = r2\nr0 = *(u8 *)skb[0]\n${END}`],
]);

/** A chain of unknown branches, so that many states wait. */
const waits = (n: number): string => Array.from({ length: n }, () => 'call bpf_get_prandom_u32\nif r0 == 0 goto out').join('\n');

const SEARCH = cases('', [
  ['a loop that ends', `r1 = 0\nloop: r1 += 1\nif r1 < 100 goto loop\n${END}`, { 'r1 += 1': 'r1 += 0' }, { 'if r1 < 100 goto loop': 'goto loop' }],
  ['branches that wait', `${waits(1000)}\nout: r0 = 0\nexit`, `${waits(8200)}\nout: r0 = 0\nexit`],
  ['stack of a function', `*(u64 *)(r10 - 512) = 0\n${END}`],
  ['a jump that may be taken', `r1 = 0\nloop: may_goto out\nr1 += 1\ngoto loop\nout: r0 = 0\nexit`, { 'may_goto out\n': '' }],
]);

export const CASES = join(RETURNS, PACKET_LOADS, SEARCH);
