import { AUX_PRUNE_POINT } from '../../cfg/facts.ts';
import { kernelNames } from '../../cfg/names.ts';
import { printKernel, type KernelNames } from '../../isa/kernel-print.ts';
import { slotsOf, starts } from '../../isa/flow.ts';
import { printLlvm, type LlvmNames } from '../../isa/llvm-print.ts';
import type { KernelModel } from '../../kernel/model.ts';
import type { Program } from '../../program/program.ts';
import type { TextResult } from '../../program/text/parse.ts';
import type { SourceSpan } from '../../program/text/problem.ts';
import type { InsnView, Span, SubprogView } from '../../protocol.ts';
import type { Env } from '../../state/env.ts';

/** What the views of a program are made from; `env` is null if it did not get as far as a walk. */
export interface Shown {
  readonly text: TextResult;
  readonly program: Program;
  readonly model: KernelModel;
  readonly env: Env | null;
}

/** A place of ours as the protocol has it. */
export function spanOf(span: SourceSpan): Span {
  return { line: span.line, col: span.col, endLine: span.line, endCol: span.endCol };
}

/** Prints instructions as the kernel's log does. */
export function kernelPrinter({ program, model, env }: Shown): (insn: number) => string {
  const names: KernelNames =
    env === null
      ? { helper: (id) => model.helperRow(id)?.name ?? null, kfunc: (i) => refName(program, i) }
      : kernelNames(env.facts, model, env.caps.allowPtrLeaks, () => true);
  const insns = env?.insns ?? program.insns;
  return (insn) => printKernel(insns, insn, names);
}

function refName(program: Program, insn: number): string | null {
  const ref = program.refs.get(insn);
  if (ref === undefined) return null;
  return ref.kind === 'map' ? (program.maps[ref.map]?.name ?? null) : ref.name;
}

/** Prints instructions as one would write them, with the text's names. */
export function llvmPrinter({ text, program, model }: Shown): (insn: number) => string {
  const labels = new Map<number, string>();
  for (const { name, slot } of text.outline.labels) if (!labels.has(slot)) labels.set(slot, name);
  const names: LlvmNames = {
    label: (slot) => labels.get(slot) ?? null,
    callee: (i) => refName(program, i) ?? model.helperRow(program.insns.imm[i])?.name ?? null,
    symbol: (i) => {
      const name = refName(program, i);
      const offset = program.insns.imm[i + 1] ?? 0;
      return name === null || offset === 0 ? name : `${name}+${offset}`;
    },
  };
  return (insn) => printLlvm(program.insns, insn, names);
}

/** `.12.......`: the number of each register that is read before it is written again (R0 to R9). */
function liveText(mask: number): string {
  let text = '';
  for (let r = 0; r < 10; r++) text += (mask >> r) & 1 ? String(r) : '.';
  return text;
}

/** Every instruction, with what is known of it before and after the walk. */
export function insnViews(shown: Shown, visits: Int32Array | null): InsnView[] {
  const { text, program, env } = shown;
  const kernel = kernelPrinter(shown);
  const llvm = llvmPrinter(shown);
  const bytes = program.insns.toBytes();
  const facts = env?.facts ?? null;
  const views: InsnView[] = [];
  for (const index of starts(program.insns)) {
    const span = text.sourceMap[index];
    const slots = Math.min(slotsOf(program.insns, index), program.insns.length - index);
    views.push({
      index,
      kernel: kernel(index),
      llvm: llvm(index),
      bytes: [...bytes.subarray(index * 8, (index + slots) * 8)].map((b) => b.toString(16).padStart(2, '0')).join(' '),
      span: span === undefined ? null : spanOf(span),
      subprog: facts?.subprogOf[index] ?? 0,
      live: liveText(facts?.liveRegs[index] ?? 0),
      scc: facts?.scc[index] ?? 0,
      prunePoint: facts !== null && (facts.flags[index] & AUX_PRUNE_POINT) !== 0,
      visits: visits?.[index] ?? 0,
    });
  }
  return views;
}

/** The program's functions by where they begin. */
export function subprogViews({ text, program, env }: Shown): SubprogView[] {
  const names = new Map(text.outline.functions.map((f) => [f.start, f.name]));
  if (env === null) {
    return text.outline.functions.map((f, index) => ({ index, name: f.name, start: f.start, end: f.end, global: f.global || index === 0 }));
  }
  return env.facts.subprogs
    .filter((sub) => sub.start < program.insns.length)
    .map((sub) => ({ index: sub.index, name: names.get(sub.start) ?? sub.name, start: sub.start, end: sub.end, global: sub.isGlobal }));
}
