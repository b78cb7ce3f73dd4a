import { BTF_KIND_STRUCT } from '../btf/btf.ts';
import { memberAt } from '../btf/walk.ts';
import { progType } from '../kernel/prog-types.ts';
import type { TextCase } from './context.ts';

/** The field of the program type's context that lies at an offset, and where it begins; null where the kernel's types are not at hand. */
export function contextField(
  c: TextCase,
  off: number,
): { readonly name: string; readonly off: number } | null {
  const struct = progType(c.program.progType)?.ctxType.replace(/^struct /, '') ?? '';
  if (off < 0 || !c.model.hasBtf) return null;
  const id = c.model.btf().find(struct, BTF_KIND_STRUCT);
  const found = id === 0 ? null : memberAt(c.model.btf(), id, off);
  return found === null ? null : { name: found.path, off: found.offset };
}
