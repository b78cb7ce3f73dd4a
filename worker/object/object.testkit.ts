import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadKernelTypes } from '../kernel/load.ts';
import type { KernelTypes } from '../kernel/load.ts';
import { openObject } from './open.ts';
import { extractProgram } from './program.ts';
import type { ExtractedProgram } from './program.ts';

const PUBLIC = join(import.meta.dirname, '../../public/kernel');

/** The bytes of a fixture. */
export function fixture(name: string): Uint8Array {
  return readFileSync(join(import.meta.dirname, 'fixtures', `${name}.bpf.o`));
}

let types: Promise<KernelTypes> | null = null;

/** The kernel's types, as the page ships them. */
export function kernelTypes(): Promise<KernelTypes> {
  types ??= loadKernelTypes((name) => Promise.resolve(readFileSync(join(PUBLIC, name))));
  return types;
}

/** A program of a fixture, fitted to the kernel. */
export async function extracted(name: string, program: string): Promise<ExtractedProgram> {
  const object = openObject(fixture(name), `${name}.bpf.o`);
  const chosen = object.programs.find((p) => p.func.name === program);
  if (chosen === undefined) throw new Error(`${name} has no program ${program}`);
  return extractProgram(object, chosen, await kernelTypes());
}
