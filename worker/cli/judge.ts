import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Diagnosis } from '../diagnose/diagnosis.ts';
import { verify, type Outcome } from '../engine/verify.ts';
import type { KernelModel } from '../kernel/model.ts';
import type { KernelBuild, KernelTypes } from '../kernel/load.ts';
import { bundleProgram } from '../program/bundle.ts';
import type { Program } from '../program/program.ts';
import { compare, NO_AGREEMENT, type Agreement } from './agreement.ts';
import { buildFor, modelFor } from './kernel-types.ts';
import { subsetOf, type Recording, type Subset } from './recording.ts';

/** What became of one recording. */
export interface Judgement {
  readonly id: string;
  readonly subset: Subset;
  readonly kind: 'judged' | 'not-modelled' | 'internal-error';
  /** What is not modelled, or the error. */
  readonly why: string;
  readonly agreement: Agreement;
  /** Errnos: the kernel's, ours. */
  readonly expected: number;
  readonly got: number;
  /** First line in which the logs differ at level 2: theirs and ours; empty if they do not. */
  readonly differs: readonly [string, string];
  readonly seconds: number;
}

/** Both builds of the kernel, null where the types are not there. */
export type Kernels = Readonly<Record<KernelBuild, KernelTypes | null>>;

/** Longest that one program may take, both levels together, in seconds. */
const PATIENCE = 300;

/** Runs one level with a deadline. */
export function runLevel(program: Program, model: KernelModel, level: 1 | 2, deadline: number): Outcome {
  return verify(program, model, { level, reporter: new Diagnosis(), cancelled: () => performance.now() > deadline });
}

/** The program of a recording. */
export function programOf(recording: Recording): Program {
  return bundleProgram(recording.bundle, (path) => readFileSync(join(recording.dir, path))).program;
}

/** Verifies a recorded program at both levels and compares. */
export function judge(recording: Recording, kernels: Kernels): Judgement {
  const began = performance.now();
  const base = { id: recording.id, subset: subsetOf(recording.bundle), expected: recording.errno, got: -1, agreement: NO_AGREEMENT, differs: ['', ''] as const };
  const seconds = (): number => (performance.now() - began) / 1000;
  try {
    const program = programOf(recording);
    const model = modelFor(program, kernels[buildFor(program.semantics)]);
    const deadline = began + PATIENCE * 1000;
    // there is no use in a text that cannot be compared
    const two = runLevel(program, model, recording.log2.overflowed ? 1 : 2, deadline);
    if (two.verdict === 'not-modelled') return { ...base, kind: 'not-modelled', why: two.message, seconds: seconds() };
    const one = two.writer?.level === 1 ? two : runLevel(program, model, 1, deadline);
    if (one.verdict === 'not-modelled') return { ...base, kind: 'not-modelled', why: one.message, seconds: seconds() };
    const { agreement, firstDifference } = compare(recording, { errno: two.errno, log1: one.log, log2: two.log });
    return { ...base, kind: 'judged', why: '', got: two.errno, agreement, differs: firstDifference, seconds: seconds() };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message} ${(error.stack ?? '').split('\n')[1]?.trim() ?? ''}` : String(error);
    return { ...base, kind: 'internal-error', why, seconds: seconds() };
  }
}
