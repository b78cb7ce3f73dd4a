import * as op from '../../isa/opcodes.ts';
import { PTR_TO_STACK, baseType } from '../../kernel/types.ts';
import type { Reg } from '../../state/reg.ts';
import { callee, type TextCase, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { dataSlice } from '../slice/data.ts';
import { subjects } from '../slice/subject.ts';
import { preparation } from './code.ts';
import type { Candidate } from './fix.ts';

/** Further arguments of functions that begin an iterator. */
const NEW_ARGUMENTS: Readonly<Record<string, readonly string[]>> = { bpf_iter_num: ['r2 = 0', 'r3 = 10'] };

/** Begins the iterator before it is used. */
export function* beginIterator(c: WalkedCase): Iterable<Candidate> {
  const name = callee(c, c.insn);
  const kind = /^(bpf_iter_\w+?)_(next|destroy)$/.exec(name)?.[1];
  const more = kind === undefined ? undefined : NEW_ARGUMENTS[kind];
  if (kind === undefined || more === undefined) return;
  const editor = editorOf(c);
  const setup = preparation(c, c.insn);
  const lines = setup.map((insn) => editor.textOf(insn));
  yield {
    title: `Call ${kind}_new first`,
    edits: [editor.before(setup[0] ?? c.insn, [...lines, ...more, `call ${kind}_new`])],
  };
  yield { title: `Leave this call of ${name} out`, edits: [editor.remove(c.insn)], lastResort: true };
}

/** Lets a pointer to the stack lead to another place of it, a constant one. */
export function* otherStackPlace(c: WalkedCase): Iterable<Candidate> {
  const { insns } = c.program;
  const editor = editorOf(c);
  const isStack = (reg: Reg): boolean => baseType(reg.type) === PTR_TO_STACK;
  for (const { step } of dataSlice(c, subjects(c), c.step)) {
    const insn = c.trace.insnAt(step);
    const code = insns.code[insn];
    const regno = insns.dst[insn];
    const { regs } = c.trace.mirrorAt(step).frames.at(-1)!;
    const isVariable = code === (op.BPF_ALU64 | op.BPF_ADD | op.BPF_X);
    if (isVariable ? !isStack(regs[regno]) && !isStack(regs[insns.src[insn]]) : !isStack(regs[regno]))
      continue;
    if (!isVariable && code !== (op.BPF_ALU64 | op.BPF_ADD)) continue;
    for (const off of [-8, -16, -32, -64, -128, -256, -512]) {
      yield {
        kind: 'stack place',
        title: `Let r${regno} point ${-off} bytes below the frame pointer`,
        edits: [
          editor.replace(
            insn,
            isVariable ? `r${regno} = r10\n        r${regno} += ${off}` : `r${regno} += ${off}`,
          ),
        ],
      };
    }
    return;
  }
}

/** Loads an address inside of the map's value. */
export function* insideValue(c: TextCase): Iterable<Candidate> {
  const [size, off] = c.args.map(Number);
  const editor = editorOf(c);
  for (let insn = 0; insn < c.text.sourceMap.length; insn++) {
    if (c.program.insns.code[insn] !== 0x18) continue;
    const text = editor.textOf(insn);
    if (!new RegExp(`[+]${off} ll$`).test(text)) continue;
    for (const other of [size - 1, 0]) {
      if (other < 0) continue;
      const place = other === 0 ? ' ll' : `+${other} ll`;
      yield {
        title: `Load ${text.replace(/^.*= /, '').replace(/[+]\d+ ll$/, place)}`,
        edits: [editor.replace(insn, text.replace(/[+]\d+ ll$/, place))],
      };
    }
  }
}
