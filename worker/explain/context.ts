import type { Arg } from '../failure/format.ts';
import type { Report } from '../failure/report.ts';
import type { KernelModel } from '../kernel/model.ts';
import type { Program } from '../program/program.ts';
import type { TextResult } from '../program/text/parse.ts';
import type { VerifyResult } from '../protocol.ts';
import type { Env } from '../state/env.ts';
import type { Trace } from '../trace/trace.ts';

/** Everything that is known of a verdict: what explanations are made from. */
export interface Case {
  readonly source: string;
  readonly result: VerifyResult;
  readonly text: TextResult | null;
  readonly program: Program | null;
  readonly model: KernelModel | null;
  readonly env: Env | null;
  /** Arguments of the rule's text. */
  readonly args: readonly Arg[];
  readonly trace: Trace | null;
  /** The facts that the place of the rejection gave, if there is a log. */
  readonly report: Report | null;
  /** What becomes of a changed text under the same what-ifs; null if it is no program or the time is over before it is known. */
  judge(source: string, until: number): Promise<Judged | null>;
  /** The case that a changed text is; null if it is no program, passes, or the time is over. */
  again(source: string, until: number): Promise<Case | null>;
  /** How long changes may be looked for, in milliseconds. */
  readonly patience?: number;
}

/** The verdict on a changed text. */
export interface Judged {
  readonly accepted: boolean;
  readonly message: string;
}

/** A rejection of a program that came as text, which can be edited. */
export interface TextCase extends Case {
  readonly text: TextResult;
  readonly program: Program;
  readonly model: KernelModel;
  /** The instruction that was refused; -1 if the rejection is about none. */
  readonly insn: number;
}

/** A rejection with a walk that led to it: chains and most fixes need one. */
export interface WalkedCase extends TextCase {
  readonly env: Env;
  readonly trace: Trace;
  /** The last step: where it was rejected. */
  readonly step: number;
}

/** The case with its text, null if it came without. */
export function written(c: Case): TextCase | null {
  const { text, program, model, result } = c;
  if (text === null || program === null || model === null || text.sourceMap.length === 0) return null;
  return { ...c, text, program, model, insn: result.failedAt ?? -1 };
}

/** The case with its walk, null if it has none. */
export function walked(c: Case): WalkedCase | null {
  const { text, program, model, env, trace, result } = c;
  if (
    text === null ||
    program === null ||
    model === null ||
    env === null ||
    trace === null ||
    trace.length === 0
  )
    return null;
  if (trace.paths.at(-1)?.end !== 'rejected') return null;
  const step = trace.length - 1;
  return { ...c, text, program, model, env, trace, step, insn: result.failedAt ?? trace.insnAt(step) };
}

/** Name of what an instruction calls, empty if nothing by name. */
export function callee(c: TextCase, insn: number): string {
  const { insns, refs } = c.program;
  if (insn < 0 || insn >= insns.length || (insns.code[insn] & 0xf7) !== 0x85) return '';
  const ref = refs.get(insn);
  if (ref?.kind === 'kfunc') return ref.name;
  if (insns.src[insn] === 0) return c.model.helperRow(insns.imm[insn])?.name ?? '';
  if (insns.src[insn] === 1)
    return c.text.outline.functions.find((f) => f.start === insn + 1 + insns.imm[insn])?.name ?? '';
  return '';
}

/** The register that the rejection is about, -1 if none is named. */
export function culprit(c: Case): number {
  const { report } = c;
  if (report !== null && 'regno' in report && report.regno >= 0) return report.regno;
  const named = /^R(\d+)\b|\bR(\d+)\b/.exec(c.result.message);
  if (named === null) return -1;
  const regno = Number(named[1] ?? named[2]);
  return regno <= 10 ? regno : -1;
}
