import { also, cases, join } from '../testing/cases.ts';
import { END, found, look, MAPS, packet } from '../testing/scenes.ts';

const VALUES = cases(MAPS, [
  ['inside of a map value', `${found()}\nr0 = *(u64 *)(r0 + 40)\n${END}`, { '+ 40': '+ 41' }, { '+ 40': '+ 48' }, { '+ 40': '- 1' }, { '(u64 *)(r0 + 40)': '(u32 *)(r0 + 46)' }, { 'if r0 != 0 goto have\nr0 = 0\nexit\nhave:\n': '', '+ 40': '+ 48' }],
  ['a value that was looked up is checked for NULL', `${found('h', 8)}\nr0 = *(u64 *)(r0 + 0)\n${END}`, `${look('h', 8)}\nr0 = *(u64 *)(r0 + 0)\n${END}`, `${look('h', 8)}\n*(u64 *)(r0 + 0) = 0\n${END}`],
  ['a lookup that is known to succeed', `${look()}\nr0 = *(u64 *)(r0 + 0)\n${END}`, { '(r10 - 8) = 0': '(r10 - 8) = 2' }],
  ['NULL is nowhere', `${found('h', 8)}\nr0 = *(u64 *)(r0 + 0)\n${END}`, { 'r0 != 0': 'r0 == 0' }],
  ['a variable place in a value', `${found()}\nr1 = *(u32 *)(r0 + 0)\nr1 &= 31\nr0 += r1\nr0 = *(u64 *)(r0 + 9)\n${END}`, { 'r0 + 9': 'r0 + 10' }, { 'r0 + 9': 'r0 - 1' }, { '&= 31': '&= 63' }],
  ['a place that may be negative', `${found()}\nr1 = *(u32 *)(r0 + 0)\nr1 &= 15\nr1 += -8\nr0 += 8\nr0 += r1\nr0 = *(u8 *)(r0 + 0)\n${END}`, { 'r0 += 8\n': '' }, { 'r0 += 8': 'r0 += 7' }],
  ['a place of unknown distance', `${found()}\nr1 = *(u64 *)(r0 + 0)\nif r1 > 7 goto out\nr0 += r1\nr0 = *(u8 *)(r0 + 0)\nout: r0 = 0\nexit`, { 'if r1 > 7': 'if r1 > 536870911' }, { 'if r1 > 7': 'if r1 s> 7' }, { 'if r1 > 7': 'if r1 < 7' }],
  ['strict alignment', `.flags strict_alignment\n${found()}\nr0 = *(u64 *)(r0 + 8)\n${END}`, { '+ 8': '+ 4' }, { '(u64 *)(r0 + 8)': '(u32 *)(r0 + 2)' }, { '(u64 *)(r0 + 8)': '(u16 *)(r0 + 1)' }],
  ['strict alignment at variable places', `.flags strict_alignment\n${found()}\nr1 = *(u64 *)(r0 + 0)\nr1 &= 4\nr0 += r1\nr0 = *(u32 *)(r0 + 0)\n${END}`, { '&= 4': '&= 2' }],
  ['without strict alignment', `${found()}\nr0 = *(u64 *)(r0 + 1)\n${END}`],
  ['a pointer does not go into a map', `.unprivileged\n${found()}\nr1 = 1\n*(u64 *)(r0 + 0) = r1\n${END}`, { 'r1 = 1\n': 'r1 = r10\n' }, { 'r1 = 1\n': 'r1 = r0\n' }],
  ['a write inside', `${found()}\n*(u64 *)(r0 + 40) = 1\n${END}`, { '+ 40': '+ 41' }, { '+ 40': '- 8' }],
  ['the value of a direct address', `.c
int counter;
.endc
r1 = counter ll\nr0 = *(u32 *)(r1 + 0)\n${END}`, { '(r1 + 0)': '(r1 + 4)' }, { '(u32 *)(r1 + 0)': '(u64 *)(r1 + 0)' }, { 'counter ll': 'counter+4 ll' }],
  ['a number is no address', `r1 = 8\n${END}`, { 'r1 = 8': 'r1 = 8\nr0 = *(u8 *)(r1 + 0)' }, { 'r1 = 8': 'r1 = 8\n*(u8 *)(r1 + 0) = 1' }],
]);

const FLAGS = cases(`.c
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __uint(map_flags, BPF_F_RDONLY_PROG); __type(key, int); __type(value, long); } ro SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __uint(map_flags, BPF_F_WRONLY_PROG); __type(key, int); __type(value, long); } wo SEC(".maps");
const int limit = 7;
const char text[4] = "abc";
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, long); } h SEC(".maps");
.endc`, [
  ['a map that programs only read', `${look('ro')}\nr0 = *(u64 *)(r0 + 0)\n${END}`, { 'r0 = *(u64 *)(r0 + 0)': '*(u64 *)(r0 + 0) = 1' }],
  ['a map that programs only write', `${look('wo')}\n*(u64 *)(r0 + 0) = 1\n${END}`, { '*(u64 *)(r0 + 0) = 1': 'r0 = *(u64 *)(r0 + 0)' }],
  ['helpers obey the flags', `${look('wo')}\nr2 = r0\n*(u64 *)(r10 - 8) = 0\nr3 = r10\nr3 += -8\nr2 = r10\nr2 += -8\nr4 = 0\nr1 = wo ll\ncall bpf_map_update_elem\n${END}`, { 'r1 = wo ll\ncall bpf_map_update_elem': 'r1 = ro ll\ncall bpf_map_update_elem' }],
  ['constants are known', `r1 = limit ll\nr2 = *(u32 *)(r1 + 0)\nr3 = r10\nr3 += -8\n*(u64 *)(r10 - 8) = 0\nr3 += r2\nr0 = *(u8 *)(r3 + 0)\n${END}`, { 'r3 += -8': 'r3 += -7' }, { 'r2 = *(u32 *)(r1 + 0)': '*(u32 *)(r1 + 0) = 1' }, { '(r1 + 0)': '(r1 + 8)' }],
  ['a key inside of a callback is read only', `.func main\nr1 = h ll\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_for_each_map_elem\n${END}\n.func long cb(void *map, void *key, void *value, void *ctx)\nr0 = *(u64 *)(r2 + 0)\n${END}`, { 'r0 = *(u64 *)(r2 + 0)': '*(u64 *)(r2 + 0) = 0' }, { 'r0 = *(u64 *)(r2 + 0)': 'r0 = *(u64 *)(r2 + 4)' }, { 'r0 = *(u64 *)(r2 + 0)': 'r0 = *(u64 *)(r2 - 1)' }, { '(r2 + 0)\n': '(r3 + 1)\n' }, also({ 'r0 = *(u64 *)(r2 + 0)': '*(u64 *)(r3 + 0) = 0' })],
]);

const SPECIAL = cases(`.prog tc\n.c
struct timed { long a; struct bpf_timer t; long b; };
struct locked { int a; struct bpf_spin_lock lock; long b; };
struct kept { struct task_struct __kptr *p; struct task_struct __kptr_untrusted *u; long b; };
struct worked { long a; struct bpf_wq w; long b; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct timed); } timers SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct locked); } locks SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct kept); } kptrs SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct worked); } works SEC(".maps");
.endc`, [
  ['beside a timer', `${look('timers')}\nr0 = *(u64 *)(r0 + timed.b)\n${END}`, { 'timed.b': 'timed.t' }, { '(r0 + timed.b)': '(r0 + 23)' }, { 'u64 *)(r0 + timed.b)': 'u64 *)(r0 + 1)' }, { 'r0 = *(u64 *)(r0 + timed.b)': '*(u8 *)(r0 + timed.t) = 0' }],
  ['beside a lock', `${look('locks')}\nr0 = *(u64 *)(r0 + locked.b)\n${END}`, { 'locked.b': 'locked.lock' }, { '*(u64 *)(r0 + locked.b)': '*(u8 *)(r0 + 7)' }, { '*(u64 *)(r0 + locked.b)': '*(u64 *)(r0 + 0)' }],
  ['beside a work queue', `${look('works')}\nr0 = *(u64 *)(r0 + worked.b)\n${END}`, { 'worked.b': 'worked.w' }],
  ['a kernel pointer in a map is read whole', `${look('kptrs')}\nr0 = *(u64 *)(r0 + kept.u)\n${END}`, { '*(u64 *)(r0 + kept.u)': '*(u32 *)(r0 + kept.u)' }, { '*(u64 *)(r0 + kept.u)': '*(u64 *)(r0 + 12)' }, { '*(u64 *)(r0 + kept.u)': '*(u64 *)(r0 + 4)' }, { '*(u64 *)(r0 + kept.u)': '*(s8 *)(r0 + kept.u)' }],
  ['a kernel pointer at a variable place', `${look('kptrs')}\nr1 = *(u64 *)(r0 + 16)\nr1 &= 4\nr0 += r1\nr0 = *(u32 *)(r0 + 16)\n${END}`, { 'r0 = *(u32 *)(r0 + 16)': 'r0 = *(u64 *)(r0 + 0)' }],
  ['NULL goes where a kernel pointer was', `${look('kptrs')}\n*(u64 *)(r0 + kept.u) = 0\n${END}`, { '= 0\nr0': '= 1\nr0' }, { 'kept.u': 'kept.p' }, { '(u64 *)(r0 + kept.u) = 0': '(u32 *)(r0 + kept.u) = 0' }],
  ['a number does not become a kernel pointer', `${look('kptrs')}\nr1 = 0\n*(u64 *)(r0 + kept.u) = r1\n${END}`, { 'r1 = 0': 'r1 = 5' }, { 'r1 = 0': 'r1 = r10' }, { 'r1 = 0': 'r1 = r0' }, { 'kept.u': 'kept.p' }],
  ['a kernel pointer is not changed in place', `${look('kptrs')}\nr1 = 1\nlock *(u64 *)(r0 + kept.b) += r1\n${END}`, { 'kept.b': 'kept.u' }, { 'kept.b': 'kept.p' }],
  ['helpers keep away from special fields', `${look('timers')}\nr1 = r0\nr1 += timed.b\nr2 = 8\nr3 = 0\ncall bpf_probe_read_kernel\n${END}`, { 'r1 += timed.b\nr2 = 8': 'r2 = 32' }],
]);

const PACKETS = cases('.prog tc', [
  ['the packet up to where it was checked', `${packet(76, 80)}\nr4 = r2\nr4 += 8\nif r4 > r3 goto out\nr0 = *(u64 *)(r2 + 0)\nout: r0 = 0\nexit`, { '(r2 + 0)': '(r2 + 1)' }, { '(r2 + 0)': '(r2 - 1)' }, { 'r4 += 8': 'r4 += 7' }, { 'if r4 > r3': 'if r4 < r3' }, { 'r4 > r3': 'r3 > r4' }, { 'if r4 > r3 goto out\n': '' }, also({ 'r4 > r3': 'r4 >= r3' }), also({ 'r4 > r3': 'r3 < r4' }), also({ 'r4 > r3': 'r3 <= r4' })],
  ['a packet one byte beyond the check', `${packet(76, 80)}\nr4 = r2\nr4 += 8\nif r4 >= r3 goto out\nr0 = *(u8 *)(r2 + 8)\nout: r0 = 0\nexit`, { '>=': '>' }],
  ['the other way round', `${packet(76, 80)}\nr4 = r2\nr4 += 8\nif r4 <= r3 goto in\n${END}\nin: r0 = *(u64 *)(r2 + 0)\n${END}`, { '<=': '>' }, also({ '<=': '<' }), also({ 'r4 <= r3': 'r3 >= r4' }), also({ 'r4 <= r3': 'r3 > r4' }), { 'r4 <= r3': 'r4 == r3' }, { 'r4 <= r3': 'r4 s<= r3' }],
  ['a variable distance into the packet', `${packet(76, 80)}\nr5 = *(u32 *)(r1 + 0)\nr5 &= 255\nr2 += r5\nr4 = r2\nr4 += 4\nif r4 > r3 goto out\nr0 = *(u32 *)(r2 + 0)\nout: r0 = 0\nexit`, { '(r2 + 0)': '(r2 + 2)' }, { 'r5 &= 255\n': '' }, { 'r5 &= 255': 'r5 &= 65535' }, { '&= 255': '&= 32767', 'r4 = r2': 'r2 += 32767\nr2 += r5\nr4 = r2' }],
  ['a write to the packet', `${packet(76, 80)}\nr4 = r2\nr4 += 8\nif r4 > r3 goto out\n*(u64 *)(r2 + 0) = 1\nout: r0 = 0\nexit`, { '(u64 *)(r2 + 0)': '(u64 *)(r2 + 4)' }, { '*(u64 *)(r2 + 0) = 1': '*(u64 *)(r3 - 8) = 1' }],
  ['the packet of programs that only read it', `.prog cgroup_skb/ingress\n${packet(76, 80)}\nr4 = r2\nr4 += 8\nif r4 > r3 goto out\nr0 = *(u64 *)(r2 + 0)\nout: r0 = 0\nexit`, { 'r0 = *(u64 *)(r2 + 0)': '*(u64 *)(r2 + 0) = 1' }],
  ['a packet pointer is lost when the packet changes', `${packet(76, 80)}\nr4 = r2\nr4 += 8\nif r4 > r3 goto out\nr0 = *(u64 *)(r2 + 0)\nout: r0 = 0\nexit`, `r6 = *(u32 *)(r1 + 76)\nr7 = *(u32 *)(r1 + 80)\nr2 = 0\ncall bpf_skb_pull_data\nr4 = r6\nr4 += 8\nif r4 > r7 goto out\nr0 = *(u64 *)(r6 + 0)\nout: r0 = 0\nexit`],
  ['metadata in front of the packet', `.prog xdp\nr2 = *(u32 *)(r1 + 8)\nr3 = *(u32 *)(r1 + 0)\nr4 = r2\nr4 += 8\nif r4 > r3 goto out\nr0 = *(u64 *)(r2 + 0)\nout: r0 = 2\nexit`, { '(r2 + 0)': '(r2 + 1)' }, { '(r2 + 0)': '(r3 + 0)' }, { '(r1 + 0)': '(r1 + 4)' }, { 'r4 += 8': 'r4 += 7' }],
  ['a pointer does not go into a packet', `${packet(76, 80)}\nr4 = r2\nr4 += 8\nif r4 > r3 goto out\nr5 = 1\n*(u64 *)(r2 + 0) = r5\nout: r0 = 0\nexit`, also({ 'r5 = 1': 'r5 = r10' })],
  ['packet accesses are aligned where asked', `.flags strict_alignment\n${packet(76, 80)}\nr4 = r2\nr4 += 16\nif r4 > r3 goto out\nr0 = *(u16 *)(r2 + 0)\nout: r0 = 0\nexit`, { 'u16': 'u32' }, { '(r2 + 0)': '(r2 + 1)' }, also({ '(u16 *)(r2 + 0)': '(u32 *)(r2 + 2)' })],
]);

const KEYS = cases('.prog flow_dissector', [
  ['the flow\'s keys', `r2 = *(u64 *)(r1 + 144)\nr0 = *(u32 *)(r2 + 0)\n${END}`, { '(r2 + 0)': '(r2 - 4)' }, { '(u32 *)(r2 + 0)': '(u32 *)(r2 + 56)' }, { '(u32 *)(r2 + 0)': '(u64 *)(r2 + 52)' }, { '(r2 + 0)\n': '(r2 + 100)\n' }, also({ '(u32 *)(r2 + 0)': '(u32 *)(r2 + 52)' })],
  ['the flow\'s keys at a variable place', `r2 = *(u64 *)(r1 + 144)\nr3 = *(u16 *)(r2 + 0)\nr3 = 4\nr2 += r3\nr0 = *(u8 *)(r2 + 0)\n${END}`, { 'r3 = 4': 'r3 &= 4' }],
  ['writes to the flow\'s keys', `r2 = *(u64 *)(r1 + 144)\nr3 = 1\n*(u16 *)(r2 + 0) = r3\n${END}`, { '(r2 + 0)': '(r2 + 56)' }, also({ 'r3 = 1\n*(u16 *)(r2 + 0) = r3': '*(u64 *)(r2 + 0) = r10' })],
]);

const SOCKETS = cases('.prog tc', [
  ['fields of a socket', `r2 = *(u64 *)(r1 + 168)\nif r2 == 0 goto out\nr0 = *(u32 *)(r2 + 4)\nout: r0 = 0\nexit`, { '(r2 + 4)': '(r2 + 3)' }, { '(u32 *)(r2 + 4)': '(u64 *)(r2 + 4)' }, also({ '(r2 + 4)': '(r2 + 0)' }), { '(r2 + 4)': '(r2 - 4)' }, { 'if r2 == 0 goto out\n': '' }, { 'r0 = *(u32 *)(r2 + 4)': '*(u32 *)(r2 + 4) = 1' }],
  ['fields of a full socket', `r1 = *(u64 *)(r1 + 168)\nif r1 == 0 goto out\ncall bpf_sk_fullsock\nif r0 == 0 goto out\nr0 = *(u32 *)(r0 + 0)\nout: r0 = 0\nexit`, also({ '(r0 + 0)': '(r0 + 76)' }), { '(r0 + 0)': '(r0 + 80)' }, { '(r0 + 0)': '(r0 + 1)' }, { '(u32 *)(r0 + 0)': '(u16 *)(r0 + 2)' }, also({ '(u32 *)(r0 + 0)': '(u16 *)(r0 + 48)' }), { 'if r0 == 0 goto out\nr0 =': 'r0 =' }],
  ['fields of a TCP socket', `r1 = *(u64 *)(r1 + 168)\nif r1 == 0 goto out\ncall bpf_tcp_sock\nif r0 == 0 goto out\nr0 = *(u32 *)(r0 + 0)\nout: r0 = 0\nexit`, { '(r0 + 0)': '(r0 + 1)' }, { '(u32 *)(r0 + 0)': '(u64 *)(r0 + 0)' }, { '(u32 *)(r0 + 0)': '(u32 *)(r0 + 120)' }, also({ '(u32 *)(r0 + 0)': '(u64 *)(r0 + 80)' })],
  ['fields of an XDP socket', `.prog xdp
.c
struct { __uint(type, BPF_MAP_TYPE_XSKMAP); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } xsks SEC(".maps");
.endc
${look('xsks')}\nif r0 == 0 goto out\nr0 = *(u32 *)(r0 + 0)\nout: r0 = 2\nexit`, { '(r0 + 0)': '(r0 + 4)' }, { '(u32 *)(r0 + 0)': '(u16 *)(r0 + 0)' }, { 'r0 = *(u32 *)(r0 + 0)': '*(u32 *)(r0 + 0) = 1' }],
]);

const ATOMICS = cases(MAPS, [
  ['an atomic addition', `${found()}\nr1 = 1\nlock *(u64 *)(r0 + 0) += r1\n${END}`, { 'u64 *)(r0 + 0)': 'u64 *)(r0 + 44)' }, { 'u64 *)(r0 + 0)': 'u64 *)(r0 - 8)' }, also({ 'r1 = 1': 'r1 = r0' }), { 'r1 = 1\n': '' }, { 'u64 *)(r0 + 0)': 'u64 *)(r0 + 4)' }],
  ['an atomic addition on the stack', `*(u64 *)(r10 - 8) = 0\nr1 = 1\nlock *(u64 *)(r10 - 8) += r1\n${END}`, also({ '*(u64 *)(r10 - 8) = 0\n': '' }), { 'lock *(u64 *)(r10 - 8)': 'lock *(u64 *)(r10 - 4)' }, { 'lock *(u64 *)(r10 - 8)': 'lock *(u32 *)(r10 - 6)' }, { 'lock *(u64 *)(r10 - 8)': 'lock *(u64 *)(r10 + 0)' }],
  ['an atomic addition on the stack, unprivileged', `.unprivileged\n*(u64 *)(r10 - 8) = 0\nr1 = 1\nlock *(u64 *)(r10 - 8) += r1\n${END}`, { '*(u64 *)(r10 - 8) = 0\n': '' }, { '= 0\nr1 = 1': '= r1\nr1 = 1' }, { 'r1 = 1': 'r1 = r10' }],
  ['no atomics on the context', `r2 = 1\n*(u64 *)(r10 - 8) = 0\nlock *(u64 *)(r10 - 8) += r2\n${END}`, { 'lock *(u64 *)(r10 - 8)': 'lock *(u32 *)(r1 + 8)' }],
  ['no atomics on packets', `.prog tc\n${packet(76, 80)}\nr4 = r2\nr4 += 8\nr5 = 1\nif r4 > r3 goto out\nr0 = *(u64 *)(r2 + 0)\nout: r0 = 0\nexit`, { 'r0 = *(u64 *)(r2 + 0)': 'lock *(u64 *)(r2 + 0) += r5' }],
  ['no atomics on the flow\'s keys', `.prog flow_dissector\nr2 = *(u64 *)(r1 + 144)\nr3 = 1\n*(u32 *)(r2 + 0) = r3\n${END}`, { '*(u32 *)(r2 + 0) = r3': 'lock *(u32 *)(r2 + 0) += r3' }],
  ['no atomics on sockets', `.prog tc\nr2 = *(u64 *)(r1 + 168)\nr3 = 1\nif r2 == 0 goto out\nr0 = *(u32 *)(r2 + 4)\nout: r0 = 0\nexit`, { 'r0 = *(u32 *)(r2 + 4)': 'lock *(u32 *)(r2 + 4) += r3' }],
  ['compare and exchange', `*(u64 *)(r10 - 8) = 0\nr0 = 0\nr1 = 1\nr0 = cmpxchg_64(r10 - 8, r0, r1)\n${END}`, { 'r0 = 0\nr1 = 1\n': 'r1 = 1\n' }, { 'r1 = 1\nr0': 'r0', 'r0, r1)': 'r0, r2)' }],
  ['compare and exchange of pointers', `.unprivileged\n*(u64 *)(r10 - 8) = 0\nr0 = 0\nr1 = 1\nr0 = cmpxchg_64(r10 - 8, r0, r1)\n${END}`, { 'r0 = 0\nr1 = 1\n': 'r0 = r10\nr1 = 1\n' }, { 'r1 = 1': 'r1 = r10' }],
  ['fetch reads what is there', `*(u64 *)(r10 - 8) = 0\nr1 = 1\nr1 = atomic_fetch_add((u64 *)(r10 - 8), r1)\nr0 = r1\nexit`, also({ '*(u64 *)(r10 - 8) = 0\n': '' })],
  ['a load that acquires', `*(u64 *)(r10 - 8) = 0\nr0 = load_acquire((u64 *)(r10 - 8))\nexit`, also({ '(r10 - 8))': '(r10 - 16))' }), { '(r10 - 8))': '(r10 - 4))' }, { '(r10 - 8))': '(r2 - 8))' }],
  ['a load that acquires, from where atomics are not', `.prog tc\n${packet(76, 80)}\nr4 = r2\nr4 += 8\nif r4 > r3 goto out\nr0 = *(u64 *)(r2 + 0)\nout: r0 = 0\nexit`, { 'r0 = *(u64 *)(r2 + 0)': 'r0 = load_acquire((u64 *)(r2 + 0))' }],
  ['a load that acquires, from the context', `r0 = *(u32 *)(r1 + 0)\nexit`, 'r0 = load_acquire((u32 *)(r1 + 0))\nexit'],
  ['a store that releases', `r1 = 1\nstore_release((u64 *)(r10 - 8), r1)\n${END}`, { '(r10 - 8)': '(r10 + 0)' }, { '(r10 - 8), r1': '(r10 - 8), r2' }],
  ['a store that releases, to the context', `r2 = 1\n*(u32 *)(r1 + 48) = r2\n${END}`, { '*(u32 *)(r1 + 48) = r2': 'store_release((u32 *)(r1 + 48), r2)' }],
]);

export const CASES = join(VALUES, FLAGS, SPECIAL, PACKETS, KEYS, SOCKETS, ATOMICS);
