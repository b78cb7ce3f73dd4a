import { constLo, isConst } from '../../domain/inspect.ts';
import { readsWrites } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import { PTR_TO_STACK, SCALAR_VALUE, baseType } from '../../kernel/types.ts';
import type { Reg } from '../../state/reg.ts';
import { isSpilledReg } from '../../state/slot.ts';
import type { MirrorFrame } from '../../trace/mirror.ts';
import type { WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { ownFunction, spareRegisters } from './code.ts';

const STACK_BYTES = 512;

/** Offsets from the frame pointer of 8-byte places below all that the function uses of its stack; fewer than asked for if it is full. */
export function freeStack(c: WalkedCase, insn: number, count: number): number[] {
  const { insns } = c.program;
  const { start, end } = ownFunction(c, insn);
  let deepest = 0;
  for (let i = start; i < end; i++) {
    const cls = insns.code[i] & 7;
    const isLoad = cls === op.BPF_LDX;
    const isMemory = isLoad || cls === op.BPF_STX || cls === op.BPF_ST;
    if (isMemory && (isLoad ? insns.src[i] : insns.dst[i]) === 10) deepest = Math.min(deepest, insns.off[i]);
    // any negative number that is added might make an address of the stack
    if (insns.code[i] === (op.BPF_ALU64 | op.BPF_ADD) && insns.imm[i] >= -STACK_BYTES)
      deepest = Math.min(deepest, insns.imm[i]);
  }
  const first = Math.floor(deepest / 8) * 8 - 8;
  return Array.from({ length: count }, (_, i) => first - i * 8).filter((off) => off >= -STACK_BYTES);
}

/** `r10 - 8` for an offset of -8. */
export const stackAt = (off: number): string => `r10 - ${-off}`;

/**
 * Lines that call something, with those around them that keep what is still needed of r0 to r5 in front of an instruction; null if there
 * is no room. `made`: bits of registers that the lines give a new value, or that nobody needs any more.
 */
export function keepingRegisters(
  c: WalkedCase,
  insn: number,
  lines: readonly string[],
  made = 0,
): string[] | null {
  const needed = [0, 1, 2, 3, 4, 5].filter(
    (r) => ((c.env.facts.liveRegs[insn] >> r) & 1) !== 0 && ((made >> r) & 1) === 0,
  );
  const text = lines.join('\n');
  const spare = spareRegisters(c, insn, [insn]).filter((r) => !new RegExp(`\\b[rw]${r}\\b`).test(text));
  const inRegisters = needed.slice(0, spare.length);
  const onStack = needed.slice(spare.length);
  // the lines may use the nearest place themselves
  const places = freeStack(c, insn, onStack.length + 1).slice(1);
  if (places.length < onStack.length) return null;
  return [
    ...inRegisters.map((r, i) => `r${spare[i]} = r${r}`),
    ...onStack.map((r, i) => `*(u64 *)(${stackAt(places[i])}) = r${r}`),
    ...lines,
    ...inRegisters.map((r, i) => `r${r} = r${spare[i]}`),
    ...onStack.map((r, i) => `r${r} = *(u64 *)(${stackAt(places[i])})`),
  ];
}

const sameValue = (a: Reg, b: Reg): boolean =>
  a.type === b.type && a.id === b.id && a.scalar === b.scalar && a.num === b.num && a.ext === b.ext;

/**
 * Lines that put into `regno` what a register held at an earlier step of the same function, from what lasts until now: constants, addresses
 * of the stack and of maps, copies in r6 to r9 and on the stack. Null if nothing has it any more.
 */
export function asBefore(
  c: WalkedCase,
  was: Reg,
  regno: number,
  step: number,
  now: MirrorFrame,
): string[] | null {
  if (was.type === SCALAR_VALUE && isConst(was.scalar)) return [`r${regno} = ${constLo(was.scalar)}`];
  if (baseType(was.type) === PTR_TO_STACK && isConst(was.scalar) && was.num === frameOf(c))
    return [`r${regno} = r10`, ...moved(regno, constLo(was.scalar))];
  for (const r of [6, 7, 8, 9]) if (sameValue(now.regs[r], was)) return [`r${regno} = r${r}`];
  const spi = now.stack.findIndex((slot) => isSpilledReg(slot) && sameValue(slot.reg, was));
  if (spi >= 0) return [`r${regno} = *(u64 *)(${stackAt(-8 * (spi + 1))})`];
  // a map's address is loaded again as it was
  for (const earlier of c.trace.way(step)) {
    const insn = c.trace.insnAt(earlier);
    if (earlier === step || (readsWrites(c.program.insns, insn).def & (1 << regno)) === 0) continue;
    const text = editorOf(c).textOf(insn);
    return c.program.insns.code[insn] === op.OP_LD_IMM64 ? [text] : null;
  }
  return null;
}

/** The frame that the refused instruction runs in. */
export const frameOf = (c: WalkedCase): number => c.trace.mirrorAt(c.step).frames.length - 1;

/** The line that moves a pointer by a constant; none for 0. */
export const moved = (regno: number, by: number): string[] => (by === 0 ? [] : [`r${regno} += ${by}`]);
