import type { AsmContext, SymbolTarget } from '../../asm/assemble.ts';
import { cParser } from '../../btf/c/declarations.ts';
import { CFailure } from '../../btf/c/context.ts';
import { constantExpression, findMember } from '../../btf/c/expression.ts';
import { bare, sizeOf } from '../../btf/c/types.ts';
import type { CType } from '../../btf/c/types.ts';
import type { CKsym, CUnit } from '../../btf/c/unit.ts';
import type { KernelModel } from '../../kernel/model.ts';
import { mapConstant } from '../map-def.ts';
import type { JumpTable } from './jump-tables.ts';

/** Flags of map updates, which programs pass by name. */
const UPDATE_FLAGS: Readonly<Record<string, bigint>> = { BPF_ANY: 0n, BPF_NOEXIST: 1n, BPF_EXIST: 2n, BPF_F_LOCK: 4n };

/** Helper ids by name. */
function helperIds(kernel: KernelModel): Map<string, number> {
  const ids = new Map<string, number>();
  for (let id = 1; kernel.helperRow(id) !== null; id++) ids.set(kernel.helperName(id), id);
  return ids;
}

/** What names in the assembly stand for. `typeId` gives the BTF id of a struct of the text. */
export function nameContext(unit: CUnit, tables: readonly JumpTable[], kernel: KernelModel, typeId: (type: CType) => number): AsmContext {
  const helpers = helperIds(kernel);
  const ksyms = new Map<string, CKsym>(unit.ksyms.map((k) => [k.name, k]));
  const maps = new Set(unit.maps.map((m) => m.name));
  const variables = new Map(unit.sections.flatMap((s) => s.variables).map((v) => [v.name, v]));
  const sections = new Set(unit.sections.map((s) => s.name));
  const jumpTables = new Set(tables.map((t) => t.name));

  const resolve = (name: string, use: 'call' | 'address'): SymbolTarget | null => {
    const ksym = ksyms.get(name);
    if (ksym !== undefined) return ksym.kind === 'func' && use === 'call' ? { kind: 'kfunc' } : { kind: 'ksym', symbol: ksym.kind };
    if (use === 'call') {
      const id = helpers.get(name);
      if (id !== undefined) return { kind: 'helper', id };
      // the kernel's own, or a module's
      return kernel.kfunc(name, null) !== null || kernel.kfuncs().some((k) => k.name === name) ? { kind: 'kfunc' } : null;
    }
    if (maps.has(name) || sections.has(name)) return { kind: 'map' };
    // As compilers write it: the address of the first entry, not the map.
    if (jumpTables.has(name)) return { kind: 'variable', map: name, offset: 0 };
    const variable = variables.get(name);
    if (variable !== undefined) return { kind: 'variable', map: variable.section, offset: variable.offset };
    return null;
  };

  const constant = (name: string): bigint | null => {
    const known = unit.scope.constants.get(name) ?? UPDATE_FLAGS[name] ?? null;
    if (known !== null) return known;
    const map = mapConstant(name);
    if (map !== null) return BigInt(map);
    return macro(unit, name) ?? ofType(name);
  };

  /** `sizeof.val`, `typeid.val` and `val.lock` (its offset), for structs of the text. */
  const ofType = (name: string): bigint | null => {
    const [head, ...path] = name.split('.');
    if (path.length === 0) return null;
    if ((head === 'sizeof' || head === 'typeid') && path.length === 1) {
      const type = unit.scope.structs.get(path[0]) ?? unit.scope.typedefs.get(path[0]);
      const size = type === undefined ? null : sizeOf(type);
      if (type === undefined || size === null) return null;
      return BigInt(head === 'sizeof' ? size : typeId(type));
    }
    let type: CType | undefined = unit.scope.structs.get(head) ?? unit.scope.typedefs.get(head);
    let bits = 0;
    for (const member of path) {
      const t = type === undefined ? null : bare(type);
      const hit = t?.kind === 'struct' ? findMember(t, member) : null;
      if (hit === null) return null;
      bits += hit.bitOffset;
      type = hit.type;
    }
    return bits % 8 === 0 ? BigInt(bits / 8) : null;
  };

  const names = (use: 'call' | 'address'): Iterable<string> =>
    use === 'call'
      ? [...ksyms.keys(), ...helpers.keys(), ...kernel.kfuncs().map((k) => k.name)]
      : [...maps, ...jumpTables, ...variables.keys(), ...ksyms.keys()];

  return { resolve, constant, names };
}

/** Value of `#define NAME constant`, or null. */
function macro(unit: CUnit, name: string): bigint | null {
  const body = unit.scope.macros.get(name);
  if (body === undefined || body.length === 0) return null;
  const last = body[body.length - 1];
  const p = cParser([...body, { ...last, kind: 'end', text: '' }], unit.scope, []);
  try {
    const value = constantExpression(p);
    return p.at === body.length ? value : null;
  } catch (e) {
    if (e instanceof CFailure) return null;
    throw e;
  }
}
