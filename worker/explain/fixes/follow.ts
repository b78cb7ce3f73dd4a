import { isConst } from '../../domain/inspect.ts';
import * as op from '../../isa/opcodes.ts';
import { NOT_INIT, SCALAR_VALUE } from '../../kernel/types.ts';
import type { WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import type { Candidate } from './fix.ts';
import { freeStack, keepingRegisters, moved, stackAt } from './inserted-call.ts';

/** The register that an access follows, -1 if the instruction is none. */
function followed(c: WalkedCase): number {
  const { insns } = c.program;
  const cls = insns.code[c.insn] & 7;
  const isAcquire =
    cls === op.BPF_STX &&
    (insns.code[c.insn] & 0xe0) === op.BPF_ATOMIC &&
    insns.imm[c.insn] === op.BPF_LOAD_ACQ;
  if (cls === op.BPF_LDX || isAcquire) return insns.src[c.insn];
  return cls === op.BPF_ST || cls === op.BPF_STX ? insns.dst[c.insn] : -1;
}

/** Reads from an address that is only a number by the helper that copies from anywhere. */
export function* probeRead(c: WalkedCase): Iterable<Candidate> {
  const { insns } = c.program;
  const code = insns.code[c.insn];
  if ((code & 7) !== op.BPF_LDX || (code & 0xe0) !== op.BPF_MEM) return;
  const base = followed(c);
  const value = c.trace.mirrorAt(c.step).frames.at(-1)!.regs[base];
  // a constant is no address
  if (value.type === SCALAR_VALUE && isConst(value.scalar)) return;
  const bytes = op.bytesOfSize(code);
  const [place] = freeStack(c, c.insn, 1);
  const dst = insns.dst[c.insn];
  const load = `r${dst} = *(u${bytes * 8} *)(${stackAt(place)})`;
  const own = [
    `r3 = r${base}`,
    ...moved(3, insns.off[c.insn]),
    'r1 = r10',
    `r1 += ${place}`,
    `r2 = ${bytes}`,
    'call bpf_probe_read_kernel',
    load,
  ];
  const live = c.env.facts.liveRegs[c.insn + 1];
  const needed = c.env.facts.liveRegs[c.insn] & live;
  const kept = keepingRegisters(c, c.insn, own, (~needed & 0x3f) | (1 << dst));
  if (kept === null) return;
  yield {
    title: `Read it with bpf_probe_read_kernel`,
    edits: [editorOf(c).replace(c.insn, kept.join('\n        '))],
    note: 'The helper copies from any address and fails where it cannot: what the number leads to need not be known.',
  };
}

/** Uses the stack where a number, or nothing, was followed. */
export function* ownStack(c: WalkedCase): Iterable<Candidate> {
  const { insns } = c.program;
  const base = followed(c);
  if (base < 0 || base === 10) return;
  const value = c.trace.mirrorAt(c.step).frames.at(-1)!.regs[base];
  const isNumber = value.type === SCALAR_VALUE && isConst(value.scalar);
  if (!isNumber && value.type !== NOT_INIT) return;
  const editor = editorOf(c);
  const bytes = op.bytesOfSize(insns.code[c.insn]);
  const off = insns.off[c.insn];
  const [free] = freeStack(c, c.insn, 1);
  const place = off < 0 && off >= -512 && off % bytes === 0 ? off : free;
  const text = editor.textOf(c.insn).replace(new RegExp(`\\br${base} [+-] \\d+`), stackAt(place));
  const slot = Math.floor(place / 8) * 8;
  yield {
    title: `Use the stack, not r${base}: ${text}`,
    edits: [editor.replace(c.insn, [`*(u64 *)(${stackAt(slot)}) = 0`, text].join('\n        '))],
  };
}
