import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Messages } from '../failure/messages.ts';
import { NotModelled, Rejection } from '../failure/rule.ts';
import { createKernelModel, type KernelModel } from '../kernel/model.ts';
import { kernelFile, loadKernelTypes, type KernelTypes } from '../kernel/load.ts';
import { bundleProgram } from '../program/bundle.ts';
import type { Recorded } from '../program/corpus.testkit.ts';
import type { Program } from '../program/program.ts';
import { prepareFuncArgs } from './func-args.ts';
import { MapRefused } from './maps.ts';
import { prepare } from './prepare.ts';

/** Collects texts; a report stands as one mark, because its text is made elsewhere. */
export const REPORT_MARK = '\n\u0001';

export function recorder(level: 1 | 2, program: Program): Messages & { readonly log: () => string } {
  const parts: string[] = [];
  let shown: readonly number[] | null = null;
  return {
    level,
    text: (text) => void parts.push(text),
    sourceLine(insn, prefix) {
      const row = program.lineInfo.findLast(([at]) => at <= insn);
      if (row === undefined || row === shown || program.btf === null) return;
      const number = row[3] >>> 10;
      if (shown !== null && shown[1] === row[1] && shown[3] >>> 10 === number) return;
      shown = row;
      parts.push(`${prefix}${program.btf.string(row[2]).trimStart()} @ ${path.posix.basename(program.btf.string(row[1]))}:${number}\n`);
    },
    report: () => void parts.push(REPORT_MARK),
    log: () => parts.join(''),
  };
}

let types: KernelTypes | null = null;

/** The kernel model with the types in the folder that BPF_KERNEL names. */
export async function kernelModel(): Promise<KernelModel> {
  const dir = process.env.BPF_KERNEL ?? '';
  types ??= await loadKernelTypes((name) => Promise.resolve(readFileSync(path.join(dir, name))), 'released');
  return createKernelModel({ types });
}

export const hasKernel = (process.env.BPF_KERNEL ?? '') !== '';
export const kernelFileName = kernelFile('vmlinux', 'released');

const START = /^(?:SCC enter \(\d+\)\n)?0: (?:R\d+=|$)/m;
const END = /^(?:Verification failed: |processed \d+ insns|verification time )/m;
const ADDRESS = /(\(18\) r\d+ = )0x[0-9a-f]+/g;

/** What a recording says before the walk begins, addresses masked. */
export function recordedPrefix(log: string): { readonly text: string; readonly whole: boolean } {
  const start = START.exec(log)?.index ?? -1;
  const end = END.exec(log)?.index ?? -1;
  const cut = start >= 0 && (end < 0 || start < end) ? start : end;
  const text = cut < 0 ? log : log.slice(0, cut);
  return { text: mask(text), whole: cut >= 0 };
}

export function mask(text: string): string {
  return text.replace(ADDRESS, '$10x');
}

export interface Comparison {
  readonly id: string;
  readonly outcome: 'same' | 'differs' | 'not modelled' | 'skipped';
  readonly detail: string;
}

/** Runs the pre-passes over a recorded program and compares what they print with what the kernel printed before its walk. */
export function comparePrefix({ dir, json }: Recorded, model: KernelModel): Comparison {
  const id = String(json.id);
  const expect = json.expect as Record<string, unknown>;
  const log = (expect.log2 ?? expect.log2Head) as string | null;
  if (log === null || log === undefined || (log === '' && expect.errno === 28)) return { id, outcome: 'skipped', detail: 'no log' };
  const { program } = bundleProgram(json, (file) => readFileSync(path.join(dir, file)));
  const messages = recorder(2, program);
  const { privileged } = program;
  let error: Rejection | null = null;
  try {
    const prepared = prepare(program, model, messages, { bpfCapable: privileged, allowPtrLeaks: privileged });
    if (program.funcInfo.length !== 0) tryFuncArgs(prepared, program, messages, model);
  } catch (e) {
    if (e instanceof NotModelled || e instanceof MapRefused) return { id, outcome: 'not modelled', detail: e.message };
    if (!(e instanceof Rejection)) return { id, outcome: 'differs', detail: `threw ${e instanceof Error ? e.stack : String(e)}` };
    error = e;
  }
  const expected = recordedPrefix(log);
  const full = mask(messages.log());
  const reported = full.indexOf(REPORT_MARK);
  const actual = reported < 0 ? full : full.slice(0, reported);
  const same = expected.whole ? trimEnd(actual) === trimEnd(expected.text) : actual.startsWith(expected.text.slice(0, expected.text.lastIndexOf('\n') + 1));
  if (same && (error === null || error.errno === expect.errno)) return { id, outcome: 'same', detail: '' };
  return { id, outcome: 'differs', detail: firstDifference(expected.text, actual, error, Number(expect.errno)) };
}

const trimEnd = (text: string): string => text.replace(/\n+$/, '');

function tryFuncArgs(prepared: ReturnType<typeof prepare>, program: Program, messages: Messages, model: KernelModel): void {
  try {
    prepareFuncArgs({ program, model, messages, traits: prepared.traits } as Parameters<typeof prepareFuncArgs>[0], prepared.facts.subprogs[0]);
  } catch (e) {
    if (!(e instanceof Rejection)) throw e;
  }
}

function firstDifference(expected: string, actual: string, error: Rejection | null, errno: number): string {
  const a = expected.split('\n');
  const b = actual.split('\n');
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return `line ${i}\n  kernel: ${JSON.stringify(a[i])}\n  ours:   ${JSON.stringify(b[i])}\n  errno ${errno}, ours ${error?.errno ?? 0} ${error?.rule.id ?? ''}`;
}
