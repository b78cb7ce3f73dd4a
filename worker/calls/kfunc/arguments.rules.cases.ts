import { KFUNC_ROWS } from '../../kernel/generated/kfuncs.ts';
import type { Program } from '../../program/program.ts';
import { Insns } from '../../isa/insns.ts';
import { also, cases, join, judged } from '../../testing/cases.ts';
import { END } from '../../testing/scenes.ts';

const TYPES = `.c
struct item { long key; struct bpf_rb_node rb; struct bpf_refcount ref; };
struct bare { long a; };
struct keeping { struct task_struct __kptr *t; };
private(A) struct bpf_spin_lock glock;
private(A) struct bpf_rb_root groot __contains(item, rb);
private(B) struct bpf_res_spin_lock strong;
static bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b);
.endc`;

const lock = 'r1 = glock ll\ncall bpf_spin_lock';
const unlock = 'r1 = glock ll\ncall bpf_spin_unlock';
const created = (type: string): string => `r1 = typeid.${type}\ncall bpf_obj_new\nif r0 == 0 goto out\nr6 = r0`;
const add = `r1 = groot ll\nr2 = r6\nr2 += item.rb\nr3 = less ll\nr4 = 0\nr5 = 0\ncall bpf_rbtree_add_impl`;
const LESS = `.func less\n${END}`;

/** Functions that call the next, the last of which adds to a tree. */
const deep = (n: number): string => `call s0\n${END}\n${Array.from({ length: n }, (_, i) => `.func static int s${i}(void)\n${i === n - 1 ? `${created('item')}\n${lock}\n${add}\n${unlock}\nout: r0 = 0` : `call s${i + 1}`}\nexit`).join('\n')}\n${LESS}`;

const TREES = cases(`.prog tc\n${TYPES}`, [
  ['a node that is still there', `${lock}\nr1 = groot ll\ncall bpf_rbtree_first\nr6 = r0\nif r6 == 0 goto none\nr1 = groot ll\nr2 = r6\ncall bpf_rbtree_remove\nr7 = r0\n${unlock}\nif r7 == 0 goto out\nr7 += -8\nr1 = r7\ncall bpf_obj_drop\nout: ${END}\nnone: ${unlock}\n${END}`, { 'r1 = groot ll\nr2 = r6': `${unlock}\n${lock}\nr1 = groot ll\nr2 = r6` }],
  ['a function that compares', `${created('item')}\n${lock}\n${add}\n${unlock}\nout: ${END}\n${LESS}`, { 'r3 = less ll': 'r8 = less ll\nr3 = 1' }, { 'r3 = less ll': 'r8 = less ll\nr3 = r10' }, { 'r3 = less ll': 'r8 = less ll\nr3 = 0' }],
  ['how deep a comparison is called', deep(14), deep(15)],
  ['locks of two kinds', `r1 = strong ll\ncall bpf_res_spin_lock\nif r0 != 0 goto out\nr1 = strong ll\ncall bpf_res_spin_unlock\nout: ${END}`, { 'if r0 != 0 goto out\n': `if r0 != 0 goto out\n${lock}\n${unlock}\n` }, `${lock}\n${lock}\n${unlock}\n${END}`],
]);

const OBJECTS = cases(TYPES, [
  ['what is freed where interrupts cannot wait', `.prog tc\n${created('keeping')}\nr1 = r6\ncall bpf_obj_drop\nout: ${END}`, { '.prog tc': '.prog tp_btf/sched_switch' }],
  ['what is freed anywhere', `.prog tp_btf/sched_switch\n${created('bare')}\nr1 = r6\ncall bpf_obj_drop\nout: ${END}`, { 'typeid.bare': 'typeid.keeping' }],
  ['a task that is certain', `.prog lsm.s/file_open\ncall bpf_get_current_task_btf\nr1 = r0\ncall bpf_get_task_exe_file\nif r0 == 0 goto out\nr1 = r0\ncall bpf_put_file\nout: ${END}`, { 'r1 = r0\ncall bpf_get_task_exe_file': 'r1 = *(u64 *)(r0 + 88)\ncall bpf_get_task_exe_file' }],
  ['a task that RCU keeps', `.prog tp_btf/task_newtask\nr1 = *(u64 *)(r1 + 0)\ncall bpf_task_acquire\nif r0 == 0 goto out\nr1 = r0\ncall bpf_task_release\nout: ${END}`, { '.prog tp_btf/task_newtask': '.prog lsm/task_free' }],
  ['a name that is constant', `.prog lsm.s/file_open\n.c\nconst char name[16] = "user.a";\nchar value[32];\n.endc\nr6 = *(u64 *)(r1 + 0)\nr1 = value ll\nr2 = 32\nr3 = 0\nr4 = r10\nr4 += -16\ncall bpf_dynptr_from_mem\nr1 = r6\nr2 = name ll\nr3 = r10\nr3 += -16\ncall bpf_get_file_xattr\n${END}`, { 'r2 = name ll': 'r2 = r10\nr2 += -16' }, { 'r2 = name ll': 'r2 = value ll' }, { 'r2 = name ll': 'r2 = name+16 ll' }],
]);

/** Functions of the kernel whose prototypes a call can serve, more than 256: kfuncs, and some that are none. */
const FUNCTIONS = [
  ...KFUNC_ROWS.flatMap(([name, , , module]) => (module === null && !/^(bpf_arena|bpf_xdp_metadata|bpf_modify_return_test2)/.test(name) ? [name] : [])),
  ...'schedule yield msleep do_exit synchronize_rcu ktime_get get_random_u32 get_random_u64 vprintk vfs_truncate vfs_fallocate mutex_lock mutex_unlock up_read down_read fget fput dput mntput path_put iput flush_work add_timer complete wait_for_completion rcu_barrier schedule_timeout up down kthread_stop complete_all wake_up_process put_pid'.split(' '),
];

/** A program that calls that many of them where no path gets to. */
const naming = (count: number) => (p: Program): Program => {
  const insns = [[0xb7, 0], [0x15, count], ...Array.from({ length: count }, () => [0x85, 0]), [0xb7, 0], [0x95, 0]];
  const bytes = Uint8Array.from(insns.flatMap(([code, off]) => [code, code === 0x85 ? 0x20 : 0, off & 255, off >> 8, 0, 0, 0, 0]));
  return { ...p, insns: Insns.fromBytes(bytes), refs: new Map(FUNCTIONS.slice(0, count).map((name, i) => [i + 2, { kind: 'kfunc', name, module: null }])) };
};

const NUMBERS = cases('.prog syscall\n.info none', [['256 functions of the kernel', END, also(naming(256)), naming(FUNCTIONS.length)]]);

const INVENTED_WHY = 'the text of the rule; no kernel has such a kfunc';
const says = (message: string, errno = 22): { why: string; errno: number; message: string } => ({ why: INVENTED_WHY, errno, message });
const ARENA = 'struct { __uint(type, BPF_MAP_TYPE_ARENA); __uint(map_flags, BPF_F_MMAPABLE); __uint(max_entries, 2); __ulong(map_extra, 0x100000000000); } a SEC(".maps");';

const INVENTED = judged('.prog tc', [
  ['an arena\'s address beyond the registers', says('*(R11-8) arena pointer cannot be a stack argument'), `.c\n${ARENA}\nextern void f(int a, int b, int c, int d, int e, void *p__arena) __ksym __kf_flags();\n.endc\nr1 = a ll\ncall f\n${END}`, also({ 'int d, int e,': 'int d,', 'r1 = a ll\n': 'r6 = a ll\nr1 = 0\nr2 = 0\nr3 = 0\nr4 = 0\nr5 = 0\n' })],
  ['an address that is in no arena', says('R1 is not a pointer to arena or scalar'), `.c\n${ARENA}\nextern void f(void *p__arena) __ksym __kf_flags();\n.endc\nr6 = a ll\nr1 = r10\ncall f\n${END}`, also({ 'r1 = r10': 'r1 = 4096' })],
  ['the program beyond the registers', says('prog->aux cannot be a stack argument'), `.c\nextern void f(int a, int b, int c, int d, int e, struct bpf_prog_aux *aux) __ksym __kf_flags();\n.endc\nr1 = 0\nr2 = 0\nr3 = 0\nr4 = 0\nr5 = 0\n*(u64 *)(r11 - 8) = 0\ncall f\n${END}`, also({ 'int d, int e,': 'int d,', 'r5 = 0\n*(u64 *)(r11 - 8) = 0\n': '' })],
  ['a pointer to what is unknown', says('kernel function f returns pointer type'), `.c\nextern int (*f(void))(int) __ksym __kf_flags();\n.endc\ncall f\n${END}`, also({ 'int (*f(void))(int)': 'int f(void)' })],
  ['an empty struct by value', says('The function f has malformed void argument.'), `.c\nstruct empty { };\nextern void f(struct empty a, int b) __ksym __kf_flags();\n.endc\ncall f\n${END}`, also({ 'struct empty a': 'int a', 'call f': 'r1 = 0\nr2 = 0\ncall f' })],
  ['an iterator of no kind', says('expected valid iter pointer as R1'), `.c\nstruct state { long a; };\nextern void f(struct state *it__iter) __ksym __kf_flags();\n.endc\n*(u64 *)(r10 - 8) = 0\nr1 = r10\nr1 += -8\ncall f\n${END}`, also({ it__iter: 'it' })],
]);

export const CASES = join(TREES, OBJECTS, NUMBERS, INVENTED);
