import { also, cases, join } from '../testing/cases.ts';
import { END, found, packet } from '../testing/scenes.ts';

const PRELUDE = `.prog tc\n.c
struct pair { long a; long b; };
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, struct pair); } h SEC(".maps");
.endc`;

/** A chain of calls as deep as told. */
const chain = (calls: number): string => `call f1\nexit\n${Array.from({ length: calls - 1 }, (_, i) => `f${i + 1}: call f${i + 2}\nexit\n`).join('')}f${calls}: ${END}`;

const STATIC = cases(PRELUDE, [
  ['callee-saved registers survive', `r6 = 1\ncall f\nr0 = r6\nexit\nf: ${END}`, { 'r0 = r6': 'r0 = r1' }, { 'r6 = 1\n': '' }],
  ['a callee sees its arguments only', `r6 = 1\nr1 = 2\ncall f\n${END}\nf: r0 = r1\nexit`, { 'r0 = r1': 'r0 = r6' }, { 'r1 = 2\n': '', 'r0 = r1': 'r0 = r2' }],
  ['a callee returns something', `call f\nr0 = 0\nexit\nf: ${END}`, `call f\nexit\nf: exit`, { 'call f\nr0 = 0': 'call f', 'f: r0 = 0': 'f: r1 = 0' }],
  ['a callee checks what it is given', `${found('h', 8)}\nr1 = r0\ncall f\n${END}\nf: r0 = *(u64 *)(r1 + 8)\n${END}`, { '(r1 + 8)': '(r1 + 16)' }, { 'r1 = r0\n': 'r1 = 0\n' }],
  ['sixteen frames', chain(15), chain(16)],
  ['512 bytes of stack in all', `*(u64 *)(r10 - 256) = 0\ncall f\nexit\nf: *(u64 *)(r10 - 256) = 0\n${END}`, { 'f: *(u64 *)(r10 - 256)': 'f: *(u64 *)(r10 - 264)' }],
  ['calls in front of tail calls', `.c
struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } progs SEC(".maps");
.endc
*(u64 *)(r10 - 224) = 0\ncall f\nr0 = 0\nexit\n.func int f(struct __sk_buff *ctx)\nr2 = progs ll\nr3 = 0\ncall bpf_tail_call\n${END}`, also({ '224': '232' }), { '224': '256' }],
  ['endless recursion', `call f\nexit\nf: ${END}`, { 'f: r0 = 0\n': 'f: call f\n' }],
]);

const GLOBAL = cases(PRELUDE, [
  ['a number for a number', `r1 = 5\ncall f\n${END}\n.func global int f(int a)\n${END}`, { 'r1 = 5': 'r1 = r10' }, { 'r1 = 5\n': 'r1 = r6\n' }],
  ['the context for a context', `call f\n${END}\n.func global int f(struct __sk_buff *ctx)\n${END}`, { 'call f': 'r1 = r10\ncall f' }, { 'call f': 'r1 = 0\ncall f' }, { 'call f': 'r1 += 4\ncall f' }],
  ['memory for memory', `r1 = r10\nr1 += -16\n*(u64 *)(r10 - 8) = 0\n*(u64 *)(r10 - 16) = 0\ncall f\n${END}\n.func global int f(struct pair *p)\n${END}`, { 'r1 += -16': 'r1 += -8' }, also({ 'r1 = r10\nr1 += -16': 'r1 = 0' }), { 'r1 = r10\nr1 += -16': 'r1 = 5' }, { 'r1 = r10\nr1 += -16': '' }],
  ['memory that must be there', `r1 = r10\nr1 += -16\n*(u64 *)(r10 - 8) = 0\n*(u64 *)(r10 - 16) = 0\ncall f\n${END}\n.func global int f(struct pair *p __arg_nonnull)\nr0 = *(u64 *)(r1 + 8)\n${END}`, { 'r1 = r10\nr1 += -16': 'r1 = 0' }, { '(r1 + 8)': '(r1 + 16)' }, { ' __arg_nonnull': '' }],
  ['global functions are verified alone', `r1 = 5\ncall f\n${END}\n.func global int f(int a)\nr0 = 0\nexit`, { 'r0 = 0\nexit\n.func': 'r0 = 0\nexit\n.func', 'f(int a)\nr0 = 0': 'f(int a)\nr0 = r2' }, { 'f(int a)\nr0 = 0': 'f(int a)\nr2 = r1\nr0 = *(u8 *)(r2 + 0)' }, { 'f(int a)\nr0 = 0\n': 'f(int a)\n' }],
  ['a packet for a function that lets it be', `r6 = r1\n${packet(76, 80)}\nr4 = r2\nr4 += 16\nif r4 > r3 goto out\nr1 = r2\ncall f\nout: r0 = 0\nexit\n.func global int f(struct pair *p)\n${END}`, { 'r4 += 16': 'r4 += 15' }],
  ['a packet for a function that changes it', `r6 = r1\n${packet(76, 80)}\nr4 = r2\nr4 += 16\nif r4 > r3 goto out\nr1 = r6\ncall f\nout: r0 = 0\nexit\n.func global int f(struct __sk_buff *ctx, struct pair *p)\nr2 = 0\n${END}`, { 'r2 = 0\nr0': 'r2 = 0\ncall bpf_skb_pull_data\nr0' }, also({ 'r1 = r6\n': 'r1 = r6\nr2 = r10\nr2 += -16\n*(u64 *)(r10 - 8) = 0\n*(u64 *)(r10 - 16) = 0\n', 'r2 = 0\nr0': 'r2 = 0\ncall bpf_skb_pull_data\nr0' })],
  ['what a global function returns is a number', `r1 = 5\ncall f\nr1 = r0\n${END}\n.func global int f(int a)\n${END}`, { 'r1 = r0\n': 'r0 = *(u8 *)(r0 + 0)\n' }, { 'int f(int a)\nr0 = 0': 'int f(int a)\nr0 = r10' }],
  ['nothing comes from a void function', `r1 = 5\ncall f\nr0 = 0\nexit\n.func global void f(int a)\nr0 = 0\nexit`, { 'call f\nr0 = 0\n': 'call f\n' }, also({ 'f(int a)\nr0 = 0\n': 'f(int a)\n' })],
  ['packets after a global function that changes them', `r6 = r1\ncall f\nr2 = *(u32 *)(r6 + 76)\nr3 = *(u32 *)(r6 + 80)\nr4 = r2\nr4 += 1\nif r4 > r3 goto out\nr0 = *(u8 *)(r2 + 0)\nout: r0 = 0\nexit\n.func global int f(struct __sk_buff *ctx)\nr2 = 0\ncall bpf_skb_pull_data\n${END}`, `r6 = r1\nr7 = *(u32 *)(r6 + 76)\nr3 = *(u32 *)(r6 + 80)\nr4 = r7\nr4 += 1\nif r4 > r3 goto out\ncall f\nr0 = *(u8 *)(r7 + 0)\nout: r0 = 0\nexit\n.func global int f(struct __sk_buff *ctx)\nr2 = 0\ncall bpf_skb_pull_data\n${END}`],
]);

const TAGS = cases('.prog fentry/bpf_fentry_test1\n.c\nstruct pair { long a; long b; };\nstruct opaque;\n.endc', [
  ['a trusted task', `call bpf_get_current_task_btf\nr1 = r0\ncall f\n${END}\n.func global int f(struct task_struct *t __arg_trusted)\nr0 = *(u64 *)(r1 + 0)\n${END}`, { 'r1 = r0\n': 'r1 = 0\n' }, { 'r1 = r0\n': 'r1 = r10\n' }, { 'task_struct *t': 'pair *t' }],
  ['a trusted task or none', `call bpf_get_current_task_btf\nr1 = r0\ncall f\n${END}\n.func global int f(struct task_struct *t __arg_trusted __arg_nullable)\nif r1 == 0 goto out\nr0 = *(u64 *)(r1 + 0)\nout: r0 = 0\nexit`, also({ 'r1 = r0\n': 'r1 = 0\n' }), { 'if r1 == 0 goto out\n': '' }],
  ['an untrusted task', `r1 = 5\ncall f\n${END}\n.func global int f(struct task_struct *t __arg_untrusted)\nr0 = *(u64 *)(r1 + 0)\n${END}`, { '__arg_untrusted': '__arg_untrusted __arg_nonnull' }, { 'struct task_struct *t': 'struct opaque *t' }, { 'struct task_struct *t': 'int t' }, { 'r0 = *(u64 *)(r1 + 0)': '*(u64 *)(r1 + 0) = 0' }, { 'r0 = *(u64 *)(r1 + 0)': 'r0 = *(u64 *)(r1 + 32760)' }],
  ['untrusted bytes', `r1 = 5\ncall f\n${END}\n.func global int f(char *t __arg_untrusted)\nr0 = *(u8 *)(r1 + 1000)\n${END}`, { 'char *t': 'char **t' }, { 'r0 = *(u8 *)(r1 + 1000)': '*(u8 *)(r1 + 1000) = 0' }],
  ['the kinds of arguments', `r1 = 5\nr2 = 0\ncall f\n${END}\n.func global int f(int a, long b)\n${END}`, { 'long b': 'struct pair b' }, { 'long b': 'struct opaque *b' }, { 'long b': 'void *b' }, { 'long b': 'long b __arg_nonnull' }, { 'long b': 'long b __arg_ctx' }, { 'long b': 'struct pair *b __arg_nonnull __arg_ctx' }, { 'long b': 'struct pair *b __arg_arena __arg_nonnull' }, { 'long b': 'struct pair *b __attribute__((btf_decl_tag("arg:foo")))' }, also({ 'long b': 'struct pair *b' }), also({ 'int f(int a': 'void f(int a' }), { 'int f(int a': 'struct pair *f(int a' }, { 'int f(int a': 'struct pair f(int a' }],
  ['how many arguments', `r1 = 5\nr2 = 0\nr3 = 0\nr4 = 0\nr5 = 0\ncall f\n${END}\n.func global int f(int a, int b, int c, int d, int e)\n${END}`, { 'int e)': 'int e, int g)' }, { 'int e)': 'int e, int g, int h, int i, int j, int k, int l, int n)' }, { 'int e)': 'int e, int g, int h, int i, int j, int k, int l, int n, int o)' }],
  ['tags of static functions', `r1 = 5\ncall f\n${END}\n.func int f(int a)\n${END}`, also({ '.func int f(int a)': '.func int f(struct pair *a __arg_nonnull)' })],
]);

const CONTEXTS = cases('.prog kprobe', [
  ['the context of a kprobe', `call f\n${END}\n.func global int f(struct pt_regs *ctx __arg_ctx)\n${END}`, { 'struct pt_regs *ctx': 'struct task_struct *ctx' }, { 'struct pt_regs *ctx': 'int ctx' }, { 'struct pt_regs *ctx': 'int *ctx' }, also({ 'struct pt_regs *ctx': 'void *ctx' }), also({ 'struct pt_regs *ctx __arg_ctx': 'struct pt_regs *ctx' })],
  ['the context of a raw tracepoint', `.prog raw_tp/sys_enter\ncall f\n${END}\n.func global int f(struct bpf_raw_tracepoint_args *ctx __arg_ctx)\n${END}`, also({ 'struct bpf_raw_tracepoint_args *ctx': 'long *ctx' }), { 'struct bpf_raw_tracepoint_args *ctx': 'struct __sk_buff *ctx' }, also({ 'struct bpf_raw_tracepoint_args *ctx': 'void *ctx' })],
  ['the context of tracing', `.prog fentry/bpf_fentry_test1\ncall f\n${END}\n.func global int f(void *ctx __arg_ctx)\n${END}`, { 'void *ctx': 'struct pt_regs *ctx' }, also({ 'void *ctx': 'long *ctx' }), { 'void *ctx': 'int *ctx' }],
]);

const STACK = cases('.prog tc', [
  ['arguments on the stack', `r1 = 1\nr2 = 2\nr3 = 3\nr4 = 4\nr5 = 5\n*(u64 *)(r11 - 8) = 6\ncall f\n${END}\n.func int f(int a, int b, int c, int d, int e, int g)\nr0 = *(u64 *)(r11 + 8)\nexit`, { '*(u64 *)(r11 - 8) = 6\n': '' }, { '(r11 + 8)': '(r11 + 16)' }, { '(r11 - 8) = 6': '(r11 - 16) = 6' }, { '(r11 - 8) = 6\n': '(r11 - 8) = 6\n*(u64 *)(r11 - 16) = 7\n' }, { '(r11 - 8) = 6': '(r11 - 800) = 6' }, { 'int g)\nr0 = *(u64 *)(r11 + 8)': 'int g)\n*(u64 *)(r11 - 8) = 1\nr0 = *(u64 *)(r11 + 8)' }, { 'int e, int g)': 'int e)' }],
  ['arguments on the stack are gone after the call', `r1 = 1\nr2 = 2\nr3 = 3\nr4 = 4\nr5 = 5\n*(u64 *)(r11 - 8) = 6\ncall f\n*(u64 *)(r11 - 8) = 6\nr1 = 1\nr2 = 2\nr3 = 3\nr4 = 4\nr5 = 5\ncall f\n${END}\n.func int f(int a, int b, int c, int d, int e, int g)\nr0 = 0\nexit`, { 'call f\n*(u64 *)(r11 - 8) = 6\n': 'call f\n' }],
]);

const CALLBACKS = cases('.prog tc\n.c\nstruct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, long); } h SEC(".maps");\n.endc', [
  ['what a callback returns', `.func main\nr1 = 10\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_loop\n${END}\n.func long cb(u32 i, void *ctx)\nr0 = 1\nexit`, { 'r0 = 1': 'r0 = 2' }, { 'r0 = 1': 'r0 = -1' }, { 'r0 = 1': 'r0 = r10' }, { 'r0 = 1\n': '' }, { 'r0 = 1': 'r0 = r1' }, also({ 'r0 = 1': 'r0 = r1\nr0 &= 1' })],
  ['the context of a callback', `.func main\n*(u64 *)(r10 - 8) = 0\nr1 = 10\nr2 = cb ll\nr3 = r10\nr3 += -8\nr4 = 0\ncall bpf_loop\n${END}\n.func long cb(u32 i, void *ctx)\nr0 = *(u64 *)(r2 + 0)\nr0 = 0\nexit`, { 'r3 = r10\nr3 += -8': 'r3 = 0' }, { '(r2 + 0)': '(r2 + 8)' }, { 'r0 = *(u64 *)(r2 + 0)': 'r0 = r3' }, also({ 'r4 = 0\n': 'r4 = 1\n' })],
  ['a callback that holds what it acquired', `.func main\nr1 = 10\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_loop\n${END}\n.func long cb(u32 i, void *ctx)\n${END}`, `.c\nstruct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } rb SEC(".maps");\n.endc\n.func main\nr1 = 10\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_loop\n${END}\n.func long cb(u32 i, void *ctx)\nr1 = rb ll\nr2 = 8\nr3 = 0\ncall bpf_ringbuf_reserve\n${END}`],
  ['tail calls from callbacks', `.func main\nr1 = 10\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_loop\n${END}\n.func long cb(u32 i, void *ctx)\n${END}`, `.c\nstruct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } progs SEC(".maps");\n.endc\n.func main\nr1 = 10\nr2 = cb ll\nr3 = r1\nr4 = 0\ncall bpf_loop\n${END}\n.func int cb(u32 i, void *ctx)\nr1 = r2\nr2 = progs ll\nr3 = 0\ncall bpf_tail_call\n${END}`],
]);

export const CASES = join(STATIC, GLOBAL, TAGS, CONTEXTS, STACK, CALLBACKS);
