import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../explain/context.ts';
import { explain } from '../explain/explain.ts';
import type { Program } from '../program/program.ts';
import type { TextResult } from '../program/text/parse.ts';
import type { ChainLink, Explanation } from '../protocol.ts';
import { factsOf, refusedFacts } from '../session/case.ts';
import { createKernelSource, type KernelSource } from '../session/kernel-source.ts';
import { read, type Reading } from '../session/reading.ts';
import { runLogged, runRecorded } from '../session/record.ts';
import { resultOf } from '../session/result.ts';
import { modelFor } from './kernel-types.ts';
import type { KernelTypes } from '../kernel/load.ts';

/** The kernel's types in a directory. */
export function kernelSource(dir: string): KernelSource {
  return createKernelSource((name) => Promise.resolve(readFileSync(join(dir, name))));
}

const NO_TEXT: TextResult = {
  program: null,
  problems: [],
  outline: { functions: [], labels: [], maps: [], variables: [], jumpTables: [], kfuncs: [], structs: [] },
  sourceMap: [],
};

/** A bundle, which has no text, as if it had been read. */
export function bundleReading(program: Program, types: KernelTypes | null): Reading {
  const { semantics } = program;
  return { text: NO_TEXT, program, model: modelFor(program, types), semantics, textSemantics: semantics, textFlags: new Map() };
}

const goOn = (): boolean => false;

/** Why the verifier decides as it does about a program; `source`: its text, empty for bundles. */
export async function explanationOf(source: string, reading: Reading, kernel: KernelSource): Promise<Explanation> {
  const { program, model } = reading;
  const recorded = (await runRecorded(program!, model, true, goOn))!;
  const log = await runLogged(program!, model, 1, goOn);
  const readAgain = (changed: string): Promise<Reading> => read({ source: changed, semantics: null, kfuncFlags: {}, trace: false }, kernel);
  const rest: Pick<Case, 'judge' | 'again' | 'patience'> = {
    patience: 10_000,
    judge: async (changed, until) => {
      const { program, model } = await readAgain(changed);
      const run = program === null ? null : await runRecorded(program, model, false, () => performance.now() > until);
      return run === null ? null : { accepted: run.outcome.verdict === 'accepted', message: run.outcome.message };
    },
    again: async (changed, until) => {
      const facts = await refusedFacts(changed, await readAgain(changed), () => performance.now() > until);
      return facts === null || facts === 'passes' ? null : { ...facts, ...rest };
    },
  };
  return explain({ ...factsOf(source, reading, recorded, resultOf(0, reading, recorded), log?.report ?? null), ...rest });
}

/** Where a cause is, for the terminal. */
function linkPlace({ step, insn, span }: ChainLink): string {
  const words = [...(step === null ? [] : [`step ${step}`]), ...(insn === null ? [] : [`instruction ${insn}`]), ...(span === null ? [] : [`line ${span.line}`])];
  return words.length === 0 ? '' : `${words.join(', ')}: `;
}

/** An explanation for the terminal. */
export function explanationText(e: Explanation): string {
  const lines = ['', e.title, '', e.explanation];
  if (e.rationale !== '') lines.push('', `Why the kernel insists: ${e.rationale}`);
  if (e.rule !== null) lines.push('', `Rule ${e.rule}`);
  if (e.missing !== null) {
    const { fact, step, how } = e.missing;
    const until = step === null ? '' : step < 0 ? ' (it never was so on this path)' : ` (so until step ${step}: ${how})`;
    lines.push('', `What was missing: ${fact}${until}`);
  }
  if (e.sibling !== null) lines.push('', `Where it goes well (step ${e.sibling.step}): ${e.sibling.why}`);
  if (e.chain.length !== 0) lines.push('', 'How it came to this:', ...e.chain.map((link) => `  ${linkPlace(link)}${link.why}`));
  for (const fix of e.fixes) {
    const how = fix.lastResort ? 'It passes with something given up' : 'It passes with this change';
    lines.push('', `${how}: ${fix.title}${fix.note === '' ? '' : `. ${fix.note}`}`);
    for (const { span, text } of fix.edits) {
      const place = span.line === span.endLine ? `line ${span.line}, column ${span.col}` : `line ${span.line}`;
      lines.push(text === '' ? `  ${place}: leave it out` : `  ${place}: ${text.trim().replace(/\n\s*/g, ' ⏎ ')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
