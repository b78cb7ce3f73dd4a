import { callFunction, explore, type Struct, type Surroundings, type Tree, type Value } from './c-eval.ts';
import type { Source } from './source.ts';
import type { KernelTypes } from './types-of.ts';

/** A map type as generated. */
export interface MapRow {
  readonly type: number;
  readonly name: string;
  /** Names of the `struct bpf_map_ops` members that it has. */
  readonly ops: readonly string[];
  /** Helper id → decision (1: may be used with this map). Ids not listed: see `otherHelpers`. */
  readonly helpers: Readonly<Record<number, Tree<number>>>;
  /** The decision for ids not listed. */
  readonly otherHelpers: Tree<number>;
}

/** Map types with the operations they have and the helpers that accept them. */
export function mapRows(
  source: Source,
  env: Surroundings,
  types: KernelTypes,
  rows: readonly { readonly constant: string; readonly ops: string }[],
  helperCount: number,
): MapRow[] {
  return rows.flatMap(({ constant, ops }) => {
    const type = types.constant(constant);
    if (type === null) return [];
    const trees: Tree<number>[] = [];
    for (let id = 0; id < helperCount; id++) trees.push(compatible(env, type, id));
    const counts = new Map<string, number>();
    for (const tree of trees) counts.set(JSON.stringify(tree), (counts.get(JSON.stringify(tree)) ?? 0) + 1);
    const common = [...counts].sort((a, b) => b[1] - a[1])[0][0];
    return [
      {
        type,
        name: constant.slice('BPF_MAP_TYPE_'.length).toLowerCase(),
        ops: mapOps(source, ops),
        helpers: Object.fromEntries(
          trees.map((tree, id) => [id, tree] as const).filter(([, tree]) => JSON.stringify(tree) !== common),
        ),
        otherHelpers: JSON.parse(common) as Tree<number>,
      },
    ];
  });
}

function compatible(env: Surroundings, mapType: number, helper: number): Tree<number> {
  return explore((facts) => {
    const prog: Struct = {
      fields: new Map<string, Value>([
        ['expected_attach_type', { unknown: 'attachType' }],
        ['jit_requested', 1],
      ]),
    };
    const verifier: Struct = {
      fields: new Map<string, Value>([
        ['subprog_cnt', 1],
        ['prog', prog],
      ]),
    };
    const map: Struct = { fields: new Map<string, Value>([['map_type', mapType]]) };
    return callFunction(
      env,
      facts,
      'check_map_func_compatibility',
      [verifier, map, helper],
      'kernel/bpf/verifier.c',
    ) === 0
      ? 1
      : 0;
  });
}

function mapOps(source: Source, name: string): string[] {
  for (const text of source.files.values()) {
    const match = new RegExp(`const struct bpf_map_ops ${name} = \\{([\\s\\S]*?)\\n\\};`).exec(text);
    if (match)
      return [...match[1].matchAll(/\.(\w+)\s*=/g)]
        .map((field) => field[1])
        .filter((field) => !['map_btf_id', 'iter_seq_info'].includes(field));
  }
  return [];
}
