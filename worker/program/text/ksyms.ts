import type { AsmResult } from '../../asm/assemble.ts';
import { BTF_KIND_FUNC, BTF_KIND_VAR } from '../../btf/btf.ts';
import type { CKsym, CUnit } from '../../btf/c/unit.ts';
import type { Insns } from '../../isa/insns.ts';
import type { KernelModel } from '../../kernel/model.ts';
import type { Ref } from '../program.ts';
import { flagContradictions } from './kfunc-flags.ts';
import { problemAt } from './problem.ts';
import type { Problem } from './problem.ts';
import type { Settings } from './settings.ts';

/** What libbpf puts in place of a call of a weak kfunc that does not exist, plus the symbol's number. */
const POISON_CALL = 2002000000;

/** Whether the kernel has a symbol; null if that cannot be said without its types. */
function exists(symbol: CKsym, kernel: KernelModel): boolean | null {
  if (symbol.flags !== null || (symbol.kind === 'func' && kernel.kfunc(symbol.name, null) !== null))
    return true;
  if (!kernel.hasBtf) return null;
  const kind = symbol.kind === 'func' ? BTF_KIND_FUNC : BTF_KIND_VAR;
  if (kernel.btf().find(symbol.name, kind) !== 0) return true;
  const modules = new Set(kernel.kfuncs().map((k) => k.module));
  return [...modules].some((m) => m !== null && (kernel.moduleBtf(m)?.find(symbol.name, kind) ?? 0) !== 0);
}

/** Reports symbols that the kernel does not have, and flags of invented kfuncs that contradict each other. */
export function checkKsyms(
  unit: CUnit,
  kernel: KernelModel,
  { kfuncFlags, semantics }: Pick<Settings, 'kfuncFlags' | 'semantics'>,
  problems: Problem[],
): void {
  for (const symbol of unit.ksyms) {
    if (symbol.weak || exists(symbol, kernel) !== false) continue;
    const hint = symbol.kind === 'func' ? ' To invent it, say what it does: __ksym __kf_flags(…).' : '';
    problems.push(
      problemAt(
        symbol.span,
        'error',
        'text-ksym',
        `The kernel has no ${symbol.kind === 'func' ? 'function' : 'variable'} ${symbol.name}.${hint}`,
      ),
    );
  }
  for (const symbol of unit.ksyms) {
    const flags = symbol.flags ?? kfuncFlags.get(symbol.name) ?? null;
    if (flags === null || symbol.type.kind !== 'func') continue;
    for (const { id, message } of flagContradictions({
      name: symbol.name,
      flags,
      proto: symbol.type,
      semantics,
    })) {
      problems.push(problemAt(symbol.span, 'warning', id, message));
    }
  }
  for (const [name, flags] of kfuncFlags) {
    if (!unit.ksyms.some((k) => k.name === name)) {
      for (const { id, message } of flagContradictions({ name, flags, proto: null, semantics })) {
        problems.push(problemAt({ line: 1, col: 1, endCol: 1 }, 'warning', id, message));
      }
    }
    if (kernel.kfunc(name, null) !== null || unit.ksyms.some((k) => k.name === name)) continue;
    problems.push(
      problemAt(
        { line: 1, col: 1, endCol: 1 },
        'warning',
        'text-kfunc',
        `.kfunc ${name}: there is no such kfunc.`,
      ),
    );
  }
}

/** The module that has a function or variable which the kernel itself does not have; null if none does. */
function moduleOf(name: string, symbol: 'func' | 'var', kernel: KernelModel): string | null {
  const kfunc = symbol === 'func' ? kernel.kfuncs().find((k) => k.name === name) : undefined;
  if (kfunc !== undefined || !kernel.hasBtf) return kfunc?.module ?? null;
  const kind = symbol === 'func' ? BTF_KIND_FUNC : BTF_KIND_VAR;
  if (kernel.btf().find(name, kind) !== 0) return null;
  const modules = new Set(kernel.kfuncs().flatMap((k) => (k.module === null ? [] : [k.module])));
  return [...modules].find((module) => (kernel.moduleBtf(module)?.find(name, kind) ?? 0) !== 0) ?? null;
}

/**
 * Turns what the assembler noted into references. Weak symbols that do not exist become 0 (address) or an invalid
 * call, as libbpf leaves them; `insns` is changed for those.
 */
export function programRefs(
  asm: AsmResult,
  insns: Insns,
  unit: CUnit,
  kernel: KernelModel,
  maps: ReadonlyMap<string, number>,
): Map<number, Ref> {
  const refs = new Map<number, Ref>();
  const missing = new Map(
    unit.ksyms.filter((k) => k.weak && exists(k, kernel) === false).map((k, i) => [k.name, i]),
  );
  for (const [slot, ref] of asm.refs) {
    switch (ref.kind) {
      case 'map':
        refs.set(slot, { kind: 'map', map: maps.get(ref.name)! });
        break;
      case 'kfunc':
      case 'ksym': {
        const gone = missing.get(ref.name);
        const isInvented = unit.ksyms.some((k) => k.name === ref.name && k.flags !== null);
        const module =
          isInvented || kernel.kfunc(ref.name, null) !== null
            ? null
            : moduleOf(ref.name, ref.kind === 'kfunc' ? 'func' : ref.symbol, kernel);
        if (gone !== undefined)
          insns.set(
            slot,
            insns.code[slot],
            insns.dst[slot],
            0,
            0,
            ref.kind === 'kfunc' ? POISON_CALL + gone : 0,
          );
        else if (ref.kind === 'kfunc') refs.set(slot, { kind: 'kfunc', name: ref.name, module });
        else refs.set(slot, { kind: 'ksym', name: ref.name, symbol: ref.symbol, module });
        break;
      }
      case 'helper':
      case 'subprog':
        break;
    }
  }
  return refs;
}
