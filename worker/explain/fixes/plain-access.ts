import { constLo, isConst } from '../../domain/inspect.ts';
import * as op from '../../isa/opcodes.ts';
import { PTR_TO_STACK, SCALAR_VALUE, baseType } from '../../kernel/types.ts';
import { callee, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { spareRegisters } from './code.ts';
import type { Candidate } from './fix.ts';
import { freeStack, stackAt } from './inserted-call.ts';

/** An ordinary load or store where an atomic one may not be. */
export function* ordinaryAccess(c: WalkedCase): Iterable<Candidate> {
  const { insns } = c.program;
  const code = insns.code[c.insn];
  if ((code & 7) !== op.BPF_STX || (code & 0xe0) !== op.BPF_ATOMIC) return;
  const bits = op.bytesOfSize(code) * 8;
  const [dst, src, off] = [insns.dst[c.insn], insns.src[c.insn], insns.off[c.insn]];
  const at = (regno: number): string => `*(u${bits} *)(r${regno} ${off < 0 ? '-' : '+'} ${Math.abs(off)})`;
  const text =
    insns.imm[c.insn] === op.BPF_LOAD_ACQ
      ? `r${dst} = ${at(src)}`
      : insns.imm[c.insn] === op.BPF_STORE_REL
        ? `${at(dst)} = r${src}`
        : null;
  const editor = editorOf(c);
  if (text !== null)
    yield { title: `Use an ordinary access: ${text}`, edits: [editor.replace(c.insn, text)] };
  const sign = SIGNS[insns.imm[c.insn]] as string | undefined;
  const live = c.env.facts.liveRegs[c.insn];
  const free = [0, 1, 2, 3, 4, 5].find((r) => ((live >> r) & 1) === 0 && r !== dst && r !== src);
  const [scratch] = [...spareRegisters(c, c.insn, [c.insn]), free];
  if (sign === undefined || scratch === undefined) return;
  const lines = [`r${scratch} = ${at(dst)}`, `r${scratch} ${sign} r${src}`, `${at(dst)} = r${scratch}`];
  yield {
    title: 'Read, change and write in three steps, which another CPU may come between',
    edits: [editor.replace(c.insn, lines.join('\n        '))],
  };
}

/** What atomic operations that fetch nothing do. */
const SIGNS: Readonly<Record<number, string>> = {
  [op.BPF_ADD]: '+=',
  [op.BPF_AND]: '&=',
  [op.BPF_OR]: '|=',
  [op.BPF_XOR]: '^=',
};

/** Stores a number where an address must not be seen. */
export function* storeNumber(c: WalkedCase): Iterable<Candidate> {
  const { insns } = c.program;
  const code = insns.code[c.insn];
  if ((code & 7) !== op.BPF_STX) return;
  const editor = editorOf(c);
  const src = insns.src[c.insn];
  if ((code & 0xe0) === op.BPF_MEM) {
    const text = editor.textOf(c.insn).replace(/= [rw]\d+\s*$/, '= 0');
    yield {
      title: `Write a number there, not the address in r${src}: ${text}`,
      edits: [editor.replace(c.insn, text)],
    };
  } else if (src !== 10) {
    const lines = [`r${src} = 0`];
    yield { title: `Use a number there, not the address in r${src}`, edits: [editor.before(c.insn, lines)] };
  }
}

/** Writes to a place of the stack that nothing else is in. */
export function* writeElsewhere(c: WalkedCase): Iterable<Candidate> {
  const { insns } = c.program;
  const cls = insns.code[c.insn] & 7;
  if ((cls !== op.BPF_ST && cls !== op.BPF_STX) || insns.dst[c.insn] !== 10) return;
  const editor = editorOf(c);
  const [place] = freeStack(c, c.insn, 1);
  if (place === undefined) return;
  const text = editor.textOf(c.insn).replace(/r10 - \d+/, stackAt(place));
  yield { title: `Write to a free place of the stack: ${text}`, edits: [editor.replace(c.insn, text)] };
}

/** Keeps a value on the stack that may not be written where it should go. */
export function* storeOnStack(c: WalkedCase): Iterable<Candidate> {
  const { insns } = c.program;
  const cls = insns.code[c.insn] & 7;
  const base = insns.dst[c.insn];
  const [place] = freeStack(c, c.insn, 1);
  if ((cls !== op.BPF_ST && cls !== op.BPF_STX) || place === undefined) return;
  const editor = editorOf(c);
  const own = editor.textOf(c.insn);
  const text = own.replace(new RegExp(`\\br${base} [+-] \\d+`), stackAt(place));
  if (text === own) return;
  const isAtomic = cls === op.BPF_STX && (insns.code[c.insn] & 0xe0) === op.BPF_ATOMIC;
  const lines = isAtomic ? [`*(u64 *)(${stackAt(place)}) = 0`, text] : [text];
  yield {
    title: `Keep it in the program’s own memory, on the stack: ${text}`,
    edits: [editor.replace(c.insn, lines.join('\n        '))],
  };
}

/** Bytes that a dynptr takes. */
const DYNPTR_BYTES = 16;

/** Lets a call write to a place of the stack that nothing else is in. */
export function* otherBuffer(c: WalkedCase): Iterable<Candidate> {
  const name = callee(c, c.insn);
  if (name === '') return;
  const { regs } = c.trace.mirrorAt(c.step).frames.at(-1)!;
  const [first] = freeStack(c, c.insn, 1);
  if (first === undefined) return;
  const editor = editorOf(c);
  for (const regno of [1, 2, 3, 4, 5]) {
    if (((c.env.facts.liveRegs[c.insn] >> regno) & 1) === 0 || baseType(regs[regno].type) !== PTR_TO_STACK)
      continue;
    for (const length of [regs.at(regno + 1), regs[regno - 1]]) {
      const known = length?.type === SCALAR_VALUE && isConst(length.scalar) ? constLo(length.scalar) : 0;
      const base = first + 8 - Math.ceil(Math.max(known, DYNPTR_BYTES) / 8) * 8;
      if (base < -512) continue;
      yield {
        kind: 'buffer',
        title: `Pass a free place of the stack in r${regno}: fp${base}`,
        edits: [editor.before(c.insn, [`r${regno} = r10`, `r${regno} += ${base}`])],
      };
    }
  }
}

/** Asks for a slice of the packet that may be written. */
export function* writableSlice(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  for (const step of c.trace.way(c.step)) {
    const insn = c.trace.insnAt(step);
    if (callee(c, insn) !== 'bpf_dynptr_slice') continue;
    const text = editor.textOf(insn).replace('bpf_dynptr_slice', 'bpf_dynptr_slice_rdwr');
    yield {
      title: 'Ask for a slice that may be written: bpf_dynptr_slice_rdwr',
      edits: [editor.replace(insn, text)],
    };
    return;
  }
}

/** Uses another register where the frame pointer would be written. */
export function* otherRegister(c: WalkedCase): Iterable<Candidate> {
  const { insns } = c.program;
  const cls = insns.code[c.insn] & 7;
  const [spare] = spareRegisters(c, c.insn, [c.insn]);
  if (spare === undefined || insns.dst[c.insn] !== 10 || (cls !== op.BPF_LDX && cls !== op.BPF_ALU64)) return;
  const editor = editorOf(c);
  const text = editor.textOf(c.insn).replace(/^r10/, `r${spare}`);
  const isMove = cls === op.BPF_LDX || (insns.code[c.insn] & 0xf0) === op.BPF_MOV;
  const lines = isMove ? [text] : [`r${spare} = r10`, text];
  yield {
    title: `Use another register than r10: ${text}`,
    edits: [editor.replace(c.insn, lines.join('\n        '))],
  };
}
