import type { Program } from '../program/program.ts';
import { Insns } from '../isa/insns.ts';
import { also, cases, join, judged } from '../testing/cases.ts';
import { END } from '../testing/scenes.ts';

/** Overwrites instruction slots with hex, for what no assembler writes. */
const raw = (slots: Readonly<Record<number, string>>) => (p: Program): Program => {
  const bytes = p.insns.toBytes();
  for (const [slot, hex] of Object.entries(slots)) bytes.set(Uint8Array.from(hex.match(/../g)!, (h) => parseInt(h, 16)), 8 * Number(slot));
  return { ...p, insns: Insns.fromBytes(bytes) };
};

const TWO_TABLES = `.prog socket\n.unprivileged\n.c\nstruct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } progs SEC(".maps");\nstruct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } other SEC(".maps");\n.endc\nr6 = r1\nr7 = *(u32 *)(r1 + 0)\nr2 = progs ll\nif r7 == 0 goto on\nr2 = other ll\non: r3 = 0\nr1 = r6\ncall bpf_tail_call\n${END}`;

const LEGAL = cases('.info none', [
  ['reserved fields of moves', `r0 = 0\nexit`, raw({ 0: 'b710000000000000' }), raw({ 0: 'b700010000000000' }), raw({ 0: 'b400010000000000' }), raw({ 0: 'bf10000001000000' }), raw({ 0: 'bf10090000000000' }), raw({ 0: 'bc10200000000000' })],
  ['reserved fields of negation', `r0 = 0\nr0 = -r0\nexit`, raw({ 1: '8700010000000000' }), raw({ 1: '8700000001000000' }), raw({ 1: '8f00000000000000' }), raw({ 1: '8710000000000000' })],
  ['widths of byte swaps', `r0 = 0\nr0 = be16 r0\nexit`, raw({ 1: 'dc00000008000000' }), raw({ 1: 'dc00010010000000' }), raw({ 1: 'dc10000010000000' }), raw({ 1: 'df00000010000000' }), raw({ 1: 'd700000021000000' })],
  ['reserved fields of arithmetic', `r0 = 0\nr0 += 1\nexit`, raw({ 1: '0710000001000000' }), raw({ 1: '0700010001000000' }), raw({ 1: '0f00000001000000' }), raw({ 1: '3700020001000000' }), raw({ 1: '0b00000000000000' }), raw({ 1: 'f700000000000000' })],
  ['reserved fields of loads', `r0 = *(u64 *)(r10 - 8)\nexit`, raw({ 0: '79a0f8ff01000000' }), raw({ 0: '99a0f8ff00000000' }), raw({ 0: 'f9a0f8ff00000000' }), raw({ 0: '59a0f8ff00000000' })],
  ['reserved fields of stores', `r0 = 0\n*(u64 *)(r10 - 8) = r0\nexit`, raw({ 1: '7b0af8ff01000000' }), raw({ 1: '7a1af8ff00000000' }), raw({ 1: '9b0af8ff00000000' })],
  ['registers that there are', `r0 = 0\nexit`, raw({ 0: 'b70b000000000000' }), raw({ 0: 'bfb0000000000000' }), raw({ 0: 'b70f000000000000' })],
  ['operations of atomics', `r0 = 0\n*(u64 *)(r10 - 8) = r0\nlock *(u64 *)(r10 - 8) += r0\nexit`, raw({ 2: 'db0af8ff02000000' }), raw({ 2: 'd30af8ff00000000' }), raw({ 2: 'db0af8ffe0000000' }), raw({ 2: 'cb0af8ff00000000' }), raw({ 2: 'dba0f8ff00020000' })],
  ['reserved fields of calls', `call bpf_ktime_get_ns\nexit`, raw({ 0: '8501000005000000' }), raw({ 0: '8500010005000000' }), raw({ 0: '8530000005000000' }), raw({ 0: '8d00000000000000' })],
  ['reserved fields of jumps', `r0 = 0\nif r0 == 0 goto out\nout: exit`, raw({ 1: '1510000000000000' }), raw({ 1: '1d00000001000000' }), raw({ 1: '0500000001000000' }), raw({ 1: '0501000000000000' }), raw({ 1: '0600010000000000' }), raw({ 1: '0e00000000000000' }), raw({ 1: '0d00010000000000' }), raw({ 1: 'e500000002000000' }), also(raw({ 1: 'e500000000000000' })), raw({ 1: 'f500000000000000' }), also(raw({ 1: '1600000000000000' }))],
  ['reserved fields of exits', `r0 = 0\nexit`, raw({ 1: '9500000001000000' }), also(raw({ 1: '9500010000000000' })), raw({ 1: '9510000000000000' }), raw({ 1: '9d00000000000000' })],
  ['wide loads', `r0 = 5 ll\nexit`, raw({ 0: '1800010005000000' }), raw({ 1: '0100000000000000' }), raw({ 1: '0001000000000000' }), raw({ 0: '1870000005000000' }), raw({ 0: '1810000005000000' }), raw({ 0: '1830000005000000' }), raw({ 0: '1840000001000000' })],
  ['casts of addresses', `r0 = 0\nr1 = 0\nexit`, raw({ 1: 'bf01010000000100' }), raw({ 1: 'bf01010001000100' }), raw({ 1: 'bf11010000000200' })],
  ['packet loads', `r6 = r1\nr0 = *(u8 *)skb[0]\nexit`, raw({ 1: '3010000000000000' }), raw({ 1: '3000010000000000' }), raw({ 1: '3800000000000000' }), raw({ 1: '5000010000000000' })],
]);

const TWO = `call f\n${END}\n.func int f(void)\n${END}`;

const INFO = cases('', [
  ['functions in order', TWO, ...['1:prog, f', '0:prog, 0:f', '0:prog, 2:f', '0:prog', '0:prog, f:999', '0:prog, f:1', '0:0, f'].map((rows) => `${TWO}\n.func_info ${rows}`), also(`${TWO}\n.func_info 0:prog, f`)],
  ['lines in order', TWO, ...['1, 0', '0, 1', '1, 2, f, f+1', '0, 1, 2, f, 99', '0:999999, f', '0, 1, 2, f+1'].map((rows) => `${TWO}\n.line_info ${rows}`), (p) => ({ ...p, lineInfo: p.lineInfo.map((r) => [r[0], 999999, r[2], r[3]] as const) }), also(`${TWO}\n.line_info 0, f`)],
  ['lines of instructions', `r0 = 5 ll\nexit`, { exit: 'exit\n.line_info 0, 1' }],
  ['types at all', `r0 = 0\nexit`, { exit: 'exit\n.info none\n.line_info 0' }, also({ exit: 'exit\n.info none' })],
]);

const FLOW = cases('.info none', [
  ['jumps inside of the program', `r0 = 0\nif r0 == 1 goto out\nout: exit`, raw({ 1: '1500010001000000' }), raw({ 1: '1500fdff01000000' }), raw({ 1: '1500007f01000000' })],
  ['jumps between instructions', `r0 = 0\nif r0 == 1 goto out\nr1 = 5 ll\nout: exit`, raw({ 1: '1500010001000000' })],
  ['every instruction is reached', `r0 = 0\ngoto out\nout: exit`, `r0 = 0\nexit\nr0 = 1\nexit`, `goto out\nr1 = 0\nout: r0 = 0\nexit`],
  ['an end', `r0 = 0\nexit`, `r0 = 0`, `r0 = 0\nr1 = 0`, `r0 = 5 ll`, `r0 = 0\nif r0 == 0 goto -1`, `r0 = 0\ncall bpf_ktime_get_ns`],
  ['loops of the unprivileged', `.unprivileged\nr0 = 0\nif r0 == 1 goto out\nout: exit`, `.unprivileged\nr0 = 0\nl: r0 += 1\nif r0 < 4 goto l\nexit`, `.unprivileged\nr0 = 0\nl: goto l`],
  ['functions of the unprivileged', `call f\n${END}\nf: ${END}`, `.unprivileged\ncall f\n${END}\nf: ${END}`],
  ['functions up to 256', `${Array.from({ length: 255 }, (_, i) => `call f${i}`).join('\n')}\nexit\n${Array.from({ length: 255 }, (_, i) => `f${i}: ${END}`).join('\n')}`, `${Array.from({ length: 256 }, (_, i) => `call f${i}`).join('\n')}\nexit\n${Array.from({ length: 256 }, (_, i) => `f${i}: ${END}`).join('\n')}`],
  ['the number of a kfunc', `r0 = 0\nif r0 == 0 goto out\ncall bpf_rcu_read_lock\nout: exit`, { bpf_rcu_read_lock: 'kernel-function#-1' }],
  ['how long a program of the unprivileged is', `.unprivileged\n${'r0 = 0\n'.repeat(4095)}exit`, `.unprivileged\n${'r0 = 0\n'.repeat(4096)}exit`],
]);

const AFTER = cases('.prog tc\n.c\nstruct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4); } progs SEC(".maps");\nstruct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, long); } m SEC(".maps");\n.endc', [
  ['the stack of all frames', `*(u64 *)(r10 - 256) = 0\ncall f\nexit\nf: *(u64 *)(r10 - 256) = 0\n${END}`, { '*(u64 *)(r10 - 256) = 0\ncall': '*(u64 *)(r10 - 288) = 0\ncall' }],
  ['tail calls from functions', `call f\n${END}\n.func int f(struct __sk_buff *ctx)\nr2 = progs ll\nr3 = 0\ncall bpf_tail_call\n${END}`, also({ '.func int f': '.func long f' }), { 'call f\n': '.info none\ncall f\n' }],
  ['tail calls by maps that the unprivileged know', `.prog socket\n.unprivileged\nr2 = progs ll\nr3 = 0\ncall bpf_tail_call\n${END}`],
  ['tail calls with arguments on the stack', `r2 = progs ll\nr3 = 0\ncall bpf_tail_call\n${END}`, `r6 = r1\nr1 = 1\nr2 = 2\nr3 = 3\nr4 = 4\nr5 = 5\n*(u64 *)(r11 - 8) = 6\ncall f\nr1 = r6\nr2 = progs ll\nr3 = 0\ncall bpf_tail_call\n${END}\n.func int f(int a, int b, int c, int d, int e, int g)\n${END}`],
]);

const MAPS = cases('', [
  ['direct values', `.c\nint counter;\n.endc\nr1 = counter ll\n${END}`, { 'counter ll': 'counter+4 ll' }, { 'counter ll': 'counter+40000 ll' }],
  ['direct values of arrays only', `.c\nstruct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, long); } h SEC(".maps");\n.endc\nr1 = h ll\n${END}`, (p) => ({ ...p, insns: raw({ 0: '1821000000000000' })(p).insns })],
  ['maps of sleepable programs', `.prog fentry.s/bpf_fentry_test1\n.c\nstruct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, long); } h SEC(".maps");\n.endc\nr1 = h ll\n${END}`, { 'BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, long)': 'BPF_MAP_TYPE_STACK_TRACE); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 800)' }, also({ 'BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, long)': 'BPF_MAP_TYPE_QUEUE); __uint(max_entries, 2); __uint(value_size, 8)' }), { 'BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, long)': 'BPF_MAP_TYPE_DEVMAP); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 4)' }],
  ['locks of socket filters', `.prog tc\n.c\nprivate(A) struct bpf_spin_lock one;\n.endc\nr1 = one ll\n${END}`, { '.prog tc': '.prog socket' }, { '.prog tc': '.prog kprobe' }, { '.prog tc': '.prog tracepoint/a/b' }, { '.prog tc': '.prog raw_tp/sys_enter' }, { '.prog tc': '.prog perf_event' }],
  ['graphs of tracers', `.prog tc\n.c\nstruct item { long a; struct bpf_list_node ln; };\nprivate(A) struct bpf_spin_lock one;\nprivate(A) struct bpf_list_head head __contains(item, ln);\n.endc\nr1 = head ll\n${END}`, { '.prog tc': '.prog kprobe' }, { '.prog tc': '.prog tracepoint/a/b' }],
  ['one arena', `.c\nstruct { __uint(type, BPF_MAP_TYPE_ARENA); __uint(map_flags, BPF_F_MMAPABLE); __uint(max_entries, 2); __ulong(map_extra, 0x100000000000); } a SEC(".maps");\nstruct { __uint(type, BPF_MAP_TYPE_ARENA); __uint(map_flags, BPF_F_MMAPABLE); __uint(max_entries, 2); __ulong(map_extra, 0x200000000000); } b SEC(".maps");\n.endc\nr1 = a ll\n${END}`, { 'r1 = a ll\n': 'r1 = a ll\nr1 = b ll\n' }, also({ 'r1 = a ll\n': 'r1 = a ll\nr0 = *(u64 *)(r1 + 0)\n' }) ],
  ['casts with an arena', `.c\nstruct { __uint(type, BPF_MAP_TYPE_ARENA); __uint(map_flags, BPF_F_MMAPABLE); __uint(max_entries, 2); __ulong(map_extra, 0x100000000000); } a SEC(".maps");\n.endc\nr2 = a ll\nr1 = 0\nr1 = addr_space_cast(r1, 0, 1)\nr0 = *(u64 *)(r1 + 0)\nexit`, `r1 = 0\nr1 = addr_space_cast(r1, 0, 1)\n${END}`, { 'r1 = addr_space_cast(r1, 0, 1)\n': '' }, also({ '(r1 + 0)': '(r2 + 0)' })],
  ['64 maps', `.c\n${Array.from({ length: 64 }, (_, i) => `struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, long); } m${i} SEC(".maps");`).join('\n')}\n.endc\n${Array.from({ length: 64 }, (_, i) => `r1 = m${i} ll`).join('\n')}\n${END}`, `.c\n${Array.from({ length: 65 }, (_, i) => `struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, long); } m${i} SEC(".maps");`).join('\n')}\n.endc\n${Array.from({ length: 65 }, (_, i) => `r1 = m${i} ll`).join('\n')}\n${END}`],
  ['kernel symbols', `.prog tc\n.c\nextern const int bpf_prog_active __ksym;\n.endc\nr1 = bpf_prog_active ll\ncall bpf_this_cpu_ptr\nr0 = *(u32 *)(r0 + 0)\n${END}`, { 'call bpf_this_cpu_ptr\n': 'r0 = *(u32 *)(r1 + 0)\n', 'r0 = *(u32 *)(r0 + 0)\n': '' }, { '*(u32 *)(r0 + 0)': '*(u64 *)(r0 + 0)' }, { 'r0 = *(u32 *)(r0 + 0)': '*(u32 *)(r0 + 0) = 0' }, { 'call bpf_this_cpu_ptr': 'r1 += 4\ncall bpf_this_cpu_ptr' }, { 'call bpf_this_cpu_ptr': 'r1 = r10\ncall bpf_this_cpu_ptr' }, { 'call bpf_this_cpu_ptr': 'r2 = 0\ncall bpf_per_cpu_ptr' }],
]);

const ATTACH = cases('', [
  ['what a tracer attaches to', `.prog fentry/bpf_fentry_test1\n${END}`, { '/bpf_fentry_test1': '\n.attach none' }, { 'bpf_fentry_test1': 'bpf_fentry_test1\n.attach func migrate_disable' }, (p) => ({ ...p, attach: { kind: 'typedef', name: 'btf_trace_sched_switch', module: null } })],
  ['what a tracepoint\'s program attaches to', `.prog tp_btf/sched_switch\n${END}`, (p) => ({ ...p, attach: { kind: 'func', name: 'bpf_fentry_test1', module: null } }), (p) => ({ ...p, attach: { kind: 'typedef', name: 'pid_t', module: null } })],
  ['what sleepable programs attach to', `.prog fentry.s/bpf_fentry_test1\n${END}`, (p) => ({ ...p, attach: { kind: 'func', name: 'vprintk', module: null } }), `.prog tp_btf/sched_switch\n.flags sleepable\n${END}`, also(`.prog kprobe\n.flags sleepable\n.attach_type 0\n${END}`), `.prog tc\n.flags sleepable\n${END}`],
  ['system call programs sleep', `.prog syscall\n${END}`, { syscall: 'syscall\n.flags -sleepable' }],
  ['what may be modified', `.prog fmod_ret/bpf_modify_return_test\n${END}`, (p) => ({ ...p, attach: { kind: 'func', name: 'vprintk', module: null } })],
  ['hooks', `.prog lsm/file_open\n${END}`, { '.prog lsm/file_open': '.prog lsm/file_open\n.license Proprietary' }, (p) => ({ ...p, attach: { kind: 'func', name: 'bpf_fentry_test1', module: null } }), also(`.prog lsm.s/inode_free_security\n${END}`), (p) => ({ ...p, attach: { kind: 'func', name: 'bpf_lsm_vm_enough_memory', module: null } })],
  ['what must not be traced', `.prog fentry/bpf_fentry_test1\n${END}`, (p) => ({ ...p, attach: { kind: 'func', name: 'migrate_disable', module: null } }), also((p) => ({ ...p, attach: { kind: 'func', name: 'bpf_spin_lock', module: null } })), (p) => ({ ...p, attach: { kind: 'func', name: '__rcu_read_lock', module: null } })],
  ['what does not return', `.prog fexit/bpf_fentry_test1\n${END}`, (p) => ({ ...p, attach: { kind: 'func', name: 'do_exit', module: null } })],
  ['members of structs of operations', `.prog struct_ops/init\n.attach struct tcp_congestion_ops.ssthresh\nr0 = 0\nexit`, { '.prog struct_ops/init': '.license Proprietary\n.prog struct_ops/init' }, (p) => ({ ...p, attach: { kind: 'struct', name: 'task_struct', module: null } }), (p) => ({ ...p, attachType: 999 }), { 'struct tcp_congestion_ops.ssthresh': 'none' }, { 'tcp_congestion_ops.ssthresh': 'tcp_congestion_ops.get_info' }, also((p) => ({ ...p, attachType: 0 }))],
  ['attach types', `.prog cgroup/connect4\nr0 = 1\nexit`, (p) => ({ ...p, attachType: 0 }), (p) => ({ ...p, attachType: 200 })],
]);

/** The kernel at hand loads maps with all privileges whatever the program has, so these are judged by a recording. */
const RECORDED_ELSEWHERE = judged('', [['tail calls by one of two maps, unprivileged', 'verifier_map_ptr_mixing/pointers_for_lookup_tail_tail_1@unpriv', TWO_TABLES, also({ 'r2 = other ll': 'r2 = progs ll' })]]);

export const CASES = join(LEGAL, INFO, FLOW, AFTER, RECORDED_ELSEWHERE, MAPS, ATTACH);
