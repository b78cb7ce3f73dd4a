import { also, cases, join } from '../../testing/cases.ts';
import { END } from '../../testing/scenes.ts';

const NUM = `r1 = r10\nr1 += -8\nr2 = 0\nr3 = 3\ncall bpf_iter_num_new`;
const it = (what: string, off = -8): string => `r1 = r10\nr1 += ${off}\ncall bpf_iter_${what}`;

const FLAGS = cases('.prog fentry.s/bpf_fentry_test1', [
  ['kfuncs of the program type', `call bpf_rcu_read_lock\ncall bpf_rcu_read_unlock\n${END}`, `.prog fentry.s/bpf_fentry_test1\nr1 = 1\ncall bpf_xdp_pull_data\n${END}`, `.prog socket\ncall bpf_cpumask_create\n${END}`],
  ['kfuncs of programs under the GPL', `call bpf_rcu_read_lock\ncall bpf_rcu_read_unlock\n${END}`, { 'call bpf_rcu_read_lock': '.license Proprietary\ncall bpf_rcu_read_lock' }],
  ['kfuncs for the privileged', `.prog socket\n${END}`, `.prog socket\n.unprivileged\ncall bpf_rcu_read_lock\ncall bpf_rcu_read_unlock\n${END}`],
  ['KF_ACQUIRE and KF_RELEASE', `r1 = 1\ncall bpf_task_from_pid\nif r0 == 0 goto out\nr1 = r0\ncall bpf_task_release\nout: r0 = 0\nexit`, { 'r1 = r0\ncall bpf_task_release\n': '' }, { 'call bpf_task_release\n': 'call bpf_task_release\ncall bpf_task_release\n' }, { 'r1 = r0\n': 'r6 = r0\nr1 = r0\n', 'call bpf_task_release\n': 'call bpf_task_release\nr1 = r6\ncall bpf_task_release\n' }, { 'r1 = r0\n': 'r6 = r0\nr1 = r0\n', 'call bpf_task_release\n': 'call bpf_task_release\nr0 = *(u64 *)(r6 + 0)\n' }, { 'r1 = r0\n': 'r1 = r0\nr1 += 8\n' }, { 'r1 = r0\n': 'r1 = 0\n' }, { 'r1 = r0\n': 'r1 = r10\n' }, { 'call bpf_task_release': 'call bpf_cgroup_release' }],
  ['KF_RELEASE of what is not acquired', `call bpf_get_current_task_btf\nr1 = r0\ncall bpf_task_acquire\nif r0 == 0 goto out\nr1 = r0\ncall bpf_task_release\nout: r0 = 0\nexit`, `call bpf_get_current_task_btf\nr1 = r0\ncall bpf_task_release\n${END}`, { 'if r0 == 0 goto out\nr1 = r0\ncall bpf_task_release\nout: ': '' }],
  ['KF_RET_NULL', `r1 = 1\ncall bpf_task_from_pid\nif r0 == 0 goto out\nr1 = r0\ncall bpf_task_release\nout: r0 = 0\nexit`, { 'if r0 == 0 goto out\n': '' }, { 'if r0 == 0 goto out\nr1': 'r6 = *(u64 *)(r0 + 0)\nif r0 == 0 goto out\nr1' }],
  ['KF_SLEEPABLE', `r1 = r10\nr1 += -8\nr2 = 8\nr3 = 0\nr4 = 0\ncall bpf_copy_from_user_str\n${END}`, { 'r1 = r10\nr1 += -8': '.prog fentry/bpf_fentry_test1\nr1 = r10\nr1 += -8' }, { 'r1 = r10\n': 'call bpf_rcu_read_lock\nr1 = r10\n', 'r0 = 0\n': 'call bpf_rcu_read_unlock\nr0 = 0\n' }, { 'r1 = r10\n': 'call bpf_preempt_disable\nr1 = r10\n', 'r0 = 0\n': 'call bpf_preempt_enable\nr0 = 0\n' }, { 'r2 = 8': 'r2 = 16' }, also({ 'r2 = 8': 'r2 = 0' })],
  ['KF_RCU', `call bpf_get_current_task_btf\nr1 = r0\ncall bpf_task_acquire\nif r0 == 0 goto out\nr1 = r0\ncall bpf_task_release\nout: r0 = 0\nexit`, { 'r1 = r0\ncall bpf_task_acquire': 'r1 = *(u64 *)(r0 + 0)\ncall bpf_task_acquire' }, { 'r1 = r0\ncall bpf_task_acquire': 'r1 = r10\ncall bpf_task_acquire' }, { 'r1 = r0\ncall bpf_task_acquire': 'r1 = 0\ncall bpf_task_acquire' }, { 'r1 = r0\ncall bpf_task_acquire': 'r1 = r0\nr1 += 8\ncall bpf_task_acquire' }],
  ['KF_RCU_PROTECTED', `call bpf_rcu_read_lock\nr1 = r10\nr1 += -24\nr2 = 0\nr3 = 0\ncall bpf_iter_task_new\n${it('task_destroy', -24)}\ncall bpf_rcu_read_unlock\n${END}`, { 'call bpf_rcu_read_lock\n': '', 'call bpf_rcu_read_unlock\n': '' }, { 'call bpf_rcu_read_unlock\n': '', 'call bpf_iter_task_new\n': 'call bpf_iter_task_new\ncall bpf_rcu_read_unlock\n' }, also({ 'call bpf_rcu_read_lock\n': '.prog fentry/bpf_fentry_test1\n', 'call bpf_rcu_read_unlock\n': '' })],
  ['KF_DESTRUCTIVE', `.prog kprobe\nr0 = 0\nexit`],
  ['a trap', `r0 = 0\nexit`, `call __bpf_trap\n${END}`],
  ['KF_ITER_NEW, _NEXT and _DESTROY', `${NUM}\nloop: ${it('num_next')}\nif r0 != 0 goto loop\n${it('num_destroy')}\n${END}`, { [it('num_destroy')]: 'r0 = 0' }, { [NUM]: 'r0 = 0' }, { [NUM]: `${NUM}\n${NUM}` }, { [it('num_destroy')]: `${it('num_destroy')}\n${it('num_destroy')}` }, { [it('num_next')]: 'r1 = r10\nr1 += -16\ncall bpf_iter_num_next' }, { [it('num_next')]: it('num_next', -4) }, { [it('num_next')]: 'r1 = 0\ncall bpf_iter_num_next' }, { 'if r0 != 0 goto loop': 'r0 = *(u32 *)(r0 + 0)' }, { [it('num_destroy')]: `*(u64 *)(r10 - 8) = 0\n${it('num_destroy')}` }, { [it('num_destroy')]: `r0 = *(u64 *)(r10 - 8)\n${it('num_destroy')}` }, { [it('num_next')]: it('bits_next') }],
  ['an element of an iterator', `${NUM}\n${it('num_next')}\nif r0 == 0 goto done\nr0 = *(u32 *)(r0 + 0)\ndone: ${it('num_destroy')}\n${END}`, { '(u32 *)(r0 + 0)': '(u64 *)(r0 + 0)' }, { 'r0 = *(u32 *)(r0 + 0)': '*(u32 *)(r0 + 0) = 0' }, { '(u32 *)(r0 + 0)': '(u32 *)(r0 + 4)' }, { 'if r0 == 0 goto done\n': '' }],
  ['an element is gone with the next', `${NUM}\n${it('num_next')}\nif r0 == 0 goto done\nr6 = r0\nr0 = *(u32 *)(r6 + 0)\ndone: ${it('num_destroy')}\n${END}`],
  ['iterators of tasks by css', `.prog lsm.s/file_open\nr0 = 0\nexit`, `.prog fentry/bpf_fentry_test1\nr1 = 1\ncall bpf_cgroup_from_id\nif r0 == 0 goto out\nr6 = r0\nr1 = r10\nr1 += -8\nr2 = r6\nr3 = 0\ncall bpf_iter_css_task_new\n${it('css_task_destroy')}\nr1 = r6\ncall bpf_cgroup_release\nout: r0 = 0\nexit`],
]);

const ARGUMENTS = cases('.prog tc', [
  ['a number', `r1 = 1\ncall bpf_task_from_pid\nif r0 == 0 goto out\nr1 = r0\ncall bpf_task_release\nout: r0 = 0\nexit`, { 'r1 = 1\n': 'r1 = r10\n' }, { 'r1 = 1\n': 'r1 = r6\n' }],
  ['the context', `r2 = 0\nr3 = r10\nr3 += -16\ncall bpf_dynptr_from_skb\n${END}`, { 'r2 = 0': 'r1 = 0\nr2 = 0' }, { 'r2 = 0': 'r1 = r10\nr2 = 0' }, { 'r2 = 0': 'r1 += 4\nr2 = 0' }, { 'r3 += -16': 'r3 += -8' }, { 'r3 += -16': 'r3 += -12' }, { 'r3 = r10\nr3 += -16': 'r3 = 0' }, { 'r2 = 0': 'r2 = r1' }, { 'r2 = 0': '.prog xdp\nr2 = 0' }],
  ['a slice of a dynptr', `r2 = 0\nr3 = r10\nr3 += -16\ncall bpf_dynptr_from_skb\nr1 = r10\nr1 += -16\nr2 = 0\nr3 = r10\nr3 += -24\nr4 = 8\ncall bpf_dynptr_slice\nif r0 == 0 goto out\nr0 = *(u64 *)(r0 + 0)\nout: r0 = 0\nexit`, { 'r4 = 8': 'r4 = 16' }, { '(r0 + 0)': '(r0 + 1)' }, { 'r0 = *(u64 *)(r0 + 0)': '*(u64 *)(r0 + 0) = 1' }, { 'r4 = 8': 'r4 = r0' }, { 'if r0 == 0 goto out\n': '' }, also({ 'r3 = r10\nr3 += -24': 'r3 = 0' }), { 'r1 = r10\nr1 += -16': 'r1 = r10\nr1 += -32' }, { 'r4 = 8': 'r4 = -1' }],
  ['a slice to write', `r2 = 0\nr3 = r10\nr3 += -16\ncall bpf_dynptr_from_skb\nr1 = r10\nr1 += -16\nr2 = 0\nr3 = r10\nr3 += -24\nr4 = 8\ncall bpf_dynptr_slice_rdwr\nif r0 == 0 goto out\n*(u64 *)(r0 + 0) = 1\nout: r0 = 0\nexit`, { 'r2 = 0\nr3 = r10\nr3 += -16': '.prog cgroup_skb/ingress\nr2 = 0\nr3 = r10\nr3 += -16' }, { '(r0 + 0)': '(r0 + 4)' }, { 'r3 = r10\nr3 += -24\nr4 = 8\ncall bpf_dynptr_slice_rdwr': 'r3 = r10\nr3 += -16\nr4 = 8\ncall bpf_dynptr_slice_rdwr' }],
  ['a clone', `r2 = 0\nr3 = r10\nr3 += -16\ncall bpf_dynptr_from_skb\nr1 = r10\nr1 += -16\nr2 = r10\nr2 += -32\ncall bpf_dynptr_clone\nr1 = r10\nr1 += -32\ncall bpf_dynptr_size\n${END}`, { 'r2 += -32': 'r2 += -24' }, { 'r2 += -32': 'r2 += -16' }, { 'r1 += -32': 'r1 += -48' }, { 'r1 = r10\nr1 += -16\nr2': 'r1 = r10\nr1 += -48\nr2' }],
  ['a slice of a packet that changed', `r6 = r1\nr2 = 0\nr3 = r10\nr3 += -16\ncall bpf_dynptr_from_skb\nr1 = r10\nr1 += -16\nr2 = 0\nr3 = 0\nr4 = 8\ncall bpf_dynptr_slice\nr7 = r0\nif r7 == 0 goto out\nr0 = *(u64 *)(r7 + 0)\nout: r0 = 0\nexit`, { 'if r7 == 0 goto out\n': 'if r7 == 0 goto out\nr1 = r6\nr2 = 0\ncall bpf_skb_pull_data\n' }],
]);

const POINTERS = cases(`.prog fentry.s/bpf_fentry_test1\n.c
struct mine { long a; };
const char word[4] = "abc";
char letters[4] = "abc";
.endc`, [
  ['masks', `call bpf_cpumask_create\nif r0 == 0 goto out\nr6 = r0\nr1 = 0\nr2 = r6\ncall bpf_cpumask_set_cpu\nr1 = r6\ncall bpf_cpumask_first\nr1 = r6\ncall bpf_cpumask_release\nout: r0 = 0\nexit`, { 'r1 = r6\ncall bpf_cpumask_release\n': '' }, { 'if r0 == 0 goto out\n': '' }, { 'call bpf_cpumask_release\n': 'call bpf_cpumask_release\nr1 = r6\ncall bpf_cpumask_first\n' }, { 'r1 = r6\ncall bpf_cpumask_first': '*(u64 *)(r6 + 0) = 1\nr1 = r6\ncall bpf_cpumask_first' }],
  ['a cast to bytes', `call bpf_get_current_task_btf\nr1 = r0\nr2 = 0\ncall bpf_rdonly_cast\nr0 = *(u64 *)(r0 + 100)\n${END}`, { 'r0 = *(u64 *)(r0 + 100)': '*(u64 *)(r0 + 100) = 0' }, { 'r2 = 0': 'r2 = 999999' }, { 'r2 = 0': 'r2 = 1' }, { 'r2 = 0': 'r2 = r0' }, { 'r2 = 0': 'r2 = -1' }],
  ['the kernel\'s context', `.prog tc\ncall bpf_cast_to_kern_ctx\nr0 = *(u64 *)(r0 + 0)\n${END}`, { '(u64 *)(r0 + 0)': '(u32 *)(r0 + 0)' }, { 'call bpf_cast_to_kern_ctx': 'r1 = r10\ncall bpf_cast_to_kern_ctx' }, { 'call bpf_cast_to_kern_ctx': '.prog fentry/bpf_fentry_test1\ncall bpf_cast_to_kern_ctx' }, { '(r0 + 0)': '(r0 + 4000)' }],
]);

const WALKS = cases('.prog fentry/bpf_fentry_test1', [
  ['fields of a task', `call bpf_get_current_task_btf\nr0 = *(u32 *)(r0 + 40)\n${END}`, { '(r0 + 40)': '(r0 - 8)' }, { '(u32 *)(r0 + 40)': '(u32 *)(r0 + 30000)' }, { 'r0 = *(u32 *)(r0 + 40)': '*(u32 *)(r0 + 40) = 0' }, { 'r0 = *(u32 *)(r0 + 40)': 'r1 = *(u32 *)(r0 + 40)\nr1 &= 4\nr0 += r1\nr0 = *(u32 *)(r0 + 40)' }, { 'call bpf_get_current_task_btf': '.license Proprietary\ncall bpf_get_current_task_btf' }],
]);

const THROWS = cases('.prog tc', [
  ['an exception', `r1 = 0\ncall bpf_throw\nexit`, { 'r1 = 0\n': '' }, { 'r1 = 0': 'r1 = r10' }],
  ['an exception from a function', `call f\n${END}\n.func int f(void)\nr1 = 0\ncall bpf_throw\nexit`],
  ['an exception from a callback', `.func main\nr1 = 10\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_loop\n${END}\n.func long cb(u32 i, void *ctx)\n${END}`, { 'ctx)\nr0 = 0': 'ctx)\nr1 = 0\ncall bpf_throw\nr0 = 0' }],
]);

const WORK = cases(`.prog tc\n.c
struct worked { long a; struct bpf_wq w; long b; };
struct tasked { long a; struct bpf_task_work w; long b; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct worked); } works SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct tasked); } tasks SEC(".maps");
static int cb(void *map, int *key, void *value);
.endc
*(u64 *)(r10 - 8) = 0\nr2 = r10\nr2 += -8\nr1 = works ll\ncall bpf_map_lookup_elem\nif r0 == 0 goto out\nr6 = r0`, [
  ['a work queue', `r1 = r6\nr1 += worked.w\nr2 = works ll\nr3 = 0\ncall bpf_wq_init\nout: r0 = 0\nexit`, { 'r1 += worked.w\n': '' }, { 'worked.w': 'worked.b' }, { 'r2 = works ll\nr3': 'r2 = tasks ll\nr3' }, { 'r2 = works ll\nr3': 'r2 = r6\nr3' }, { 'r1 = r6\nr1 += worked.w': 'r1 = r10\nr1 += -16' }, { 'r3 = 0': 'r3 = r10' }],
  ['what a work queue calls', `r1 = r6\nr1 += worked.w\nr2 = cb ll\nr3 = 0\ncall bpf_wq_set_callback\nout: r0 = 0\nexit\n.func cb\n${END}`, { 'r2 = cb ll': 'r2 = 0' }, { 'r2 = cb ll': 'r2 = r6' }, { '.func cb\nr0 = 0': '.func cb\nr0 = r2' }, { 'worked.w': 'worked.a' }, also({ '.func cb\nr0 = 0': '.func cb\nr0 = *(u64 *)(r3 + 24)\nr0 = 0' }), { '.func cb\nr0 = 0': '.func cb\nr0 = 1' }],
]);

export const CASES = join(FLAGS, ARGUMENTS, POINTERS, WALKS, THROWS, WORK);
