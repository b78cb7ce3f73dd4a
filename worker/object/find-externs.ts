import { essentialName } from '../btf/match.ts';
import { skipModifiers } from '../btf/walk.ts';
import type { KernelTypes } from '../kernel/load.ts';
import { typesCompatible } from './core/compat.ts';
import type { Extern } from './externs.ts';
import { findKernelType } from './kernel-types.ts';
import type { KernelType } from './kernel-types.ts';
import type { CompiledObject } from './open.ts';

/** Finds what an object takes from the kernel. */
export interface ExternFinder {
  /** What the kernel has of it, null if nothing that fits; `number`: libbpf's for the extern. */
  find(extern: Extern): { readonly found: KernelType | null; readonly number: number };
}

/** Looks each extern up once; what is missing or unknown is said in `notes`. */
export function externFinder(object: CompiledObject, kernel: KernelTypes, notes: Set<string>): ExternFinder {
  const known = new Map<string, KernelType | null>();
  // configuration first, then symbols by name
  const isConfig = (e: Extern): number => (e.kind === 'config' ? 0 : 1);
  const order = [...object.externs.values()].sort(
    (a, b) => isConfig(a) - isConfig(b) || (a.name < b.name ? -1 : 1),
  );
  const numbers = new Map(order.map((e, i) => [e.name, i]));
  for (const name of object.kconfig?.unknown ?? [])
    notes.add(`${name} is a value of the kernel’s configuration that is not known here; it is 0.`);

  const search = (extern: Extern): KernelType | null => {
    if (extern.kind !== 'func' && extern.kind !== 'var') return null;
    const name = extern.kind === 'func' ? essentialName(extern.name) : extern.name;
    const found = findKernelType(kernel, extern.kind, name);
    if (found === null) {
      notes.add(
        extern.weak
          ? `This kernel has no ${name}; the object can do without it.`
          : `This kernel has no ${name}, so that libbpf does not load the object.`,
      );
      return null;
    }
    const btf = object.btf!;
    const theirs = skipModifiers(found.btf, found.btf.type(found.id).type).id;
    if (typesCompatible(btf, skipModifiers(btf, extern.type).id, found.btf, theirs)) return found;
    notes.add(
      `${name} has another type in this kernel than the object declares${extern.weak ? '; the object does without it' : ', so that libbpf does not load the object'}.`,
    );
    return extern.weak ? null : found;
  };

  return {
    find(extern) {
      let found = known.get(extern.name);
      if (found === undefined) known.set(extern.name, (found = search(extern)));
      return { found, number: numbers.get(extern.name)! };
    },
  };
}
