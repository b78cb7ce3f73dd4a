import { BTF_KIND_ARRAY, BTF_KIND_ENUM, BTF_KIND_ENUM64, BTF_KIND_INT } from '../btf/btf.ts';
import type { Btf, BtfType } from '../btf/btf.ts';
import { BTF_INT_BOOL } from '../btf/build.ts';
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

/** The option is built in. */
const YES = 'y';

/** Values that libbpf makes up itself, and some of the kernel whose recordings this verifier is held to (x86-64, for its selftests). */
const KNOWN: ReadonlyMap<string, bigint | typeof YES> = new Map<string, bigint | typeof YES>([
  ['LINUX_KERNEL_VERSION', versionCode()],
  ['LINUX_HAS_BPF_COOKIE', 1n],
  ['LINUX_HAS_SYSCALL_WRAPPER', 1n],
  ['CONFIG_HZ', 1000n],
  ['CONFIG_NR_CPUS', 128n],
  ['CONFIG_X86_64', YES],
  ['CONFIG_64BIT', YES],
  ['CONFIG_SMP', YES],
  ['CONFIG_BPF_SYSCALL', YES],
  ['CONFIG_BPF_JIT', YES],
  ['CONFIG_CGROUPS', YES],
  ['CONFIG_CGROUP_PIDS', YES],
  ['CONFIG_SECURITY_SELINUX', YES],
  ['CONFIG_SECURITY_APPARMOR', 0n],
  ['CONFIG_SECURITY_SMACK', 0n],
  ['CONFIG_PREEMPT_RT', 0n],
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
  for (const { name, size, type } of values) {
    const known = KNOWN.get(name);
    if (known === undefined) unknown.push(name);
    const value = known === YES ? yes(skipModifiers(btf, type)) : (known ?? 0n);
    for (let i = 0; i < Math.min(size, 8); i++)
      data[offsets.get(name)! + i] = Number((value >> BigInt(8 * i)) & 0xffn);
  }
  return { offsets, data, unknown };
}

/** An option that is built in: true, TRI_YES, or the letter. */
function yes(t: BtfType): bigint {
  const isChar = t.kind === BTF_KIND_INT && (t.int!.encoding & BTF_INT_BOOL) === 0;
  return isChar ? BigInt(YES.charCodeAt(0)) : 1n;
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
