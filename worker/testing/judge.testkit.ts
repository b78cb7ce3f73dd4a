import { readFileSync } from 'node:fs';
import { lastMessage } from '../cli/agreement.ts';
import { buildFor, modelFor } from '../cli/kernel-types.ts';
import { Diagnosis } from '../diagnose/diagnosis.ts';
import { verify } from '../engine/verify.ts';
import { loadKernelTypes, type KernelBuild, type KernelTypes } from '../kernel/load.ts';
import { createKernelModel, isSemantics, type KernelModel } from '../kernel/model.ts';
import type { Program } from '../program/program.ts';
import { parseProgramText } from '../program/text/parse.ts';
import type { Case, Verdict } from './cases.ts';

const DIR = new URL('../../public/kernel/', import.meta.url);
const loaded = new Map<KernelBuild, Promise<KernelTypes>>();

/** The kernel's types as committed. */
export function kernelTypes(build: KernelBuild): Promise<KernelTypes> {
  let types = loaded.get(build);
  if (types === undefined) {
    types = loadKernelTypes((name) => Promise.resolve(readFileSync(new URL(name, DIR))), build);
    loaded.set(build, types);
  }
  return types;
}

/** The program of a case. Throws what is wrong with its text. */
export async function programOf(c: Case): Promise<{ program: Program; model: KernelModel }> {
  const semantics = /\.semantics\s+(.*)/.exec(c.text)?.[1].split(/[\s,]+/) ?? [];
  const types = await kernelTypes(buildFor(semantics));
  const { program, problems } = parseProgramText(c.text, { kernel: createKernelModel({ types, semantics: semantics.filter(isSemantics) }) });
  if (program === null) {
    const errors = problems.filter((p) => p.severity === 'error').map((p) => `${p.line}: ${p.message}: ${c.text.split('\n')[p.line - 1] ?? ''}`);
    throw new Error(`${c.title}: ${errors.join('\n')}`);
  }
  const edited = c.edit === null ? program : c.edit(program);
  return { program: edited, model: modelFor(edited, types) };
}

/** What the core says of a case, as it is recorded; `log` at the level. */
export async function judge(c: Case, level: 1 | 2 = 1): Promise<{ readonly verdict: Verdict; readonly log: string; readonly program: Program }> {
  const { program, model } = await programOf(c);
  const outcome = verify(program, model, { level, reporter: new Diagnosis() });
  if (outcome.verdict === 'not-modelled') throw new Error(`${c.title}: ${outcome.message}`);
  const { log } = outcome;
  return { verdict: outcome.errno === 0 ? [0] : [outcome.errno, outcome.rule ?? '', maskIds(lastMessage(log))], log, program };
}

/** Takes out what differs from one build of the same kernel to the next: ids of its types. */
export function maskIds(message: string): string {
  return message
    .replace(/#\d{4,}/g, '#…')
    .replace(/(btf_id|type ID|type id) \d+/g, '$1 …')
    .replace(/(\(18\) r\d+ = )0x[0-9a-f]+/g, '$1…');
}
