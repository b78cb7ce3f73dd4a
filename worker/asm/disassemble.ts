import { decode } from '../isa/decode.ts';
import type { Insns } from '../isa/insns.ts';
import { printInstruction, rawSlot } from '../isa/llvm-print.ts';
import * as op from '../isa/opcodes.ts';

/** Names for what instructions refer to; a callback that is missing or answers null leaves a number. */
export interface DisasmNames {
  helper?(id: number): string | null;
  /** Name of the kfunc that slot `i` calls. */
  kfunc?(i: number): string | null;
  /** What the wide load at slot `i` loads, as it would be written before `ll`: `m`, `m+8`, `bpf_prog_active`. */
  symbol?(i: number): string | null;
  /** Name of the function that begins at a slot. */
  func?(slot: number): string | null;
  /** Another text for the instruction at slot `i`. */
  instruction?(i: number): string | null;
  /** What to say behind the instruction at slot `i`, as a comment. */
  remark?(i: number): string | null;
  /** A line to put before the instruction at slot `i`. */
  before?(i: number): string | null;
  /** A line to put before the label of the function that begins at a slot. */
  entry?(slot: number): string | null;
}

const INDENT = '        ';

/**
 * A program as source text of ours: LLVM's syntax with labels for jump targets and functions. Assembling it
 * gives the same bytes, provided that the names resolve. Ends with a newline.
 */
export function disassemble(insns: Insns, names: DisasmNames = {}): string {
  const decoded = new Map<number, NonNullable<ReturnType<typeof decode>>>();
  const order: number[] = [];
  for (let i = 0; i < insns.length;) {
    order.push(i);
    const insn = decode(insns, i);
    if (insn !== null) decoded.set(i, insn);
    i += insn?.kind === 'ldimm64' ? 2 : 1;
  }
  const begins = new Set(order);
  const funcs = new Map<number, string>();
  const jumps = new Set<number>();
  for (const [i, insn] of decoded) {
    const distance =
      insn.kind === 'gotol'
        ? insn.imm
        : insn.kind === 'jump' || insn.kind === 'goto' || insn.kind === 'may_goto'
          ? insn.off
          : null;
    if (distance !== null && begins.has(i + 1 + distance)) jumps.add(i + 1 + distance);
    const isCall = insn.kind === 'call' && insn.to === 'subprog' && insn.off === 0;
    const isCallback = insn.kind === 'ldimm64' && insn.pseudo === op.BPF_PSEUDO_FUNC && insn.high === 0;
    const entry = i + 1 + (isCall ? insn.imm : isCallback ? insn.low : NaN);
    if (begins.has(entry)) funcs.set(entry, names.func?.(entry) ?? `func_${entry}`);
  }
  for (const i of order) {
    const name = names.func?.(i) ?? null;
    if (name !== null) funcs.set(i, name);
  }
  const taken = new Set(funcs.values());
  const labels = new Map<number, string>();
  for (const i of jumps) labels.set(i, taken.has(`L${i}`) ? `.L${i}` : `L${i}`);

  const lines: string[] = [];
  for (const i of order) {
    const func = funcs.get(i);
    if (func !== undefined) {
      if (lines.length > 0) lines.push('');
      const entry = names.entry?.(i) ?? null;
      if (entry !== null) lines.push(entry);
      lines.push(`${func}:`);
    }
    const line = names.before?.(i) ?? null;
    if (line !== null) lines.push(line);
    const insn = decoded.get(i);
    const text =
      names.instruction?.(i) ??
      (insn === undefined
        ? rawSlot(insns, i)
        : printInstruction(insn, i, {
            label: (slot) =>
              (insn.kind === 'call' || insn.kind === 'ldimm64' ? funcs.get(slot) : labels.get(slot)) ?? null,
            callee: (at) =>
              (insn.kind === 'call' && insn.to === 'kfunc'
                ? names.kfunc?.(at)
                : names.helper?.(insns.imm[at])) ?? null,
            symbol: names.symbol,
          }));
    const label = labels.get(i);
    const start = label === undefined ? INDENT : `${label}:`.padEnd(INDENT.length - 1) + ' ';
    const remark = names.remark?.(i) ?? null;
    lines.push(start + text + (remark === null ? '' : `  // ${remark}`));
  }
  return lines.join('\n') + '\n';
}
