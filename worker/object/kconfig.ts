import { BTF_KIND_ARRAY, BTF_KIND_ENUM, BTF_KIND_ENUM64, BTF_KIND_INT } from '../btf/btf.ts';
import type { Btf } from '../btf/btf.ts';
import { resolveSize, skipModifiers } from '../btf/walk.ts';
import { KERNEL_VERSION } from '../kernel/generated/version.ts';
import { ObjectError } from './error.ts';
import type { Extern } from './externs.ts';

/** The map that holds the values of the kernel's configuration that a program reads. */
export interface KconfigMap {
  /** Place of each value by name. */
  readonly offsets: ReadonlyMap<string, number>;
  readonly data: Uint8Array;
  /** Names whose value is not known here; they are zero. */
  readonly unknown: readonly string[];
}

/** `7.3.4` as KERNEL_VERSION() has it. */
function versionCode(): bigint {
  const [major, minor, patch] = KERNEL_VERSION.split('.').map(Number);
  return BigInt((major << 16) | (minor << 8) | Math.min(patch, 255));
}

/** Values that libbpf makes up itself. */
const VIRTUAL: ReadonlyMap<string, bigint> = new Map([
  ['LINUX_KERNEL_VERSION', versionCode()],
  ['LINUX_HAS_BPF_COOKIE', 1n],
  ['LINUX_HAS_SYSCALL_WRAPPER', 1n],
]);

/** Lays the values out as libbpf does: by alignment (largest first), size and name. Null if the object reads none. */
export function layOutKconfig(externs: Iterable<Extern>, btf: Btf): KconfigMap | null {
  const values = [...externs]
    .filter((e) => e.kind === 'config')
    .map((e) => ({ ...e, ...shapeOf(e, btf) }))
    .sort((a, b) => b.align - a.align || a.size - b.size || (a.name < b.name ? -1 : 1));
  if (values.length === 0) return null;
  const offsets = new Map<string, number>();
  let end = 0;
  for (const { name, size, align } of values) {
    const offset = Math.ceil(end / align) * align;
    offsets.set(name, offset);
    end = offset + size;
  }
  const data = new Uint8Array(end);
  const unknown: string[] = [];
  for (const { name, size } of values) {
    const value = VIRTUAL.get(name);
    if (value === undefined) unknown.push(name);
    for (let i = 0; i < Math.min(size, 8); i++)
      data[offsets.get(name)! + i] = Number(((value ?? 0n) >> BigInt(8 * i)) & 0xffn);
  }
  return { offsets, data, unknown };
}

/** The longest string of a configuration. */
const STRING_MAX = 1 << 16;

function shapeOf(e: Extern, btf: Btf): { size: number; align: number } {
  const size = resolveSize(btf, e.type)?.size ?? 0;
  const t = skipModifiers(btf, e.type);
  const scalar = t.kind === BTF_KIND_INT || t.kind === BTF_KIND_ENUM || t.kind === BTF_KIND_ENUM64;
  if (size === 0 || size > STRING_MAX || (!scalar && t.kind !== BTF_KIND_ARRAY))
    throw new ObjectError(`The __kconfig variable ${e.name} is neither a number nor a string.`);
  return { size, align: scalar ? Math.min(size, 8) : 1 };
}
