import { Insns } from '../isa/insns.ts';
import type { Program } from '../program/program.ts';
import { also, because, cases, join, judged } from '../testing/cases.ts';
import { END, found, look, packet } from '../testing/scenes.ts';

/** Rules that few programs reach, whatever part of the verifier they belong to. */

const raw = (slots: Readonly<Record<number, string>>) => (p: Program): Program => {
  const bytes = p.insns.toBytes();
  for (const [slot, hex] of Object.entries(slots)) bytes.set(Uint8Array.from(hex.match(/../g)!, (h) => parseInt(h, 16)), 8 * Number(slot));
  return { ...p, insns: Insns.fromBytes(bytes) };
};

const MAPS = `.c
struct val { long a; long b; int c; int d; long e[3]; };
struct timed { long a; struct bpf_timer t; long b; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct val); } m SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, struct val); } h SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct timed); } timers SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_QUEUE); __uint(max_entries, 2); __uint(value_size, 8); } q SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } events SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } progs SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_USER_RINGBUF); __uint(max_entries, 4096); } urb SEC(".maps");
.endc`;

const MEMORY = cases(`.prog tc\n${MAPS}`, [
  ['places that are far away', `${found()}\nr1 = *(u32 *)(r0 + 0)\nr1 &= 31\nr0 += r1\nr0 = *(u8 *)(r0 + 0)\n${END}`, { 'r1 &= 31\n': '' }],
  ['places that are far away on the stack', `*(u64 *)(r10 - 8) = 0\nr2 = *(u32 *)(r1 + 0)\nr2 &= 7\nr3 = r10\nr3 += -8\nr3 += r2\nr0 = *(u8 *)(r3 + 0)\n${END}`, { 'r2 &= 7\n': '' }, { 'r2 &= 7\n': '', 'r0 = *(u8 *)(r3 + 0)': '*(u8 *)(r3 + 0) = 1' }, { 'r2 &= 7\n': '', 'r0 = *(u8 *)(r3 + 0)': 'r1 = h ll\nr2 = r3\ncall bpf_map_lookup_elem' }],
  ['a map\'s own fields', `r1 = m ll\nr0 = *(u32 *)(r1 + 24)\n${END}`, { '+ 24': '- 8' }, { 'r0 = *(u32 *)(r1 + 24)': '*(u32 *)(r1 + 24) = 0' }, { 'r0 = *(u32 *)(r1 + 24)': 'r2 = 0\n*(u32 *)(r1 + 24) = r2' }, { '+ 24)': '+ 32000)' }],
  ['a map\'s own fields, by kind', `r1 = m ll\n${END}`, also(`r1 = progs ll\nr0 = *(u32 *)(r1 + 24)\n${END}`), also(`r1 = q ll\nr0 = *(u32 *)(r1 + 24)\n${END}`)],
  ['a map\'s own fields, unprivileged', `.prog socket\nr1 = m ll\nr0 = *(u32 *)(r1 + 24)\n${END}`, { '.prog socket': '.prog socket\n.unprivileged' }],
  ['a helper writes beside a timer', `.prog tc\nr6 = r1\n${look('timers')}\nr3 = r0\nr1 = r6\nr2 = 0\nr4 = 8\ncall bpf_skb_load_bytes\n${END}`, { 'r4 = 8': 'r4 = 16' }, { 'r3 = r0\n': 'r3 = r0\nr3 += timed.t\n' }],
  ['helpers and the packet', `r6 = r1\n*(u64 *)(r10 - 8) = 0\nr2 = 0\nr3 = r10\nr3 += -8\nr4 = 8\nr5 = 0\ncall bpf_skb_store_bytes\n${END}`, `r6 = r1\n${packet(76, 80)}\nr7 = r2\nr7 += 8\nif r7 > r3 goto out\nr3 = r2\nr1 = r6\nr2 = 0\nr4 = 8\nr5 = 0\ncall bpf_skb_store_bytes\nout: r0 = 0\nexit`],
  ['the flow\'s keys at a variable place', `.prog flow_dissector\nr2 = *(u64 *)(r1 + 144)\nr3 = *(u16 *)(r2 + 0)\nr3 = 4\nr2 += r3\nr0 = *(u8 *)(r2 + 0)\n${END}`, { 'r3 = 4\n': 'r3 &= 4\n' }],
]);

const UNPRIVILEGED = cases(`.unprivileged\n.prog socket\n${MAPS}`, [
  ['a helper reads the stack at a known place', `*(u64 *)(r10 - 8) = 0\nr2 = r10\nr2 += -8\nr1 = h ll\ncall bpf_map_lookup_elem\n${END}`, { 'r2 += -8': 'r3 = *(u32 *)(r1 + 0)\nr3 &= 8\nr2 += -16\nr2 += r3' }],
  ['one kind of pointer at an instruction', `${found()}\nr6 = r0\nr1 = *(u64 *)(r0 + 0)\nr2 = 8\nr3 = r6\nif r1 == 0 goto on\nr3 = r6\non: r3 += r2\nr0 = *(u8 *)(r3 + 0)\n${END}`, also({ 'goto on\nr3 = r6': 'goto on\nr3 = r10\nr3 += -16\n*(u64 *)(r10 - 16) = 0\n*(u64 *)(r10 - 8) = 0' }), { 'goto on\nr3 = r6': 'goto on\nr2 = r10\nr3 = 0' }],
  ['one number at an instruction', `${found()}\nr6 = r0\nr1 = *(u64 *)(r0 + 0)\nr2 = *(u64 *)(r6 + 8)\nr2 &= 7\nif r1 == 0 goto on\nr1 = 0\non: r6 += r2\nr0 = *(u8 *)(r6 + 0)\n${END}`, { 'goto on\nr1 = 0': 'goto on\nr2 = *(u64 *)(r6 + 16)\nr2 &= 3\nr6 += 8' }],
  ['a number known on one path', `${found()}\nr1 = *(u64 *)(r0 + 0)\nr2 = 1\nif r1 == 0 goto on\nr2 = 1\non: r0 += r2\nr0 = *(u8 *)(r0 + 0)\n${END}`, { 'goto on\nr2 = 1': 'goto on\nr2 = *(u64 *)(r0 + 8)\nr2 &= 7' }, { 'goto on\nr2 = 1': 'goto on\nr2 = 2' }],
  ['arithmetic on other pointers', `r1 = r1\n${END}`, also({ 'r1 = r1': 'r1 += 8' })],
]);

const CALLS = cases('.prog fentry.s/bpf_fentry_test1\n' + MAPS, [
  ['a helper writes its own memory', `r1 = r10\nr1 += -16\nr2 = 16\ncall bpf_get_current_comm\n${END}`, { 'r1 = r10\nr1 += -16\nr2 = 16': 'call bpf_get_current_task_btf\nr1 = r0\nr2 = 16' }],
  ['the task that a helper asks for', `call bpf_get_current_task_btf\nr1 = r0\ncall bpf_task_pt_regs\n${END}`, { 'call bpf_get_current_task_btf\nr1 = r0\n': 'r1 = 1\ncall bpf_task_from_pid\nr1 = r0\n' }, { 'call bpf_get_current_task_btf\nr1 = r0\n': 'call bpf_get_current_task_btf\nr1 = r0\nr1 += 8\n' }, { 'call bpf_get_current_task_btf\nr1 = r0\n': 'call bpf_get_current_task_btf\nr1 = r0\ncall bpf_get_task_exe_file\nr1 = r0\n' }, { 'call bpf_get_current_task_btf\nr1 = r0\n': 'call bpf_get_current_task_btf\nr1 = r0\ncall bpf_get_task_exe_file\nif r0 == 0 goto out\nr1 = r0\n', 'r0 = 0\nexit': 'out: r0 = 0\nexit' }],
  ['a callback from the main program', `.func main\nr1 = 10\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_loop\n${END}\n.func long cb(u32 i, void *ctx)\n${END}`, (p) => {
    const at = [...Array(p.insns.length).keys()].find((i) => p.insns.code[i] === 0x18)!;
    const insns = Insns.fromBytes(p.insns.toBytes());
    insns.set(at, 0x18, 2, 4, 0, -at - 1);
    return { ...p, insns };
  }],
  ['no kfunc of that number', `call bpf_rcu_read_lock\ncall bpf_rcu_read_unlock\n${END}`, (p) => ({ ...raw({ 0: '8520000001000000' })(p), refs: new Map([[1, p.refs.get(1)!]]) }), (p) => ({ ...raw({ 0: '8520000000000000' })(p), refs: new Map([[1, p.refs.get(1)!]]) }), (p) => ({ ...raw({ 0: '8520ffff01000000' })(p), refs: new Map([[1, p.refs.get(1)!]]) })],
  ['no symbol of that number', `r1 = 0 ll\n${END}`, raw({ 0: '18310000ffffff7f' }), raw({ 0: '1831000001000000' })],
  ['a file is kept while a view of it lives', `.prog lsm.s/file_open\ncall bpf_get_current_task_btf\nr1 = r0\ncall bpf_get_task_exe_file\nif r0 == 0 goto out\nr6 = r0\nr1 = r6\nr2 = 0\nr3 = r10\nr3 += -16\ncall bpf_dynptr_from_file\nr1 = r10\nr1 += -16\ncall bpf_dynptr_file_discard\nr1 = r6\ncall bpf_put_file\nout: r0 = 0\nexit`, { 'r1 = r10\nr1 += -16\ncall bpf_dynptr_file_discard\nr1 = r6\ncall bpf_put_file': 'r1 = r6\ncall bpf_put_file\nr1 = r10\nr1 += -16\ncall bpf_dynptr_file_discard' }, { 'r1 = r10\nr1 += -16\ncall bpf_dynptr_file_discard\n': '' }, { 'r1 = r6\ncall bpf_put_file\n': '' }],
  ['flags for interrupts', `r1 = r10\nr1 += -8\ncall bpf_local_irq_save\nr1 = r10\nr1 += -8\ncall bpf_local_irq_restore\n${END}`, { 'r1 = r10\nr1 += -8\ncall bpf_local_irq_save': 'r1 = 5\ncall bpf_local_irq_save' }, { 'r1 = r10\nr1 += -8\ncall bpf_local_irq_save': 'r1 = m ll\ncall bpf_local_irq_save' }],
]);

const TAILS = cases(`.prog tc\n${MAPS}`, [
  ['a tail call in a callback', `.func main\n*(u64 *)(r10 - 8) = r1\nr1 = 10\nr2 = cb ll\nr3 = r10\nr3 += -8\nr4 = 0\ncall bpf_loop\n${END}\n.func int cb(u32 i, void *ctx)\nr1 = *(u64 *)(r2 + 0)\nr2 = progs ll\nr3 = 0\n${END}`, { 'r3 = 0\nr0 = 0': 'r3 = 0\ncall bpf_tail_call\nr0 = 0' }],
  ['a tail call in a function that returns nothing', `call f\n${END}\n.func int f(struct __sk_buff *ctx)\nr2 = progs ll\nr3 = 0\ncall bpf_tail_call\n${END}`, { '.func int f': '.func void f' }],
  ['what a ring of the user\'s hands out', `.func main\nr1 = urb ll\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_user_ringbuf_drain\n${END}\n.func long cb(struct bpf_dynptr *d, void *ctx)\n${END}`, { 'void *ctx)\n': 'void *ctx)\nr2 = 0\ncall bpf_ringbuf_discard_dynptr\n' }, { 'void *ctx)\n': 'void *ctx)\nr1 += 8\nr2 = 0\nr3 = 8\ncall bpf_dynptr_data\n' }],
  ['512 bytes in one function', `*(u64 *)(r10 - 512) = 0\n${END}`],
]);

const EXCEPTIONS = cases('.prog tc', [
  ['who catches', `.c\nint main(struct __sk_buff *ctx) __attribute__((btf_decl_tag("exception_callback:catch")));\nint catch(u64 cookie);\n.endc\n.func main\nr1 = 0\ncall bpf_throw\nexit\n.func catch\n${END}`, { 'exception_callback:catch': 'exception_callback:other' }, { 'exception_callback:catch': 'exception_callback:main' }, { 'int catch(u64 cookie)': 'static int catch(u64 cookie)' }, { 'int catch(u64 cookie)': 'void catch(u64 cookie)' }, { 'int catch(u64 cookie)': 'int catch(struct __sk_buff *ctx)' }, { 'int catch(u64 cookie)': 'int catch(u64 cookie, u64 b)' }, { '__attribute__((btf_decl_tag("exception_callback:catch")))': '__attribute__((btf_decl_tag("exception_callback:catch"))) __attribute__((btf_decl_tag("exception_callback:other")))' }, { 'r1 = 0\ncall bpf_throw\nexit': 'r1 = 0\ncall catch\nr1 = 0\ncall bpf_throw\nexit' }],
]);

const ARENA_MAP = 'struct { __uint(type, BPF_MAP_TYPE_ARENA); __uint(map_flags, BPF_F_MMAPABLE); __uint(max_entries, 2); __ulong(map_extra, 0x100000000000); } a SEC(".maps");';

const ARENA = cases(`.prog syscall\n.c\n${ARENA_MAP}\n.endc`, [
  ['pages of an arena', `r1 = a ll\nr2 = 0\nr3 = 1\nr4 = -1\nr5 = 0\ncall bpf_arena_alloc_pages\n${END}`, { 'r1 = a ll\nr2': 'r1 = r10\nr2' }, also({ 'r2 = 0': 'r2 = r10' }), { 'r1 = a ll\nr2': 'r1 = 0\nr2' }],
  ['pages without an arena', `${END}`, `.prog tc\nr1 = 0\nr2 = 0\nr3 = 1\ncall bpf_arena_free_pages\n${END}`],
  ['pages to free', `r1 = a ll\nr2 = 0\nr3 = 1\ncall bpf_arena_free_pages\n${END}`, also({ 'r2 = 0': 'r2 = r10' })],
  ['one instruction, on numbers or in an arena', `r6 = a ll\ncall bpf_ktime_get_ns\nr1 = 5\nr1 = addr_space_cast(r1, 0, 1)\nif r0 == 0 goto on\nr1 = 5\nr1 = addr_space_cast(r1, 0, 1)\non: r1 += 8\n${END}`, { 'goto on\nr1 = 5\nr1 = addr_space_cast(r1, 0, 1)': 'goto on\nr1 = 5' }],
  ['an argument in an arena', `r1 = 0\ncall f\nr1 = a ll\n${END}\n.func global int f(long *p __arg_arena)\n${END}`, { 'r1 = 0\ncall f': 'r1 = r10\ncall f' }, { 'r1 = 0\ncall f': 'r2 = r1\nr1 = r2\ncall f' }],
  ['one instruction, arena or not', `r6 = a ll\nr1 = 0\nr1 = addr_space_cast(r1, 0, 1)\nr1 += 8\n${END}`, { 'r1 = addr_space_cast(r1, 0, 1)\nr1 += 8': 'r2 = *(u32 *)(r1 + 0)\nr1 += 8' }],
]);

const OTHERS = cases('', [
  ['where the packet may end', `.prog tc\n${packet(76, 80)}\nr4 = r2\nr4 += 8\nif r4 > r3 goto out\nr0 = *(u64 *)(r2 + 0)\nout: r0 = 0\nexit`, { 'out: r0 = 0': 'out: r0 = *(u8 *)(r2 + 0)\nr0 = 0' }, { 'out: r0 = 0': 'r0 = 0\nexit\nout: r0 = *(u8 *)(r4 - 8)\nr0 = 0' }],
  ['kernel memory under the GPL', `.prog tp_btf/sched_switch\nr2 = *(u64 *)(r1 + 8)\nr0 = *(u32 *)(r2 + 40)\n${END}`, { 'r2 = *(u64 *)(r1 + 8)': '.license Proprietary\nr2 = *(u64 *)(r1 + 8)' }],
  ['program types of the unprivileged', `.prog socket\n.unprivileged\n${END}`, { 'socket': 'tc' }, { 'socket': 'xdp' }, { 'socket': 'kprobe' }],
  ['what an extension replaces', `.prog tc\n${END}`, (p) => ({ ...p, progType: 28, attach: { kind: 'func', name: 'bpf_fentry_test1', module: null } })],
  ['members that are functions', `.prog struct_ops/init\n.attach struct tcp_congestion_ops.ssthresh\n${END}`, { 'tcp_congestion_ops.ssthresh': 'tcp_congestion_ops.name' }, { 'tcp_congestion_ops.ssthresh': 'tcp_congestion_ops.flags' }],
  ['kernel pointers and helpers', `.prog tc\n.c\nstruct kept { struct task_struct __kptr *p; long b; };\nstruct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct kept); } kptrs SEC(".maps");\n.endc\nr6 = r1\n${look('kptrs')}\nr3 = r0\nr3 += kept.b\nr1 = r6\nr2 = 0\nr4 = 8\ncall bpf_skb_load_bytes\n${END}`, { 'r3 += kept.b\n': '' }],
  ['restored with what it was saved with', `.prog tc\n.c\nprivate(A) struct bpf_res_spin_lock lock;\n.endc\nr1 = r10\nr1 += -16\ncall bpf_local_irq_save\nr1 = lock ll\nr2 = r10\nr2 += -8\ncall bpf_res_spin_lock_irqsave\nif r0 != 0 goto out\nr1 = lock ll\nr2 = r10\nr2 += -8\ncall bpf_res_spin_unlock_irqrestore\nout: r1 = r10\nr1 += -16\ncall bpf_local_irq_restore\n${END}`, { 'r2 += -8\ncall bpf_res_spin_unlock_irqrestore': 'r2 += -16\ncall bpf_res_spin_unlock_irqrestore' }],
  ['a strong lock in a tree\'s comparison', `.prog tc\n.c\nstruct item { long a; struct bpf_rb_node rb; };\nprivate(A) struct bpf_spin_lock glock;\nprivate(A) struct bpf_rb_root groot __contains(item, rb);\nprivate(B) struct bpf_res_spin_lock strong;\nstatic bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b);\n.endc\nr1 = typeid.item\ncall bpf_obj_new\nif r0 == 0 goto out\nr6 = r0\nr1 = glock ll\ncall bpf_spin_lock\nr1 = groot ll\nr2 = r6\nr2 += item.rb\nr3 = less ll\nr4 = 0\nr5 = 0\ncall bpf_rbtree_add_impl\nr1 = glock ll\ncall bpf_spin_unlock\nout: ${END}\n.func less\n${END}`, { '.func less\n': '.func less\nr1 = strong ll\ncall bpf_res_spin_lock\n' }, { '.func less\n': '.func less\nr1 = strong ll\ncall bpf_res_spin_unlock\n' }],
]);

const RECORDED_LIMIT = judged('', [['a million instructions', 'verifier_loops1/loop_after_a_conditional_jump', `.prog xdp\nr0 = 5\nif r0 < 4 goto out\nloop: r0 += 1\ngoto loop\nout: exit`]]);

const INVENTED_WHY = 'the text of the rule; no kernel has such a kfunc';
const says = (message: string): { why: string; errno: number; message: string } => ({ why: INVENTED_WHY, errno: 22, message });
/** Of a program that is not recorded: the kernel at hand has no test module. */
const AS_THE_SELFTEST = "the kernel's own test of it gives such a constant and is accepted";

const INVENTED = judged('.prog tc', [
  ['thirteen arguments', says('The function f has 13 arguments. Too many.'), `.c\nextern void f(int a, int b, int c, int d, int e, int g, int h, int i, int j, int k, int l, int m, int n) __ksym __kf_flags();\n.endc\ncall f\n${END}`, also({ ', int n': '', 'call f': `${[1, 2, 3, 4, 5].map((i) => `r${i} = 0`).join('\n')}\n${[1, 2, 3, 4, 5, 6, 7].map((i) => `*(u64 *)(r11 - ${8 * i}) = 0`).join('\n')}\ncall f` })],
  ['a pointer to pointers', says('R1 pointer type PTR  must point to scalar, or struct with scalar'), `.c\nextern void f(char **a) __ksym __kf_flags();\n.endc\ncall f\n${END}`, also({ 'char **a': 'long *a', 'call f': '*(u64 *)(r10 - 8) = 0\nr1 = r10\nr1 += -8\ncall f' })],
  ['a size beside a struct with pointers', says('R1 pointer type STRUCT holder must point to void, scalar, or struct with scalar'), `.c\nstruct holder { char *p; };\nextern void f(struct holder *a, u32 a__sz) __ksym __kf_flags();\n.endc\ncall f\n${END}`, also({ 'char *p': 'long p', 'call f': '*(u64 *)(r10 - 8) = 0\nr1 = r10\nr1 += -8\nr2 = 8\ncall f' })],
  ['a struct by value', says('Unrecognized R1 type STRUCT'), `.c\nstruct pair { long a; long b; };\nextern void f(struct pair a) __ksym __kf_flags();\n.endc\ncall f\n${END}`, also({ 'struct pair a': 'struct pair *a', 'call f': '*(u64 *)(r10 - 16) = 0\n*(u64 *)(r10 - 8) = 0\nr1 = r10\nr1 += -16\ncall f' })],
  ['any number of arguments', says('The function f with variable args is unsupported.'), `.c\nextern void f(int a, ...) __ksym __kf_flags();\n.endc\ncall f\n${END}`, also({ ', ...': '', 'call f': 'r1 = 0\ncall f' })],
  ['a struct returned', says('The function f return type STRUCT is unsupported.'), `.c\nstruct large { long a[4]; };\nextern struct large f(void) __ksym __kf_flags();\n.endc\ncall f\n${END}`, also({ 'extern struct large': 'extern long' })],
  ['a large struct by value', says('The function f arg0 type STRUCT is unsupported.'), `.c\nstruct large { long a[4]; };\nextern void f(struct large a) __ksym __kf_flags();\n.endc\ncall f\n${END}`, also({ 'struct large a': 'struct large *a', 'call f': `${[32, 24, 16, 8].map((at) => `*(u64 *)(r10 - ${at}) = 0`).join('\n')}\nr1 = r10\nr1 += -32\ncall f` })],
  ['an arena that is not there', says('R1 arena pointer requires a program with an associated arena'), `.c\nextern void f(void *p__arena) __ksym __kf_flags();\n.endc\ncall f\n${END}`, also({ '.c\n': `.c\n${ARENA_MAP}\n`, 'call f': 'r6 = a ll\nr1 = 0\ncall f' })],
  ['a number acquired', says('acquire kernel function does not return PTR_TO_BTF_ID'), `.c\nextern int f(void) __ksym __kf_flags(KF_ACQUIRE);\n.endc\ncall f\n${END}`, also({ KF_ACQUIRE: '' })],
]);

/** Judged by recordings of a kernel with the test module. */
const OF_THE_MODULE = judged('.prog tc', [
  ['a buffer of unknown size', 'kfunc_call_fail/kfunc_call_test_get_mem_fail_not_const', `r6 = r1\nr1 = r10\nr1 += -8\n*(u64 *)(r10 - 8) = 0\ncall bpf_kfunc_call_test_acquire\nif r0 == 0 goto out\nr7 = r0\nr2 = *(u32 *)(r6 + 0)\nr1 = r7\ncall bpf_kfunc_call_test_get_rdonly_mem\nr1 = r7\ncall bpf_kfunc_call_test_release\nout: r0 = 0\nexit`, also({ 'r2 = *(u32 *)(r6 + 0)': 'r2 = 8' }, because(AS_THE_SELFTEST))],
  ['a buffer that is too large', 'kfunc_call_fail/kfunc_call_test_get_mem_fail_oversized', `r1 = r10\nr1 += -8\n*(u64 *)(r10 - 8) = 0\ncall bpf_kfunc_call_test_acquire\nif r0 == 0 goto out\nr7 = r0\nr1 = r7\nr2 = 4294967297 ll\ncall bpf_kfunc_call_test_get_rdonly_mem\nr1 = r7\ncall bpf_kfunc_call_test_release\nout: r0 = 0\nexit`, also({ 'r2 = 4294967297 ll': 'r2 = 8' }, because(AS_THE_SELFTEST))],
]);

export const CASES = join(MEMORY, UNPRIVILEGED, CALLS, TAILS, EXCEPTIONS, ARENA, INVENTED, OF_THE_MODULE, OTHERS, RECORDED_LIMIT);
