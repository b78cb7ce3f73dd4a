import type { Btf, BtfType } from '../../worker/btf/btf.ts';
import {
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_STRUCT,
  BTF_KIND_TYPEDEF,
  BTF_KIND_UNION,
} from '../../worker/btf/btf.ts';
import { resolveSize, skipModifiers } from '../../worker/btf/walk.ts';

/** Sizes, offsets and enumerators of the kernel, from its BTF. */
export interface KernelTypes {
  sizeOf(type: string): number;
  offsetOf(type: string, member: string): { readonly offset: number; readonly size: number };
  constant(name: string): number | null;
  /** All enumerators with a prefix, name → value. */
  enumerators(prefix: string): ReadonlyMap<string, number>;
}

const PLAIN: Readonly<Record<string, number>> = {
  __u8: 1,
  u8: 1,
  __u16: 2,
  u16: 2,
  __be16: 2,
  __u32: 4,
  u32: 4,
  __be32: 4,
  int: 4,
  s32: 4,
  __u64: 8,
  u64: 8,
  s64: 8,
  long: 8,
  'unsigned long': 8,
  'void *': 8,
};

/** Constants of headers that BTF does not keep. */
const MACROS: Readonly<Record<string, number>> = {
  PERF_MAX_TRACE_SIZE: 8192,
  U16_MAX: 0xffff,
  MAX_BPF_FUNC_ARGS: 12,
  MAX_BPF_FUNC_REG_ARGS: 5,
  EACCES: 13,
  EINVAL: 22,
};

/** Wraps a parsed vmlinux. */
export function kernelTypes(btf: Btf): KernelTypes {
  const constants = new Map<string, number>(Object.entries(MACROS));
  for (let id = 1; id < btf.nextId; id++) {
    const type = btf.type(id);
    if (type.kind !== BTF_KIND_ENUM && type.kind !== BTF_KIND_ENUM64) continue;
    for (const { name, value } of type.enumerators)
      if (!constants.has(name)) constants.set(name, Number(value));
  }
  const struct = (name: string): BtfType => {
    const bare = name.replace(/^(struct|union)\s+/, '').trim();
    for (const kind of [BTF_KIND_STRUCT, BTF_KIND_UNION]) {
      const id = btf.find(bare, kind);
      if (id) return btf.type(id);
    }
    const typedef = btf.find(bare, BTF_KIND_TYPEDEF);
    if (typedef) return skipModifiers(btf, typedef);
    throw new Error(`kernel BTF lacks ${name}`);
  };
  const member = (type: BtfType, path: string): { offset: number; size: number; id: number } | null => {
    for (const m of type.members) {
      if (m.name === path)
        return { offset: m.bitOffset / 8, size: resolveSize(btf, m.type)?.size ?? 0, id: m.type };
      if (m.name === '') {
        const inner = member(skipModifiers(btf, m.type), path);
        if (inner) return { ...inner, offset: inner.offset + m.bitOffset / 8 };
      }
    }
    return null;
  };
  return {
    sizeOf(type) {
      return PLAIN[type] ?? struct(type).size;
    },
    offsetOf(type, path) {
      const dot = path.indexOf('.');
      if (dot > 0) {
        const outer = member(struct(type), path.slice(0, dot).trim());
        const inner = outer && member(skipModifiers(btf, outer.id), path.slice(dot + 1).trim());
        if (!outer || !inner) throw new Error(`kernel BTF lacks ${type}.${path}`);
        return { offset: outer.offset + inner.offset, size: inner.size };
      }
      const [, name, index] = /^(\w+)(?:\s*\[\s*(\d+)\s*\])?$/.exec(path.trim()) ?? [];
      const found = name ? member(struct(type), name) : null;
      if (!found) throw new Error(`kernel BTF lacks ${type}.${path}`);
      if (index === undefined) return found;
      const array = skipModifiers(btf, found.id).array;
      if (!array) throw new Error(`${type}.${path} is no array`);
      const size = resolveSize(btf, array.elem)?.size ?? 0;
      return { offset: found.offset + Number(index) * size, size };
    },
    constant(name) {
      return constants.get(name) ?? null;
    },
    enumerators(prefix) {
      return new Map([...constants].filter(([name]) => name.startsWith(prefix)));
    },
  };
}
