import { BTF_KIND_FWD, BTF_KIND_STRUCT } from '../btf/btf.ts';
import { parseBtf } from '../btf/parse.ts';
import type { Program } from '../program/program.ts';
import { also, cases, edited, join, judged, KERNEL } from '../testing/cases.ts';
import { END } from '../testing/scenes.ts';

/** A program that calls global function `f`, whose argument is declared as given. */
const taking = (parameter: string, before = ''): string => `${before}call f\n${END}\n.func global int f(${parameter})\n${END}`;

const TAGS = cases('.prog tc', [
  ['what an untrusted pointer points to', taking('struct task_struct *p __arg_untrusted', 'call bpf_get_current_task_btf\nr1 = r0\n'), { 'struct task_struct': 'float' }, { 'struct task_struct': 'struct nothing_at_all' }, also({ 'struct task_struct': 'int' }), { 'struct task_struct': 'struct { int a; }' }],
  ['a type of the kernel\'s that is named once', taking('struct task_struct *p __arg_trusted', 'call bpf_get_current_task_btf\nr1 = r0\n'), { 'struct task_struct': 'struct console' }, { 'struct task_struct': 'struct dma_chan' }, { 'struct task_struct': 'struct nf_conn' }, { 'struct task_struct': 'struct task_struct___one___two' }, also({ 'struct task_struct': 'struct task_struct___one' }), { 'struct task_struct': 'struct task_struct____one' }, { 'struct task_struct': 'struct nf_conn___init' }],
  ['a context that has a name', taking('void *p __arg_ctx'), { 'void *p': 'struct { int a; } *p' }, { 'void *p': 'int p' }, also({ 'void *p': 'struct __sk_buff *p' }), { 'void *p': 'struct xdp_md *p' }],
]);

const NUMBERS = cases('.prog tc', [
  ['numbers that are given', `r1 = 1\nr2 = 2\ncall f\n${END}\n.func global int f(int a, int b)\n${END}`, { 'r2 = 2': 'r2 = r10' }, { 'r1 = 1': 'r2 = r1', 'r2 = 2': 'r1 = 1' }],
]);

/** The program's struct without members as a declaration without a body. */
const incomplete = (name: string) => (p: Program): Program => {
  const btf = p.btf!;
  const bytes = btf.bytes.slice();
  const words = new DataView(bytes.buffer);
  const header = words.getUint32(4, true);
  for (let at = header; at + 12 <= bytes.length; at += 4) {
    if (words.getUint32(at + 4, true) !== BTF_KIND_STRUCT << 24 || words.getUint32(at + 8, true) !== 0) continue;
    if (words.getUint32(at, true) >= btf.stringEnd || btf.string(words.getUint32(at, true)) !== name) continue;
    words.setUint32(at + 4, BTF_KIND_FWD << 24, true);
  }
  return { ...p, btf: parseBtf(bytes) };
};

const INCOMPLETE = edited('what nobody has defined', `.prog tc\n${taking('struct maple_enode *p __arg_untrusted', 'r1 = 0\n')}`, incomplete('maple_enode'), also({ maple_enode: 'task_struct' }));

const OF_A_MODULE = judged('.prog tc', [
  [
    'a struct of a module',
    { why: 'the text of the rule; the kernel at hand has no module loaded', errno: 95, message: "arg#0 reference type('STRUCT bpf_testmod_ops') points to kernel module type (unsupported)" },
    taking('struct bpf_testmod_ops *p __arg_trusted', 'r1 = 0\n'),
    also({ bpf_testmod_ops: 'task_struct', 'r1 = 0': 'call bpf_get_current_task_btf\nr1 = r0' }, KERNEL),
  ],
]);

export const CASES = join(TAGS, NUMBERS, INCOMPLETE, OF_A_MODULE);
