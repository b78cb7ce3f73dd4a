import { also, cases, join, judged } from '../testing/cases.ts';
import { END, found, look } from '../testing/scenes.ts';

const ONE = `.prog tc\n.c\nstruct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __uint(map_flags, BPF_F_RDONLY_PROG); __type(key, int); __type(value, long); } one SEC(".maps");\n.endc\n.freeze one`;

const CONSTANTS = cases('', [
  ['constants of a map that is frozen', `${ONE}\n${found('one')}\nr0 = *(u64 *)(r0 + 0)\n${END}`, { 'max_entries, 1': 'max_entries, 2' }, also({ '.freeze one\n': '' })],
  ['a text of a map that is frozen', `${ONE}\n*(u64 *)(r10 - 16) = 0\n${look('one')}\nif r0 == 0 goto out\nr1 = r10\nr1 += -16\nr2 = 4\nr3 = r0\ncall bpf_strncmp\nout: ${END}`, { 'max_entries, 1': 'max_entries, 2' }, { BPF_MAP_TYPE_ARRAY: 'BPF_MAP_TYPE_HASH' }, { '.freeze one\n': '' }],
]);

const STACK = cases('.prog tc', [
  ['atomics at a known place of the stack', `*(u64 *)(r10 - 8) = 0\n*(u64 *)(r10 - 16) = 0\nr2 = *(u32 *)(r1 + 0)\nr2 &= 0\nr3 = r10\nr3 += -16\nr3 += r2\nr4 = 1\nlock *(u64 *)(r3 + 0) += r4\n${END}`, { 'r2 &= 0': 'r2 &= 8' }],
  ['where objects lie on the stack', `r1 = r10\nr1 += -16\nr2 = 0\nr3 = 4\ncall bpf_iter_num_new\nr1 = r10\nr1 += -16\ncall bpf_iter_num_destroy\n${END}`, { 'r1 += -16\nr2': 'r1 += -12\nr2' }, { 'r1 += -16\nr2': 'r1 += -4\nr2' }, { 'r1 += -16\nr2': 'r1 += 0\nr2' }],
  ['where flags lie on the stack', `r1 = r10\nr1 += -8\ncall bpf_local_irq_save\nr1 = r10\nr1 += -8\ncall bpf_local_irq_restore\n${END}`, { 'r1 += -8\ncall bpf_local_irq_save': 'r1 += -12\ncall bpf_local_irq_save' }, { 'r1 += -8\ncall bpf_local_irq_restore': 'r1 += -4\ncall bpf_local_irq_restore' }],
]);

const OBJECTS = cases('', [
  ['members of a kernel struct', `.prog tp_btf/sched_switch\ncall bpf_get_current_task_btf\nr1 = *(u32 *)(r0 + 24)\n${END}`, { '*(u32 *)(r0 + 24)': '*(u64 *)(r0 + 24)' }, also({ '*(u32 *)(r0 + 24)': '*(u16 *)(r0 + 24)' }), also({ '*(u32 *)(r0 + 24)': '*(u16 *)(r0 + 26)' }), { '*(u32 *)(r0 + 24)': '*(u64 *)(r0 + 26)' }, { '*(u32 *)(r0 + 24)': '*(u32 *)(r0 + 76)' }, { '*(u32 *)(r0 + 24)': '*(u8 *)(r0 + 79)' }],
  ['tags of an object\'s members', `.prog tc\n.c\nstruct tagged { long __attribute__((btf_type_tag("user"))) *p; long a; };\n.endc\nr1 = typeid.tagged\ncall bpf_obj_new\nif r0 == 0 goto out\nr1 = r0\nr2 = *(u64 *)(r0 + 0)\ncall bpf_obj_drop\nout: ${END}`, { '__attribute__((btf_type_tag("user")))': '__attribute__((btf_type_tag("user"))) __attribute__((btf_type_tag("percpu")))' }],
  ['writes into the kernel\'s socket', `.prog struct_ops/init\n.attach struct tcp_congestion_ops.init\nr1 = *(u64 *)(r1 + 0)\nr2 = 0\n${END}`, { 'r2 = 0': '*(u32 *)(r1 + 0) = 0' }, { 'r2 = 0': '*(u64 *)(r1 + 30000) = 0' }],
  ['pointers that user space keeps', `.prog syscall\n.c\nstruct user { long a; };\nstruct value { struct user __attribute__((btf_type_tag("uptr"))) *u; long b; };\nstruct { __uint(type, BPF_MAP_TYPE_TASK_STORAGE); __uint(map_flags, BPF_F_NO_PREALLOC); __type(key, int); __type(value, struct value); } tasks SEC(".maps");\n.endc\ncall bpf_get_current_task_btf\nr2 = r0\nr1 = tasks ll\nr3 = 0\nr4 = 1\ncall bpf_task_storage_get\nif r0 == 0 goto out\nr1 = *(u64 *)(r0 + 0)\nout: ${END}`, { 'r1 = *(u64 *)(r0 + 0)': 'r1 = 0\n*(u64 *)(r0 + 0) = r1' }, { 'r1 = *(u64 *)(r0 + 0)': '*(u64 *)(r0 + 0) = 0' }, { 'r1 = *(u64 *)(r0 + 0)': 'r1 = 1\nlock *(u64 *)(r0 + 0) += r1' }, { 'r1 = *(u64 *)(r0 + 0)': 'r1 = *(u32 *)(r0 + 0)' }],
]);

const QDISC = cases('.prog struct_ops/enqueue\n.attach struct Qdisc_ops.enqueue', [
  ['arguments that are owned, in a function', `r6 = r1\nr1 = *(u64 *)(r6 + 0)\nr2 = *(u64 *)(r6 + 16)\ncall bpf_qdisc_skb_drop\nr1 = r6\ncall f\nexit\n.func global int f(void *ctx __arg_ctx)\nr1 = *(u64 *)(r1 + 8)\n${END}`, { '(r1 + 8)': '(r1 + 0)' }],
]);

const LARGE = cases('.prog tc', [
  ['memory as large as it may be', `.c\nstruct huge { int a; int b; };\nint f(struct huge *p);\n.endc\n*(u64 *)(r10 - 8) = 0\nr1 = r10\nr1 += -8\ncall f\n${END}\n.func f\n${END}`, { 'int a; int b;': 'char a[0x80000000];' }, { 'int a; int b;': 'char a[0x7fffffff];' }, { 'int a; int b;': 'char a[12];' }],
]);

/** Judged by recordings of a kernel with the test module. */
const OF_THE_MODULE = judged('', [
  ['an argument that is owned, in a function', 'struct_ops_refcounted_fail__global_subprog/refcounted_fail__global_subprog', `.prog struct_ops/test_refcounted\n.attach struct bpf_testmod_ops.test_refcounted\nr6 = r1\nr1 = *(u64 *)(r6 + 8)\ncall bpf_task_release\nr1 = r6\ncall f\nexit\n.func global int f(void *ctx __arg_ctx)\nr6 = *(u64 *)(r1 + 0)\nr1 = *(u64 *)(r1 + 8)\ncall bpf_task_release\nw6 += 1\nw0 = w6\nexit`],
]);

export const CASES = join(CONSTANTS, STACK, OBJECTS, QDISC, LARGE, OF_THE_MODULE);
