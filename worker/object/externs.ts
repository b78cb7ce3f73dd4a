import { BTF_KIND_DATASEC, BTF_KIND_FUNC, BTF_KIND_VAR } from '../btf/btf.ts';
import type { Btf } from '../btf/btf.ts';
import { BTF_EXTERN } from '../btf/build.ts';
import { isVoid, skipModifiers } from '../btf/walk.ts';
import { SHN_LORESERVE, STB_LOCAL, STB_WEAK, STT_NOTYPE } from './elf.ts';
import type { Elf } from './elf.ts';
import { ObjectError } from './error.ts';

/** Something that the object declares and the kernel has. */
export interface Extern {
  readonly name: string;
  /** A value of the kernel's configuration, a function, a variable with a type, or a bare address. */
  readonly kind: 'config' | 'func' | 'var' | 'address';
  /** It may be missing. */
  readonly weak: boolean;
  /** Id of its VAR or FUNC in the object's BTF. */
  readonly id: number;
  /** Id of the type of a variable, of the prototype of a function. */
  readonly type: number;
}

/** Section of BTF in which each kind of extern is declared. */
export const CONFIG_SECTION = '.kconfig';
export const SYMBOL_SECTION = '.ksyms';

/** The object's externs by name. Throws {@link ObjectError} for those that the types do not declare. */
export function readExterns(elf: Elf, btf: Btf | null): ReadonlyMap<string, Extern> {
  const found = new Map<string, Extern>();
  const undefinedSymbols = elf.symbols.filter(
    (s) =>
      s.section === 0 &&
      s.type === STT_NOTYPE &&
      s.bind !== STB_LOCAL &&
      s.name !== '' &&
      s.section < SHN_LORESERVE,
  );
  if (undefinedSymbols.length === 0) return found;
  if (btf === null)
    throw new ObjectError(
      `The object refers to ${undefinedSymbols[0].name}, but has no types (BTF) that say what it is; compile with -g.`,
    );
  const declared = declarations(btf);
  for (const { name, bind } of undefinedSymbols) {
    const row = declared.get(name);
    if (row === undefined)
      throw new ObjectError(
        `The object refers to ${name}, which it neither defines nor declares with __ksym or __kconfig.`,
      );
    found.set(name, { ...row, name, weak: bind === STB_WEAK });
  }
  return found;
}

function declarations(btf: Btf): Map<string, Omit<Extern, 'name' | 'weak'>> {
  const found = new Map<string, Omit<Extern, 'name' | 'weak'>>();
  for (let id = btf.firstId; id < btf.nextId; id++) {
    const section = btf.type(id);
    if (
      section.kind !== BTF_KIND_DATASEC ||
      (section.name !== CONFIG_SECTION && section.name !== SYMBOL_SECTION)
    )
      continue;
    for (const { type } of section.vars) {
      const t = btf.type(type);
      if ((t.kind !== BTF_KIND_VAR && t.kind !== BTF_KIND_FUNC) || t.linkage !== BTF_EXTERN) continue;
      const kind =
        section.name === CONFIG_SECTION
          ? 'config'
          : t.kind === BTF_KIND_FUNC
            ? 'func'
            : isVoid(skipModifiers(btf, t.type))
              ? 'address'
              : 'var';
      found.set(t.name, { kind, id: type, type: t.type });
    }
  }
  return found;
}
