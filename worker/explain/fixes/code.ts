import { isConditionalJump, jumpTarget, readsWrites } from '../../isa/flow.ts';
import { callee, type WalkedCase } from '../context.ts';

/**
 * Instructions that prepare the arguments of a call: those right before it that write r1 to r5 and are no jumps or
 * targets of jumps themselves. In program order, the call not among them.
 */
export function preparation(c: WalkedCase, call: number): number[] {
  const { insns } = c.program;
  const targets = jumpTargets(c);
  const found: number[] = [];
  let at = call;
  for (;;) {
    if (targets.has(at)) return found;
    const before = previous(c, at);
    if (before < 0) return found;
    const code = insns.code[before];
    const cls = code & 7;
    if (cls === 5 || cls === 6 || cls === 2 || cls === 3) return found;
    const dst = insns.dst[before];
    if (dst < 1 || dst > 5) return found;
    found.unshift(before);
    at = before;
  }
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
