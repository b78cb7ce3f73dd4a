import { cases, join } from '../testing/cases.ts';
import { END, look } from '../testing/scenes.ts';

const MAPS = `.c
struct kept { struct task_struct __kptr *p; long b; };
struct timed { struct bpf_timer t; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct kept); } kptrs SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct timed); } timers SEC(".maps");
.endc`;

const SETS = Array.from({ length: 100 }, () => 'r1 = r7\nr2 = cb ll\ncall bpf_timer_set_callback').join('\n');

const CALLS = cases(`.prog tc\n${MAPS}`, [
  ['what is put into a map', `${look('kptrs')}\nif r0 == 0 goto out\nr6 = r0\nr1 = 1\ncall bpf_task_from_pid\nif r0 == 0 goto out\nr2 = r0\nr1 = r6\ncall bpf_kptr_xchg\nif r0 == 0 goto out\nr1 = r0\ncall bpf_task_release\nout: ${END}`, { 'if r0 == 0 goto out\nr2 = r0': 'r2 = r0' }, { 'if r0 == 0 goto out\nr1 = r0\n': 'r1 = r0\n' }],
  ['callbacks that wait', `.func main\n${look('timers')}\nif r0 == 0 goto out\nr7 = r0\nr6 = 0\nl: ${SETS}\nr6 += 1\nif r6 != 20 goto l\nout: ${END}\n.func int cb(void *map, int *key, struct bpf_timer *t)\n${END}`, { '!= 20': '!= 90' }],
  ['what is a text', `.c\nconst char text[8] = "abc";\n.endc\n*(u64 *)(r10 - 16) = 0\nr1 = r10\nr1 += -16\nr2 = 4\nr3 = text ll\ncall bpf_strncmp\n${END}`, `.jumptable t out\n*(u64 *)(r10 - 16) = 0\nr1 = r10\nr1 += -16\nr2 = 4\nr3 = t ll\ncall bpf_strncmp\nout: ${END}`],
]);

const DYNPTRS = cases('.prog tc', [
  ['a dynptr that is given', `*(u64 *)(r10 - 8) = 0\nr2 = 0\nr3 = r10\nr3 += -24\ncall bpf_dynptr_from_skb\nr1 = r10\nr1 += -24\ncall f\n${END}\n.func global int f(struct bpf_dynptr *d)\n${END}`, { 'r1 = r10\nr1 += -24\ncall f': 'r1 = 5\ncall f' }, { 'r1 = r10\nr1 += -24\ncall f': 'call bpf_get_current_task_btf\nr1 = r0\ncall f' }, { 'r1 = r10\nr1 += -24\ncall f': 'r1 = r10\nr1 += -32\ncall f' }],
  ['a dynptr of a kfunc', `*(u64 *)(r10 - 8) = 0\nr2 = 0\nr3 = r10\nr3 += -24\ncall bpf_dynptr_from_skb\nr1 = r10\nr1 += -24\ncall bpf_dynptr_size\n${END}`, { 'r1 += -24\ncall bpf_dynptr_size': 'call bpf_get_current_task_btf\nr1 = r0\ncall bpf_dynptr_size' }, { 'r1 += -24\ncall bpf_dynptr_size': 'r1 = 5\ncall bpf_dynptr_size' }],
]);

const PROBES = cases('', [
  ['where a path may be asked for', `.prog fentry/vfs_truncate\n*(u64 *)(r10 - 8) = 0\nr1 = *(u64 *)(r1 + 0)\nr2 = r10\nr2 += -8\nr3 = 8\ncall bpf_d_path\n${END}`, { 'fentry/vfs_truncate': 'fentry/bpf_fentry_test1' }, { 'fentry/vfs_truncate': 'fentry/do_truncate' }],
]);

export const CASES = join(CALLS, DYNPTRS, PROBES);
