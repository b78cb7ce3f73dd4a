import { Insns } from '../isa/insns.ts';
import type { Program } from '../program/program.ts';
import { also, because, cases, edited, join, judged } from '../testing/cases.ts';
import { END } from '../testing/scenes.ts';

const raw = (slots: Readonly<Record<number, string>>) => (p: Program): Program => {
  const bytes = p.insns.toBytes();
  for (const [slot, hex] of Object.entries(slots)) bytes.set(Uint8Array.from(hex.match(/../g)!, (h) => parseInt(h, 16)), 8 * Number(slot));
  return { ...p, insns: Insns.fromBytes(bytes) };
};

// The kernel at hand is given the first entry of a table only, and a table serves one program that is accepted: those are judged by recordings.
const JUMP = (change: Readonly<Record<string, string>>): string =>
  Object.entries(change).reduce((text, [from, to]) => text.replace(from, to), 'r0 = 0\nr1 = t ll\nr1 = *(u64 *)(r1 + 0)\ngotox r1\nout: exit');

/** The program of an indirect jump, whose table is another. */
const tabled = (change: Partial<Program['maps'][number]>) => (p: Program): Program => ({ ...p, maps: p.maps.map((m) => ({ ...m, ...change })) });
const leadingTo = (insn: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, i) => (i === 0 ? insn : 0));

const REFUSED_JUMPS = cases('.prog socket\n.jumptable t out', [
  ['where an indirect jump goes', null, JUMP({ 'gotox r1': 'r1 = 42\ngotox r1' }), JUMP({ 'gotox r1': 'r1 += 8\ngotox r1' }), JUMP({ 'gotox r1': 'r1 += 0\ngotox r1' }), JUMP({ 'gotox r1': 'r2 = 0\nr1 += r2\ngotox r1' })],
  ['how an entry is read', null, JUMP({ '*(u64 *)': '*(u32 *)' }), JUMP({ '*(u64 *)': '*(u8 *)' }), JUMP({ '(r1 + 0)': '(r1 + 8)' }), JUMP({ '(r1 + 0)': '(r1 + 4)' }), JUMP({ 'r1 = *(u64 *)(r1 + 0)': '*(u64 *)(r1 + 0) = 0' })],
  ['a function without a table', null, 'r0 = 0\ncall f\nexit\nout: exit\nf: r1 = t ll\nr1 = *(u64 *)(r1 + 0)\ngotox r1\nexit'],
]);

const TABLES = join(
  judged('.prog socket', [
    ['a table that is complete', 'verifier_gotox/jump_table_ok', '.jumptable t a, b\nr0 = t ll\nr0 += 8\nr0 = *(u64 *)(r0 + 0)\ngotox r0\na: r0 = 0\nexit\nb: r0 = 1\nexit'],
    ['a table that leads into two functions', 'verifier_gotox/jump_table_outside_subprog', '.jumptable t a, c\nr0 = t ll\nr0 += 8\nr0 = *(u64 *)(r0 + 0)\ngotox r0\na: r0 = 0\nexit\ncall f\nr0 = 0\nexit\nf: r0 = 0\nc: exit'],
  ]),
  edited('a table that is not complete', `.prog socket\n.jumptable t out\n${JUMP({})}`, tabled({ frozen: false }), tabled({ data: leadingTo(200) }), tabled({ data: leadingTo(2) })),
);

/** Functions that each call the next `times` times, with a pointer to the first caller's stack; the last is small. */
const calls = (depth: number, times: number): string =>
  [...Array.from({ length: depth }, (_, d) => `f${d}: r6 = r1\n${`r1 = r6\ncall f${d + 1}\n`.repeat(times)}exit`), `f${depth}: *(u64 *)(r1 + 0) = 0\n${END}`].join('\n');

const LIVENESS = cases('.prog socket\n.info none', [
  ['how deep stacks are followed', `r1 = r10\nr1 += -8\ncall f0\nexit\n${calls(14, 1)}`, `r1 = r10\nr1 += -8\ncall f0\nexit\n${calls(15, 1)}`],
  ['how often functions are followed', `r1 = r10\nr1 += -8\ncall f0\nexit\n${calls(3, 5)}`, `r1 = r10\nr1 += -8\ncall f0\nexit\n${calls(4, 10)}`],
]);

const CHAIN = (n: number): string => `call g0\nexit\n${Array.from({ length: n }, (_, i) => `.func global int g${i}(void)\n${i === n - 1 ? 'r0 = 0' : `call g${i + 1}`}\nexit`).join('\n')}`;

/** Static functions that call the next, from where no path gets to. */
const DEAD = (n: number): string => `r0 = 0\nif r0 == 0 goto out\ncall s0\nout: exit\n${Array.from({ length: n }, (_, i) => `.func static int s${i}(void)\n${i === n - 1 ? 'r0 = 0' : `call s${i + 1}`}\nexit`).join('\n')}`;

const AFTER = cases('.prog socket', [
  ['how deep calls go that are walked apart', CHAIN(15), also(CHAIN(16)), also(CHAIN(17))],
  ['how deep calls go that are not walked', DEAD(15), DEAD(16), DEAD(17)],
  ['a wide load at the end', `r0 = 0\nexit`, raw({ 1: '1800000005000000' })],
  ['a call of nothing', `call bpf_ktime_get_ns\n${END}`, (p) => ({ ...raw({ 0: '8520000000000000' })(p), refs: new Map() })],
]);

const ARENA = `struct { __uint(type, BPF_MAP_TYPE_ARENA); __uint(map_flags, BPF_F_MMAPABLE); __uint(max_entries, 2); __ulong(map_extra, 0x100000000000); } a SEC(".maps");`;

/** A callback that hands the context on to a global function. */
const handedOn = (body: string): string =>
  `.func main\n*(u64 *)(r10 - 8) = r1\nr1 = 10\nr2 = cb ll\nr3 = r10\nr3 += -8\nr4 = 0\ncall bpf_loop\n${END}\n.func int cb(u32 i, void *ctx)\nr1 = *(u64 *)(r2 + 0)\ncall g\n${END}\n.func global int g(struct __sk_buff *ctx)\nr6 = r1\n${body}${END}`;

const PROGS = '.c\nstruct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } progs SEC(".maps");\n.endc';

const CALLBACKS = cases(`.prog tc\n${PROGS}`, [['functions of callbacks, walked apart', handedOn(''), handedOn('r0 = *(u8 *)skb[0]\n'), handedOn('r1 = r6\nr2 = progs ll\nr3 = 0\ncall bpf_tail_call\n')]]);

const SYMBOLS = cases('', [
  ['metadata of a device', `.prog xdp\n${END}`, `.prog xdp\n*(u64 *)(r10 - 8) = 0\nr2 = r10\nr2 += -8\ncall bpf_xdp_metadata_rx_timestamp\n${END}`],
  ['an arena needs privileges', `.prog socket\n.c\n${ARENA}\n.endc\nr1 = a ll\n${END}`, { '.prog socket': '.prog socket\n.unprivileged' }],
]);

const CATCH = `.prog tc\n.c\nint main(struct __sk_buff *ctx) __attribute__((btf_decl_tag("exception_callback:catch")));\nint catch(u64 cookie);\n.endc\n.func main\nr1 = 0\ncall bpf_throw\nexit\n.func catch\n${END}`;

const OTHERS = cases('', [
  ['where the exception is caught', CATCH, { '.prog tc': '.prog tc\n.func_info 0:main' }],
  ['types of attachment', `.prog fentry/bpf_fentry_test1\n${END}`, (p) => ({ ...p, attachType: 0 }), (p) => ({ ...p, attachType: 3 })],
]);

/** Judged by recordings of a kernel with the test module. */
const OF_THE_MODULE = judged('', [
  ['what a function returns', 'tracing_failure/fexit_int128_ret', `.prog fexit/bpf_testmod:bpf_testmod_test_int128_ret\n${END}`, also({ 'bpf_testmod:bpf_testmod_test_int128_ret': 'bpf_fentry_test1' })],
  ['what is no function but a prototype', 'kfunc_implicit_args/test_kfunc_implicit_arg_impl_illegal', `.prog syscall\n.c\nextern int bpf_kfunc_implicit_arg_impl(int a) __ksym;\n.endc\nr1 = 5\nr2 = 0\ncall bpf_kfunc_implicit_arg_impl\nexit`, also({ '_impl(int': '(int', '_impl\n': '\n' }, because('kfunc_implicit_args/test_kfunc_implicit_arg, which is accepted, calls the function so'))],
  ['an argument in an arena', 'struct_ops_arena_fail/test_arena_no_arena', `.prog struct_ops/test_arena\n.attach struct bpf_testmod_ops3.test_arena\n${END}`, also({ 'r0 = 0': `.c\n${ARENA}\n.endc\nr1 = a ll\nr0 = 0` }, because('struct_ops_arena/test_arena_cb, which is accepted, has an arena too'))],
]);

const QDISC = `.prog struct_ops/enqueue\n.attach struct Qdisc_ops.enqueue\n${PROGS}\nr6 = *(u64 *)(r1 + 0)\nr7 = *(u64 *)(r1 + 16)\nr1 = r6\nr2 = r7\ncall bpf_qdisc_skb_drop\n${END}`;

const OWNED = cases('', [['a packet that is handed over', QDISC, { 'r1 = r6\nr2 = r7\ncall bpf_qdisc_skb_drop\n': '' }, { 'call bpf_qdisc_skb_drop\n': 'call bpf_qdisc_skb_drop\nr2 = progs ll\nr3 = 0\ncall bpf_tail_call\n' }]]);

export const CASES = join(REFUSED_JUMPS, TABLES, LIVENESS, AFTER, CALLBACKS, SYMBOLS, OTHERS, OF_THE_MODULE, OWNED);
