import { isConditionalJump, jumpTarget, readsWrites } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import { callee, type WalkedCase } from '../context.ts';

/** r1 to r5 and all registers, as bits of `liveRegs`. */
const ARGUMENTS = 0x3e;
const ALL = 0x3ff;

/**
 * Instructions that prepare the arguments of a call: those before it that make what it reads in r1 to r5, up to the last jump, target of
 * jumps, or call. In program order, the call not among them; others may stand between them.
 */
export function preparation(c: WalkedCase, call: number): number[] {
  const { insns } = c.program;
  const targets = jumpTargets(c);
  const found: number[] = [];
  let wanted = c.env.facts.liveRegs[call] & ARGUMENTS;
  for (let at = call; wanted !== 0 && !targets.has(at);) {
    const before = previous(c, at);
    if (before < 0) break;
    const cls = insns.code[before] & 7;
    if (cls === op.BPF_JMP || cls === op.BPF_JMP32) break;
    const { use, def } = readsWrites(insns, before);
    if ((def & wanted) !== 0) {
      found.unshift(before);
      wanted = (wanted & ~def) | (use & ARGUMENTS);
    }
    // it needs an argument, too: what comes before makes it for both
    else if ((use & wanted & ALL) !== 0) break;
    at = before;
  }
  return found;
}

/** The instruction that begins before another one, -1 if none does. */
export function previous(c: WalkedCase, insn: number): number {
  const { insns } = c.program;
  if (insn <= 0) return -1;
  return insn >= 2 && insns.code[insn - 2] === 0x18 ? insn - 2 : insn - 1;
}

export function jumpTargets(c: WalkedCase): ReadonlySet<number> {
  const { insns } = c.program;
  const targets = new Set<number>();
  for (let i = 0; i < insns.length; i++) {
    const code = insns.code[i];
    const target = isConditionalJump(code) || (code & 0xf7) === 0x05 ? jumpTarget(insns, i) : null;
    if (target !== null) targets.add(target);
  }
  return targets;
}

/** Calls of a function by name, in program order. */
export function callsOf(c: WalkedCase, names: readonly string[]): number[] {
  const calls: number[] = [];
  for (let i = 0; i < c.program.insns.length; i++) if (names.includes(callee(c, i))) calls.push(i);
  return calls;
}

/** First instruction of the function that an instruction is in, and one past its last. */
export function ownFunction(c: WalkedCase, insn: number): { readonly start: number; readonly end: number } {
  return c.env.facts.subprogs[c.env.facts.subprogOf[insn]];
}

/** Callee-saved registers that nothing reads from an instruction on and that the instructions do not use. */
export function spareRegisters(c: WalkedCase, at: number, within: readonly number[]): number[] {
  const live = c.env.facts.liveRegs[at];
  let used = 0;
  for (const insn of within) {
    const masks = readsWrites(c.program.insns, insn);
    used |= masks.use | masks.def;
  }
  return [6, 7, 8, 9].filter((r) => ((live >> r) & 1) === 0 && ((used >> r) & 1) === 0);
}
