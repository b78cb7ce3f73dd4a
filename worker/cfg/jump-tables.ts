import type { MapInfo } from '../state/map-info.ts';
import { BPF_MAP_TYPE_INSN_ARRAY } from '../kernel/uapi.ts';
import { rejectStructure, type Context } from './context.ts';
import type { Subprog } from './facts.ts';
import { insnArrayTargets } from './resolve.ts';
import { cfgRules } from './rules.ts';
import { subprogAt } from './subprogs.ts';

const sortedUnique = (targets: Iterable<number>): number[] => [...new Set(targets)].sort((a, b) => a - b);

/** Targets in entries `from`..`to` of an instruction array, sorted, each once (kernel: bpf_copy_insn_array_uniq). */
export function jumpTargets(map: MapInfo, from: number, to: number): number[] {
  return sortedUnique(insnArrayTargets(map).slice(from, to + 1));
}

/**
 * Where a `gotox` may go as far as the flow is concerned: all tables of the program that belong to its function
 * (kernel: create_jt).
 */
export function gotoxTable(ctx: Context, i: number): readonly number[] {
  const subprog = subprogAt(ctx.facts, i);
  const table = tablesOf(ctx, subprog);
  if (table.some((at) => at < subprog.start || at >= subprog.end)) {
    rejectStructure(
      ctx,
      cfgRules.jumpTableOutside,
      [i, subprog.start, subprog.end],
      i,
      'jump table target out of range',
      'Keep every jump-table target inside the same subprogram.',
      `The jump table for instruction ${i} points outside subprogram range [${subprog.start},${subprog.end}).`,
    );
  }
  return table;
}

function tablesOf(ctx: Context, subprog: Subprog): number[] {
  const targets: number[] = [];
  for (const map of ctx.usedMaps) {
    if (map.type !== BPF_MAP_TYPE_INSN_ARRAY) continue;
    const table = jumpTargets(map, 0, map.maxEntries - 1);
    // One entry tells whose table it is; the others are checked by the caller.
    if (table[0] >= subprog.start && table[0] < subprog.end) targets.push(...table);
  }
  if (targets.length === 0) {
    rejectStructure(
      ctx,
      cfgRules.jumpTableMissing,
      [subprog.start],
      subprog.start,
      'missing jump table',
      'Make sure subprograms containing gotox instructions are accompanied by jump tables referencing these subprograms.',
      `No jump table was found for the subprogram that starts at instruction ${subprog.start}.`,
    );
  }
  return sortedUnique(targets);
}
