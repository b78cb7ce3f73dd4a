import type { Btf } from '../btf/btf.ts';
import { parseBtf } from '../btf/parse.ts';
import { KERNEL_VERSION } from './generated/version.ts';

/** The kernel's types and those of the modules that come with them. */
export interface KernelTypes {
  readonly vmlinux: Btf;
  /** Module name → split BTF on {@link vmlinux}. */
  readonly modules: ReadonlyMap<string, Btf>;
}

/** `released`: the kernel as it is; `series`: with the proposals' kfuncs and types built in. */
export type KernelBuild = 'released' | 'series';

/** Reads a file of `public/kernel` by name (`vmlinux-7.3.4.btf.gz`), as stored. Rejects if there is no such file. */
export type FetchBytes = (name: string) => Promise<Uint8Array>;

/** Modules whose types are shipped, per build. */
const MODULES: Readonly<Record<KernelBuild, readonly string[]>> = {
  released: ['bpf_testmod', 'bpf_test_no_cfi', 'bpf_test_modorder_x', 'bpf_test_modorder_y'],
  series: ['bpf_testmod'],
};

/** File that holds the types of the kernel (`vmlinux`) or a module. */
export function kernelFile(name: string, build: KernelBuild): string {
  return `${name}-${KERNEL_VERSION}${build === 'series' ? '-series' : ''}.btf.gz`;
}

/** Undoes gzip, in browsers and Node alike. Bytes that are not gzip are returned as they are (servers may have inflated them). */
export async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes.length < 2 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Fetches and parses the kernel's types. */
export async function loadKernelTypes(
  fetchBytes: FetchBytes,
  build: KernelBuild = 'released',
): Promise<KernelTypes> {
  const read = async (name: string): Promise<Uint8Array> => gunzip(await fetchBytes(kernelFile(name, build)));
  const names = MODULES[build];
  const [kernel, ...modules] = await Promise.all([read('vmlinux'), ...names.map(read)]);
  const vmlinux = parseBtf(kernel, { name: 'vmlinux' });
  return {
    vmlinux,
    modules: new Map(names.map((name, i) => [name, parseBtf(modules[i], { name, base: vmlinux })])),
  };
}
