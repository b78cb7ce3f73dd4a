import {
  callFunction,
  explore,
  Facts,
  type Struct,
  type Surroundings,
  type Tree,
  type Value,
} from './c-eval.ts';
import { kfuncFlag } from '../../worker/kernel/kfunc-flags.ts';
import type { Source } from './source.ts';
import type { KernelTypes } from './types-of.ts';

/** A kfunc as read from a kernel image: the facts that the source alone does not give (what is built in, flags). */
export interface KfuncFact {
  readonly name: string;
  readonly flags: number;
  readonly sets: readonly string[];
  readonly module?: string;
}

export interface KfuncTables {
  /** `[name, flags, set indexes, module or null]`. */
  readonly kfuncs: readonly (readonly [string, number, readonly number[], string | null])[];
  /** Set name, hooks it is registered under, filter index per kfunc or -1. */
  readonly sets: readonly { readonly name: string; readonly hooks: readonly string[] }[];
  /** Hook → kfunc → decision (0: allowed) for kfuncs under a filter that can refuse. */
  readonly filters: Readonly<Record<string, Readonly<Record<string, Tree<number>>>>>;
  /** Program type → hook. */
  readonly hooks: Readonly<Record<number, string>>;
}

const NO_FACTS = new Facts(new Map(), new Map());

interface Registration {
  readonly set: string;
  readonly hook: string;
  readonly filter: string | null;
  readonly file: string;
}

/** Registrations of kfunc sets with program types, from the source. */
function registrations(source: Source, hookOf: (progType: string) => string | null): Registration[] {
  const all: Registration[] = [];
  for (const [file, text] of source.files) {
    const idSets = new Map<string, { set: string; filter: string | null }>();
    for (const match of text.matchAll(/struct\s+btf_kfunc_id_set\s+(\w+)\s*=\s*\{([\s\S]*?)\n\};/g)) {
      const set = /\.set\s*=\s*&(\w+)/.exec(match[2]);
      if (set)
        idSets.set(match[1], { set: set[1], filter: /\.filter\s*=\s*(\w+)/.exec(match[2])?.[1] ?? null });
    }
    for (const match of text.matchAll(/register_btf_kfunc_id_set\(\s*(BPF_PROG_TYPE_\w+),\s*&(\w+)\s*\)/g)) {
      const idSet = idSets.get(match[2]);
      const hook = hookOf(match[1]);
      if (idSet && hook) all.push({ ...idSet, hook, file });
    }
    for (const match of text.matchAll(/register_btf_fmodret_id_set\(\s*&(\w+)\s*\)/g)) {
      const idSet = idSets.get(match[1]);
      if (idSet) all.push({ ...idSet, hook: 'FMODRET', file });
    }
  }
  return all;
}

/** Kfuncs of the selftests' modules that the facts do not cover (modules that were not loaded when they were read). */
function unreadModules(source: Source, facts: readonly KfuncFact[]): KfuncFact[] {
  const read = new Set(facts.map((fact) => fact.module));
  const found: KfuncFact[] = [];
  for (const [file, text] of source.files) {
    const module = /test_kmods\/(\w+)\.c$/.exec(file)?.[1];
    if (module === undefined || read.has(module)) continue;
    for (const set of text.matchAll(/BTF_KFUNCS_START\((\w+)\)([\s\S]*?)BTF_KFUNCS_END/g)) {
      for (const entry of set[2].matchAll(/BTF_ID_FLAGS\(\s*func\s*,\s*(\w+)\s*(?:,([^)]*))?\)/g)) {
        const flags = (entry[2] ?? '').split('|').reduce((all, flag) => all | kfuncFlag(flag.trim()), 0);
        found.push({ name: entry[1], flags, sets: [set[1]], module });
      }
    }
  }
  return found;
}

/** Kfunc tables: facts from the image, registrations, hooks and filters from the source. */
export function kfuncTables(
  source: Source,
  env: Surroundings,
  types: KernelTypes,
  readFacts: readonly KfuncFact[],
): KfuncTables {
  const facts = [...readFacts, ...unreadModules(source, readFacts)];
  const hookNames = new Map(
    [...types.enumerators('BTF_KFUNC_HOOK_')].map(([name, value]) => [
      value,
      name.slice('BTF_KFUNC_HOOK_'.length),
    ]),
  );
  const hookOf = (progType: number): string | null => {
    const hook = callFunction(env, NO_FACTS, 'bpf_prog_type_to_kfunc_hook', [progType], null);
    const name = hookNames.get(hook as number) ?? null;
    return name === 'MAX' ? null : name;
  };
  const hooks: Record<number, string> = {};
  for (const [name, value] of types.enumerators('BPF_PROG_TYPE_')) {
    const hook = hookOf(value);
    if (hook && !name.endsWith('UNSPEC')) hooks[value] = hook;
  }
  const registered = registrations(source, (progType) => hookOf(types.constant(progType) ?? -1));

  const setNames = [...new Set(facts.flatMap((fact) => fact.sets))].sort();
  const sets = setNames.map((name) => ({
    name,
    hooks: [...new Set(registered.filter((row) => row.set === name).map((row) => row.hook))].sort(),
  }));
  for (const set of sets)
    if (set.hooks.length === 0) throw new Error(`kfunc set ${set.name} is registered nowhere`);

  const known = new Set(setNames);
  const filters: Record<string, Record<string, Tree<number>>> = {};
  for (const row of registered) {
    if (!row.filter || !known.has(row.set)) continue;
    for (const fact of facts) {
      const tree = explore((assumed) =>
        callFunction(env, assumed, row.filter!, [anyProgram(), { opaque: fact.name }], row.file) === 0
          ? 0
          : 1,
      );
      if (tree === 0 || !fact.sets.some((set) => sets[setNames.indexOf(set)].hooks.includes(row.hook)))
        continue;
      (filters[row.hook] ??= {})[fact.name] = tree;
    }
  }
  return {
    kfuncs: facts.map(
      (fact) =>
        [fact.name, fact.flags, fact.sets.map((set) => setNames.indexOf(set)), fact.module ?? null] as const,
    ),
    sets,
    filters,
    hooks,
  };
}

/** A program of which anything may be asked. */
export function anyProgram(): Struct {
  const aux: Struct = {
    fields: new Map<string, Value>([
      ['attach_btf_id', { unknown: 'attachName' }],
      ['attach_st_ops_member_off', { unknown: 'memberOffset' }],
      ['st_ops', { unknown: 'structOps' }],
      ['saved_dst_prog_type', 0],
    ]),
  };
  return {
    fields: new Map<string, Value>([
      ['type', { unknown: 'progType' }],
      ['expected_attach_type', { unknown: 'attachType' }],
      ['sleepable', { unknown: 'sleepable' }],
      ['aux', aux],
    ]),
  };
}
