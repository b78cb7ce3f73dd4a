import { isHelperCall } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import { constLo, isConst } from '../../domain/inspect.ts';
import { MEM_UNINIT, MEM_WRITE, PTR_TO_CTX, baseType } from '../../kernel/types.ts';
import { callee, culprit, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { slotOf } from '../slice/place.ts';
import { ownFunction } from './code.ts';
import type { Candidate } from './fix.ts';
import { freeStack, frameOf, stackAt } from './inserted-call.ts';

/** A sum or difference that changed the pointer: in the register, or in the one that it was copied from. */
interface Move {
  readonly insn: number;
  readonly regno: number;
}

/** What moved the pointer that was refused, the latest first; not across functions and the stack. */
function moves(c: WalkedCase): Move[] {
  const { insns } = c.program;
  const { start, end } = ownFunction(c, c.insn);
  const found: Move[] = [];
  let regno = culprit(c);
  if (regno < 0) regno = (insns.code[c.insn] & 7) === op.BPF_LDX ? insns.src[c.insn] : insns.dst[c.insn];
  for (const step of c.trace.way(c.step)) {
    const insn = c.trace.insnAt(step);
    if (step === c.step || insns.dst[insn] !== regno || insn < start || insn >= end) continue;
    const code = insns.code[insn];
    const cls = code & 7;
    if (cls === op.BPF_LDX) {
      const slot = slotOf(c, c.trace.mirrorAt(step), insn, frameOf(c));
      if (slot === null) return found;
    }
    if (cls !== op.BPF_ALU64) continue;
    const operation = code & 0xf0;
    if (operation === op.BPF_MOV && (code & op.BPF_X) !== 0) regno = insns.src[insn];
    else if (operation === op.BPF_ADD || operation === op.BPF_SUB) found.push({ insn, regno });
    else return found;
  }
  return found;
}

/** Follows or passes a pointer as it was given, where it may not be moved at all. */
export function* unmodified(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const found = moves(c);
  if (found.length === 0) return;
  const verb = callee(c, c.insn) === '' ? 'Follow' : 'Pass';
  const texts = found.map(({ insn }) => editor.textOf(insn));
  yield {
    kind: 'unmodified',
    title: `${verb} r${found[0].regno} as it was given, without ${texts[0]}`,
    edits: [editor.remove(found[0].insn)],
  };
  if (found.length > 1)
    yield {
      kind: 'unmodified',
      title: `${verb} r${found[0].regno} as it was given, without ${texts.join(', ')}`,
      edits: found.map(({ insn }) => editor.remove(insn)),
    };
}

/** Bytes of the context that are copied for a call at most. */
const COPIED = 64;

/** Reads what a call should get of the context, and passes a copy on the stack; or a place on the stack for it to write to. */
export function* copyOfContext(c: WalkedCase): Iterable<Candidate> {
  const name = callee(c, c.insn);
  const regs = c.trace.mirrorAt(c.step).frames.at(-1)!.regs;
  const named = culprit(c);
  const regno = [named, 1, 2, 3, 4].find((r) => r >= 1 && r <= 5 && baseType(regs[r].type) === PTR_TO_CTX);
  if (name === '' || regno === undefined) return;
  const editor = editorOf(c);
  const [place] = freeStack(c, c.insn, 1);
  const length = regs.at(regno + 1);
  // no bytes at all still need memory
  const size = length !== undefined && isConst(length.scalar) ? constLo(length.scalar) || 8 : 8;
  if (size < 1 || size > COPIED) return;
  const base = place - Math.ceil(size / 8) * 8 + 8;
  if (base < -512) return;
  if (isWritten(c, regno)) {
    const lines = [`r${regno} = r10`, `r${regno} += ${base}`];
    yield {
      title: `Let ${name} write to ${size} bytes of the stack, not to the context`,
      edits: [editor.before(c.insn, lines)],
    };
    return;
  }
  // what the pointer was moved by is added in the accesses; where that is not known, it is left out
  const sums = moves(c);
  const off = isConst(regs[regno].scalar) ? constLo(regs[regno].scalar) : 0;
  for (const wide of [8, 4]) {
    const copy = Array.from({ length: Math.max(1, Math.ceil(size / wide)) }, (_, i) => [
      `r0 = *(u${wide * 8} *)(r${regno} + ${off + i * wide})`,
      `*(u${wide * 8} *)(${stackAt(base + i * wide)}) = r0`,
    ]).flat();
    const lines = [...copy, `r${regno} = r10`, `r${regno} += ${base}`, editor.textOf(c.insn)];
    const without =
      sums.length === 0 || isConst(regs[regno].scalar)
        ? ''
        : `, without ${sums.map(({ insn }) => editor.textOf(insn)).join(', ')}`;
    yield {
      kind: 'copy',
      title: `Copy ${size} bytes of the context to the stack${without}, and pass those to ${name}`,
      edits: [
        ...sums.map(({ insn }) => editor.remove(insn)),
        editor.replace(c.insn, lines.join('\n        ')),
      ],
    };
  }
}

/** Does the helper that is called write to what this argument points to? */
function isWritten(c: WalkedCase, regno: number): boolean {
  if (!isHelperCall(c.program.insns, c.insn)) return false;
  const proto = c.model.helper(c.program.insns.imm[c.insn], c.env.traits);
  return proto !== null && (proto.args[regno - 1] & (MEM_UNINIT | MEM_WRITE)) !== 0;
}
