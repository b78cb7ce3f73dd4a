import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKernelModel, type KernelModel, type Semantics } from '../kernel/model.ts';
import { loadKernelTypes, type KernelBuild, type KernelTypes } from '../kernel/load.ts';
import type { Program } from '../program/program.ts';

/** Where the kernel's types are: the directory of the environment's BPF_KERNEL, else the one that the page is served from. */
export function kernelDir(): string {
  return process.env['BPF_KERNEL'] ?? join(process.cwd(), 'public', 'kernel');
}

/** Loads the types of a build of the kernel from a directory; null if they are not there. */
export async function loadTypes(dir: string, build: KernelBuild): Promise<KernelTypes | null> {
  if (!existsSync(dir)) return null;
  try {
    return await loadKernelTypes((name) => Promise.resolve(readFileSync(join(dir, name))), build);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

export { buildFor } from '../session/kernel-source.ts';

const KNOWN: ReadonlySet<string> = new Set<Semantics>(['kf-spin-lock', 'kf-spin-lock-before', 'kf-forbid-fault']);

/** The model that a program is judged by. Throws on unknown semantics. */
export function modelFor(program: Program, types: KernelTypes | null): KernelModel {
  const unknown = program.semantics.find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw new Error(`unknown semantics: ${unknown}`);
  return createKernelModel({
    types,
    semantics: program.semantics as readonly Semantics[],
    invented: program.invented,
    kfuncFlags: program.kfuncFlags,
  });
}
