import { also, cases, join } from '../testing/cases.ts';
import { END, found, look } from '../testing/scenes.ts';

const MAPS = `.c
struct timed { long a; struct bpf_timer t; long b; };
struct kept { struct task_struct __kptr *p; struct task_struct __kptr_untrusted *u; long b; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, long); } m SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, long); } h SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct timed); } timers SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 32); } untyped SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct kept); } kptrs SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } rb SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } progs SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } events SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_STACK_TRACE); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 800); } stacks SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_QUEUE); __uint(max_entries, 2); __uint(value_size, 8); } q SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_SOCKMAP); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } socks SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_DEVMAP); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } devs SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_CGROUP_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } cgroups SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_BLOOM_FILTER); __uint(max_entries, 2); __uint(value_size, 8); } bloom SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_USER_RINGBUF); __uint(max_entries, 4096); } urb SEC(".maps");
.endc`;

const WHICH = cases(MAPS, [
  ['helpers that there are', `call bpf_ktime_get_ns\n${END}`, 'call 9999\nexit', 'call 0\nexit', 'call -1\nexit'],
  ['helpers that a program type has', `.prog xdp\nr2 = 0\ncall bpf_xdp_adjust_head\nr0 = 2\nexit`, { '.prog xdp': '.prog socket' }, { '.prog xdp': '.prog tc' }],
  ['helpers under the GPL', `r1 = r10\nr1 += -8\n*(u64 *)(r10 - 8) = 10\nr2 = 3\ncall bpf_trace_printk\n${END}`, { 'r1 = r10\n': '.license Proprietary\nr1 = r10\n' }],
  ['helpers for the privileged', `call bpf_ktime_get_ns\n${END}`, `.unprivileged\nr1 = r10\nr1 += -8\n*(u64 *)(r10 - 8) = 10\nr2 = 3\ncall bpf_trace_printk\n${END}`],
  ['helpers that may sleep', `.prog fentry.s/__x64_sys_getpgid\nr1 = r10\nr1 += -8\nr2 = 8\nr3 = 0\ncall bpf_copy_from_user\n${END}`, { 'fentry.s': 'fentry' }, { 'r1 = r10\n': 'call bpf_rcu_read_lock\nr1 = r10\n', 'r0 = 0\n': 'call bpf_rcu_read_unlock\nr0 = 0\n' }, { 'r1 = r10\n': 'call bpf_preempt_disable\nr1 = r10\n', 'r0 = 0\n': 'call bpf_preempt_enable\nr0 = 0\n' }, { 'r1 = r10\n': 'r1 = r10\nr1 += -16\ncall bpf_local_irq_save\nr1 = r10\n', 'r0 = 0\n': 'r1 = r10\nr1 += -16\ncall bpf_local_irq_restore\nr0 = 0\n' }],
  ['the function\'s address', `.prog fentry/bpf_fentry_test1\ncall bpf_get_func_ip\n${END}`, { 'fentry/bpf_fentry_test1': 'tp_btf/sched_switch' }, also({ 'fentry/bpf_fentry_test1': 'kprobe' }), { 'fentry/bpf_fentry_test1': 'raw_tp/sys_enter' }, { 'fentry/bpf_fentry_test1': 'tracepoint/a/b' }],
  ['arguments of the traced function', `.prog fexit/bpf_fentry_test1\nr2 = 0\nr3 = r10\nr3 += -8\ncall bpf_get_func_arg\n${END}`, also({ 'fexit/bpf_fentry_test1': 'tp_btf/sched_switch' }), { 'r3 += -8': 'r3 += -4' }],
  ['a return value to set', `.prog lsm_cgroup/socket_bind\nr1 = 0\ncall bpf_set_retval\nr0 = 1\nexit`, { 'r1 = 0': 'r1 = r10' }, { 'socket_bind': 'sk_free_security' }],
]);

const ARGUMENTS = cases(MAPS, [
  ['a map where one is asked for', `*(u64 *)(r10 - 8) = 0\nr2 = r10\nr2 += -8\nr1 = h ll\ncall bpf_map_lookup_elem\n${END}`, { 'r1 = h ll\n': '' }, { 'r1 = h ll': 'r1 = 0' }, { 'r1 = h ll': 'r1 = r10' }, { 'r2 += -8': 'r2 = 0' }, { 'r2 = r10\nr2 += -8': 'r2 = r1' }],
  ['arguments that are not set', `r1 = 0\nr2 = 0\ncall bpf_redirect\nr0 = 0\nexit\n.prog tc`, { 'r2 = 0\n': '' }, { 'r1 = 0\n': 'r1 = r6\n' }],
  ['anything goes', `.prog tc\nr1 = 0\nr2 = 0\ncall bpf_redirect\n${END}`, also({ 'r1 = 0': 'r1 = r10' })],
  ['anything goes but pointers', `.unprivileged\n*(u64 *)(r10 - 8) = 0\n*(u64 *)(r10 - 16) = 0\nr2 = r10\nr2 += -8\nr3 = r10\nr3 += -16\nr4 = 0\nr1 = h ll\ncall bpf_map_update_elem\n${END}`, { 'r4 = 0': 'r4 = r10' }, { 'r4 = 0': 'r4 = r2' }],
  ['the context where it is asked for', `.prog tc\nr2 = 0\ncall bpf_skb_pull_data\n${END}`, { 'r2 = 0': 'r1 = 0\nr2 = 0' }, { 'r2 = 0': 'r1 = r10\nr2 = 0' }, { 'r2 = 0': 'r1 += 8\nr2 = 0' }],
  ['a size that is known to be small', `.prog tc\nr6 = *(u32 *)(r1 + 0)\nr2 = 0\nr3 = r10\nr3 += -8\nr4 = r6\nr4 &= 7\nr4 += 1\ncall bpf_skb_load_bytes\n${END}`, { 'r4 &= 7': 'r4 &= 15' }, { 'r4 += 1\n': '' }, { 'r4 &= 7\nr4 += 1': 'r4 += 1' }, { 'r4 &= 7\nr4 += 1': 'r4 = -1' }, { 'r4 &= 7\nr4 += 1': 'r4 = r10' }],
  ['a size in the bounds of a branch', `.prog tc\nr6 = *(u32 *)(r1 + 0)\nif r6 > 8 goto out\nif r6 == 0 goto out\nr2 = 0\nr3 = r10\nr3 += -8\nr4 = r6\ncall bpf_skb_load_bytes\nout: r0 = 0\nexit`, { 'r6 > 8': 'r6 > 9' }, { 'if r6 == 0 goto out\n': '' }, also({ 'r6 > 8': 'r6 s> 8' })],
  ['a size that the signs leave open', `.prog tc\nr6 = r1\ncall bpf_get_prandom_u32\nr4 = r0\nif r4 > 8 goto out\nif r4 == 0 goto out\nr1 = r6\nr2 = 0\nr3 = r10\nr3 += -8\ncall bpf_skb_load_bytes\nout: r0 = 0\nexit`, { 'r4 = r0\nif r4 > 8': 'r4 = r0\nr4 <<= 32\nr4 s>>= 32\nif r4 s> 8' }],
  ['more memory than there can be', `.prog tc\nr2 = 0\nr3 = r10\nr3 += -8\nr4 = 8\ncall bpf_skb_load_bytes\n${END}`, { 'r4 = 8': 'r4 = 536870912' }, { 'r4 = 8': 'r4 = 4294967296 ll' }],
  ['memory that may be NULL where it is asked for', `${look('h', 8)}\nif r0 == 0 goto out\nr3 = r0\nr2 = r10\nr2 += -8\nr4 = 0\nr1 = h ll\ncall bpf_map_update_elem\nout: r0 = 0\nexit`, { 'if r0 == 0 goto out\n': '', 'r4 = 0\nr1 = h ll\ncall bpf_map_update_elem\nout:': 'r4 = 0\nr1 = h ll\ncall bpf_map_update_elem\n' }],
  ['a number from outside as constant', `r1 = rb ll\nr2 = 8\nr3 = 0\ncall bpf_ringbuf_reserve\nif r0 == 0 goto out\nr1 = r0\nr2 = 0\ncall bpf_ringbuf_discard\nout: r0 = 0\nexit`, { 'r1 = rb ll\nr2 = 8': 'r2 = *(u32 *)(r1 + 0)\nr1 = rb ll' }, { 'r2 = 8': 'r2 = 4294967296 ll' }, also({ 'r2 = 0': 'r2 = r10' })],
  ['what is released is what was acquired', `r1 = rb ll\nr2 = 8\nr3 = 0\ncall bpf_ringbuf_reserve\nif r0 == 0 goto out\nr1 = r0\nr2 = 0\ncall bpf_ringbuf_submit\nout: r0 = 0\nexit`, { 'r1 = r0\nr2': 'r1 = r0\nr1 += 4\nr2' }, { 'if r0 == 0 goto out\n': '' }, { 'r1 = r0\nr2 = 0\ncall bpf_ringbuf_submit\n': '' }, { 'submit\n': 'submit\nr1 = r0\nr2 = 0\ncall bpf_ringbuf_submit\n' }, { 'r1 = r0\nr2': 'r6 = r0\nr1 = r0\nr2', 'submit\n': 'submit\n*(u64 *)(r6 + 0) = 0\n' }, { 'r1 = r0\nr2': 'r1 = r10\nr1 += -8\nr2' }],
  ['memory of a ring', `r1 = rb ll\nr2 = 8\nr3 = 0\ncall bpf_ringbuf_reserve\nif r0 == 0 goto out\n*(u64 *)(r0 + 0) = 1\nr1 = r0\nr2 = 0\ncall bpf_ringbuf_submit\nout: r0 = 0\nexit`, { '(r0 + 0)': '(r0 + 1)' }, { '(r0 + 0)': '(r0 - 1)' }],
  ['a socket that was looked up', `.prog tc\nr2 = r10\nr2 += -16\n*(u64 *)(r10 - 16) = 0\n*(u64 *)(r10 - 8) = 0\nr3 = 12\nr4 = 0\nr5 = 0\ncall bpf_sk_lookup_tcp\nif r0 == 0 goto out\nr1 = r0\ncall bpf_sk_release\nout: r0 = 0\nexit`, { 'if r0 == 0 goto out\n': '' }, { 'r1 = r0\ncall bpf_sk_release\n': '' }, { 'call bpf_sk_release\n': 'call bpf_sk_release\ncall bpf_sk_release\n' }, { 'r1 = r0\n': 'r6 = r0\nr1 = r0\n', 'call bpf_sk_release\n': 'call bpf_sk_release\nr0 = *(u32 *)(r6 + 4)\n' }, { 'r1 = r0\n': '' }],
  ['a socket that was not acquired', `.prog tc\nr1 = *(u64 *)(r1 + 168)\nif r1 == 0 goto out\ncall bpf_get_listener_sock\nout: r0 = 0\nexit`, { 'bpf_get_listener_sock': 'bpf_sk_release' }, { 'if r1 == 0 goto out\n': '' }],
]);

const STRINGS = cases(`.prog tc\n.c
const char fmt[4] = "%d\\n";
const char bad[4] = "%z\\n";
const char open[4] = {'a', 'b', 'c', 'd'};
char writable[4] = "abc";
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, long); } h SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, long); } pc SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __uint(map_flags, BPF_F_RDONLY_PROG); __type(key, int); __type(value, long); } ro SEC(".maps");
.endc`, [
  ['a constant string', `*(u64 *)(r10 - 8) = 0\nr1 = r10\nr1 += -8\nr2 = 8\nr3 = fmt ll\ncall bpf_strncmp\n${END}`, { 'fmt ll': 'open ll' }, { 'fmt ll': 'writable ll' }, { 'r3 = fmt ll': 'r3 = r10' }, also({ 'r3 = fmt ll': 'r3 = fmt ll\nr4 = *(u32 *)(r1 + 0)\nr4 &= 1\nr3 += r4' }), { '*(u64 *)(r10 - 8) = 0\n': '*(u64 *)(r10 - 8) = 0\nr4 = *(u32 *)(r1 + 0)\nr4 &= 1\n', 'r3 = fmt ll': 'r3 = fmt ll\nr3 += r4' }, { 'r3 = fmt ll': `${look('pc')}\nr3 = r0\nr1 = r10\nr1 += -8\nr2 = 8` }, { 'r3 = fmt ll': `${look('ro')}\nr3 = r0\nr1 = r10\nr1 += -8\nr2 = 8` }, { 'r3 = fmt ll': 'r3 = 0' }, { 'fmt ll': 'open+4 ll' }],
  ['a format', `*(u64 *)(r10 - 8) = 0\nr1 = r10\nr1 += -16\nr2 = 8\nr3 = fmt ll\nr4 = r10\nr4 += -8\nr5 = 8\ncall bpf_snprintf\n${END}`, { 'fmt ll': 'bad ll' }, { 'r5 = 8': 'r5 = 0' }, { 'r5 = 8': 'r5 = 4' }, also({ 'r5 = 8': 'r5 = 16', 'r4 += -8': 'r4 += -16' }), { 'r5 = 8': 'r5 = *(u32 *)(r1 + 0)\nr5 &= 8' }],
]);

const FIELDS = cases(`.prog tc\n${MAPS}`, [
  ['a timer', `${found('timers')}\nr1 = r0\nr1 += timed.t\nr2 = timers ll\nr3 = 0\ncall bpf_timer_init\n${END}`, { 'timed.t': 'timed.b' }, { 'r1 += timed.t\n': '' }, { 'r1 += timed.t': 'r3 = *(u64 *)(r0 + 0)\nr3 &= 8\nr1 += r3' }, { 'r2 = timers ll': 'r2 = m ll' }, { 'r1 = r0\nr1 += timed.t': 'r1 = r10\nr1 += -16' }],
  ['a timer of a map with one', `${found('timers')}\nr1 = r0\nr1 += timed.t\nr2 = timers ll\nr3 = 0\ncall bpf_timer_init\n${END}`, `${found('untyped')}\nr1 = r0\nr2 = untyped ll\nr3 = 0\ncall bpf_timer_init\n${END}`, `${found('kptrs')}\nr1 = r0\nr2 = kptrs ll\nr3 = 0\ncall bpf_timer_init\n${END}`],
  ['a timer of another map', `${found('timers')}\nr1 = r0\nr1 += timed.t\nr2 = timers ll\nr3 = 0\ncall bpf_timer_init\n${END}`, { 'r2 = timers ll\nr3': 'r2 = kptrs ll\nr3' }],
  ['a kernel pointer is exchanged', `.prog tc\n${found('kptrs')}\nr1 = r0\nr2 = 0\ncall bpf_kptr_xchg\nif r0 == 0 goto out\nr1 = r0\ncall bpf_task_release\nout: r0 = 0\nexit`, { 'r1 = r0\nr2 = 0': 'r1 = r0\nr1 += kept.u\nr2 = 0' }, { 'r1 = r0\nr2 = 0': 'r1 = r0\nr1 += 4\nr2 = 0' }, { 'r1 = r0\nr2 = 0': 'r1 = r0\nr1 += kept.b\nr2 = 0' }, { 'r1 = r0\nr2 = 0': 'r3 = *(u64 *)(r0 + kept.b)\nr3 &= 8\nr1 = r0\nr1 += r3\nr2 = 0' }, { 'if r0 == 0 goto out\nr1 = r0\ncall bpf_task_release\nout: r0 = 0': 'r0 = 0' }, { 'r2 = 0': 'r2 = 5' }, { 'r2 = 0': 'r2 = r10' }, { 'r1 = r0\nr2 = 0': 'r1 = r10\nr1 += -8\nr2 = 0' }],
  ['a map with kernel pointers', `${found('kptrs')}\nr0 = 0\nexit`, `${found('untyped')}\nr1 = r0\nr2 = 0\ncall bpf_kptr_xchg\n${END}`, `${found('timers')}\nr1 = r0\nr2 = 0\ncall bpf_kptr_xchg\n${END}`],
]);

const COMPATIBLE = cases(`.prog tc\n${MAPS}`, [
  ['tail calls use program arrays', `r2 = progs ll\nr3 = 0\ncall bpf_tail_call\n${END}`, { 'progs ll': 'm ll' }, { 'r2 = progs ll': 'r2 = 0' }, { 'r3 = 0\n': '' }],
  ['program arrays are for tail calls', `r2 = progs ll\nr3 = 0\ncall bpf_tail_call\n${END}`, `${look('progs')}\n${END}`],
  ['events go to event arrays', `r2 = events ll\nr3 = 0\nr4 = r10\nr4 += -8\n*(u64 *)(r10 - 8) = 0\nr5 = 8\ncall bpf_perf_event_output\n${END}`, { 'events ll': 'm ll' }, { 'r5 = 8': 'r5 = 16' }],
  ['event arrays are for events', `r0 = 0\nexit`, `${look('events')}\n${END}`, `${look('stacks')}\n${END}`, also(`${look('devs')}\n${END}`), `${look('cgroups')}\n${END}`, `${look('q')}\n${END}`, `${look('bloom')}\n${END}`, `${look('rb')}\n${END}`, `${look('urb')}\n${END}`],
  ['queues are pushed and popped', `*(u64 *)(r10 - 8) = 0\nr1 = q ll\nr2 = r10\nr2 += -8\nr3 = 0\ncall bpf_map_push_elem\n${END}`, { 'q ll': 'm ll' }, { 'q ll': 'h ll' }, also({ 'q ll': 'bloom ll' }), { 'r2 += -8': 'r2 += -4' }],
  ['a socket map takes sockets', `r0 = 0\nexit`, `r1 = socks ll\nr2 = r10\nr2 += -8\ncall bpf_map_peek_elem\n${END}`, `*(u64 *)(r10 - 8) = 0\nr1 = socks ll\nr2 = r10\nr2 += -4\nr3 = r10\nr3 += -8\nr4 = 0\ncall bpf_map_update_elem\n${END}`],
  ['rings are for ring helpers', `r1 = rb ll\nr2 = 0\ncall bpf_ringbuf_query\n${END}`, { 'rb ll': 'm ll' }, { 'rb ll': 'urb ll' }],
  ['every element of maps that can be walked', `.func main\nr1 = h ll\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_for_each_map_elem\n${END}\n.func long cb(void *map, void *key, void *value, void *ctx)\n${END}`, { 'h ll': 'q ll' }, { 'h ll': 'rb ll' }, { 'r2 = cb ll': 'r2 = 0' }, also({ 'r4 = 0': 'r4 = 1' })],
  ['redirection by device maps', `.prog xdp\nr1 = devs ll\nr2 = 0\nr3 = 0\ncall bpf_redirect_map\nexit`, { 'devs ll': 'm ll' }],
  ['cgroups in arrays of them', `r2 = cgroups ll\nr3 = 0\ncall bpf_skb_under_cgroup\n${END}`, { 'cgroups ll': 'm ll' }],
]);

const STORAGE = cases(`.prog cgroup_skb/ingress\n.c
struct bpf_cgroup_storage_key { long a; int b; };
struct { __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE); __uint(key_size, 16); __uint(value_size, 8); } cs SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE); __uint(key_size, 16); __uint(value_size, 8); } cs2 SEC(".maps");
.endc`, [
  ['storage of the cgroup', `r1 = cs ll\nr2 = 0\ncall bpf_get_local_storage\nr0 = *(u64 *)(r0 + 0)\nr0 = 1\nexit`, { 'r2 = 0': 'r2 = 1' }, { '(r0 + 0)': '(r0 + 1)' }, { 'r1 = cs ll': 'r1 = r10' }, { 'r1 = cs ll': 'r1 = cs2 ll\nr1 = cs ll' }],
]);

const DYNPTRS = cases(`.prog tc\n${MAPS}`, [
  ['a dynptr on the stack', `r1 = rb ll\nr2 = 8\nr3 = 0\nr4 = r10\nr4 += -16\ncall bpf_ringbuf_reserve_dynptr\nr1 = r10\nr1 += -16\nr2 = 0\ncall bpf_ringbuf_submit_dynptr\n${END}`, { 'r4 += -16': 'r4 += -12' }, { 'r4 += -16': 'r4 += -8' }, { 'r1 += -16': 'r1 += -8' }, { 'r1 += -16': 'r1 += -24' }, { 'r1 = r10\nr1 += -16\nr2 = 0\ncall bpf_ringbuf_submit_dynptr\n': '' }, { 'submit_dynptr\n': 'submit_dynptr\nr1 = r10\nr1 += -16\nr2 = 0\ncall bpf_ringbuf_submit_dynptr\n' }, { 'r1 = r10\nr1 += -16': '*(u64 *)(r10 - 8) = 0\nr1 = r10\nr1 += -16' }, { 'r1 = r10\nr1 += -16': 'r0 = *(u64 *)(r10 - 8)\nr1 = r10\nr1 += -16' }, { 'r1 = r10\nr1 += -16': 'r1 = rb ll\nr2 = 8\nr3 = 0\nr4 = r10\nr4 += -16\ncall bpf_ringbuf_reserve_dynptr\nr1 = r10\nr1 += -16' }, { 'r1 = r10\nr1 += -16': 'r1 = 0' }],
  ['data of a dynptr', `r1 = rb ll\nr2 = 8\nr3 = 0\nr4 = r10\nr4 += -16\ncall bpf_ringbuf_reserve_dynptr\nr1 = r10\nr1 += -16\nr2 = 0\nr3 = 8\ncall bpf_dynptr_data\nif r0 == 0 goto out\n*(u64 *)(r0 + 0) = 1\nout: r1 = r10\nr1 += -16\nr2 = 0\ncall bpf_ringbuf_discard_dynptr\n${END}`, { '(r0 + 0)': '(r0 + 1)' }, { 'if r0 == 0 goto out\n': '' }, { 'r3 = 8\n': 'r3 = r6\n' }, { 'r2 = 0\nr3 = 8\ncall bpf_dynptr_data': 'r2 = 0\nr3 = r0\ncall bpf_dynptr_data' }, { 'out: r1': 'out: r6 = r0\nr1', 'discard_dynptr\n': 'discard_dynptr\n*(u64 *)(r6 + 0) = 1\n' }],
  ['a dynptr of local memory', `${found('m')}\nr1 = r0\nr2 = 8\nr3 = 0\nr4 = r10\nr4 += -24\ncall bpf_dynptr_from_mem\nr1 = r10\nr1 += -8\nr2 = 8\nr3 = r10\nr3 += -24\nr4 = 0\nr5 = 0\ncall bpf_dynptr_read\n${END}`, { 'r1 = r0\nr2 = 8': 'r1 = r10\nr1 += -8\nr2 = 8' }, { 'r2 = 8\nr3 = 0\n': 'r2 = 9\nr3 = 0\n' }, { 'r3 += -24': 'r3 += -16' }, { 'r2 = 8\nr3 = r10': 'r2 = 16\nr3 = r10' }, { 'r3 = r10\nr3 += -24': 'r3 = r0' }, { 'r3 = r10\nr3 += -24': 'r3 = 0' }],
  ['only rings give back', `${found('m')}\nr1 = r0\nr2 = 8\nr3 = 0\nr4 = r10\nr4 += -24\ncall bpf_dynptr_from_mem\n${END}`, { 'from_mem\n': 'from_mem\nr1 = r10\nr1 += -24\nr2 = 0\ncall bpf_ringbuf_submit_dynptr\n' }, { 'from_mem\n': 'from_mem\nr1 = r0\nr2 = 0\nr3 = 8\ncall bpf_dynptr_data\n' }, { 'from_mem\n': 'from_mem\nr1 = r6\nr2 = 0\nr3 = 8\ncall bpf_dynptr_data\n' }],
  ['a dynptr in a map value', `${found('h', 8)}\n${END}`, { 'have:\n': 'have:\nr1 = r0\nr2 = 0\nr3 = 8\ncall bpf_dynptr_data\n' }],
]);

export const CASES = join(WHICH, ARGUMENTS, STRINGS, FIELDS, COMPATIBLE, STORAGE, DYNPTRS);
