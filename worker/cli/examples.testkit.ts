import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelModel } from '../kernel/model.ts';
import type { Program } from '../program/program.ts';
import { createKernelSource } from '../session/kernel-source.ts';
import { read } from '../session/reading.ts';
import { kernelDir } from './kernel-types.ts';

const FOLDER = join(import.meta.dirname, '../../public/examples');
const kernel = createKernelSource((name) => Promise.resolve(readFileSync(join(kernelDir(), name))));

/** Rows of the page's index of examples. */
export function exampleRows(): readonly { readonly id: string; readonly title: string; readonly sentence: string; readonly file: string }[] {
  return JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')) as ReturnType<typeof exampleRows>;
}

/** An example's program and the kernel that it is judged by. Throws if the text has mistakes. */
export async function exampleProgram(id: string): Promise<{ readonly program: Program; readonly model: KernelModel }> {
  const source = readFileSync(join(FOLDER, `${id}.bpf`), 'utf8');
  const { program, model, text } = await read({ source, semantics: null, kfuncFlags: {}, trace: false }, kernel);
  if (program === null) throw new Error(`${id}: ${JSON.stringify(text.problems)}`);
  return { program, model };
}

/** Examples that are, instruction by instruction, programs recorded on a kernel with the proposals applied. */
export const SERIES_TWINS: Readonly<Record<string, string>> = {
  'vma-held': 'series_fault/sleep_while_held',
  'vma-released': 'series_fault/release_each_turn',
  'vma-released-break': 'series_fault/release_sleep_break',
  'vma-released-twice': 'series_fault/released_twice',
  'vma-use-after-release': 'series_fault/read_after_release',
  'vma-nested': 'series_fault/nested_inner_released',
  'module-kfunc-after': 'series_lock/glock_mod_safe',
};
