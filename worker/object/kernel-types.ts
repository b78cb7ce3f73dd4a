import { BTF_KIND_FUNC, BTF_KIND_STRUCT, BTF_KIND_TYPEDEF, BTF_KIND_VAR } from '../btf/btf.ts';
import type { Btf } from '../btf/btf.ts';
import type { KernelTypes } from '../kernel/load.ts';

/** A type of the kernel (module null) or of a module. */
export interface KernelType {
  readonly btf: Btf;
  readonly id: number;
  readonly module: string | null;
}

const KINDS = {
  func: BTF_KIND_FUNC,
  var: BTF_KIND_VAR,
  typedef: BTF_KIND_TYPEDEF,
  struct: BTF_KIND_STRUCT,
} as const;

/** A type by name: in the kernel itself, else in a module, or only in `module` if that names one. */
export function findKernelType(
  { vmlinux, modules }: KernelTypes,
  kind: keyof typeof KINDS,
  name: string,
  module: string | null = null,
): KernelType | null {
  const own = module === null ? vmlinux.find(name, KINDS[kind]) : 0;
  if (own !== 0) return { btf: vmlinux, id: own, module: null };
  for (const [moduleName, btf] of modules) {
    if (module !== null && moduleName !== module) continue;
    const id = btf.find(name, KINDS[kind]);
    if (id >= btf.firstId) return { btf, id, module: moduleName };
  }
  return null;
}
