import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import path from 'node:path';

/** The recorded kernel's BTF (`vmlinux-7.3.4.btf`, …) from the folder that BPF_KERNEL names, or null. */
export function kernelBtf(name: string): Uint8Array | null {
  const dir = process.env.BPF_KERNEL;
  if (dir === undefined) return null;
  const file = path.join(dir, `${name}.btf.gz`);
  return existsSync(file) ? new Uint8Array(gunzipSync(readFileSync(file))) : null;
}

/** BTF blobs of the corpora that BPF_CORPUS lists. */
export function corpusBtfs(): { name: string; bytes: Uint8Array }[] {
  return (process.env.BPF_CORPUS ?? '')
    .split(':')
    .filter((dir) => dir !== '' && existsSync(path.join(dir, 'btf')))
    .flatMap((dir) =>
      readdirSync(path.join(dir, 'btf'))
        .filter((file) => file.endsWith('.btf'))
        .map((file) => ({ name: file, bytes: new Uint8Array(readFileSync(path.join(dir, 'btf', file))) })),
    );
}
