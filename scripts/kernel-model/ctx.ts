import { callFunction, explore, type Struct, type Surroundings, type Tree, type Value } from './c-eval.ts';
import { pack } from './helpers.ts';
import type { Ops } from './ops.ts';
import { openProgram } from './surroundings.ts';

/** Sizes of an access, in the order of a cell's columns; reads first, then sign-extending reads, then writes. */
export const SIZES = [1, 2, 4, 8] as const;
export const MODES = ['read', 'ldsx', 'write'] as const;
const COLUMNS = SIZES.length * MODES.length;

/**
 * Ctx accesses of a program type: for runs of 8-byte groups, which pattern they follow. A pattern is 8 offsets
 * of 12 outcomes (sizes 1, 2, 4, 8; read, sign-extending read, write) as indexes into `outcomes`; index 0 is "no".
 */
export interface CtxTable {
  /** Rows `[number of 8-byte groups, pattern]` from offset 0; beyond: no access. */
  readonly runs: readonly (readonly [number, number])[];
  readonly patterns: readonly (readonly number[])[];
  /** Outcomes: `''` no, else `regType,fieldSize,btf,isRetval` under decisions. */
  readonly outcomes: readonly Tree<string>[];
  /** Pattern of the groups before offset 0, where the kernel allows accesses there. */
  readonly below?: number;
}

/** Interprets `is_valid_access` at every offset, size and mode. */
export function ctxTable(
  env: Surroundings,
  ops: Pick<Ops, 'validAccess' | 'file'>,
  progType: number,
  scalar: number,
  arity: 'prog' | 'sock',
): CtxTable {
  const outcomes: Tree<string>[] = [''];
  const outcomeIds = new Map<string, number>([['""', 0]]);
  const patterns: number[][] = [];
  const patternIds = new Map<string, number>();
  const runs: [number, number][] = [];

  const outcome = (off: number, size: number, mode: string): number => {
    const tree = explore((facts) => {
      const info: Struct = {
        fields: new Map<string, Value>([
          ['reg_type', scalar],
          ['is_ldsx', mode === 'ldsx' ? 1 : 0],
          ['ctx_field_size', 0],
          ['btf', ''],
          ['is_retval', 0],
        ]),
      };
      const type = env.constant(mode === 'write' ? 'BPF_WRITE' : 'BPF_READ') ?? (mode === 'write' ? 2 : 1);
      const args: Value[] =
        arity === 'prog' ? [off, size, type, openProgram(progType), info] : [off, size, type, info];
      if (callFunction(env, facts, ops.validAccess!, args, ops.file) === 0) return '';
      return [
        pack(info.fields.get('reg_type') as number),
        info.fields.get('ctx_field_size'),
        info.fields.get('btf'),
        info.fields.get('is_retval'),
      ].join(',');
    });
    const key = JSON.stringify(tree);
    let id = outcomeIds.get(key);
    if (id === undefined) {
      id = outcomes.push(tree) - 1;
      outcomeIds.set(key, id);
    }
    return id;
  };

  const patternAt = (group: number): number => {
    const cells: number[] = [];
    for (let off = group; off < group + 8; off++)
      for (const mode of MODES) for (const size of SIZES) cells.push(outcome(off, size, mode));
    if (cells.length !== 8 * COLUMNS) throw new Error('pattern size');
    const key = cells.join();
    const id = patternIds.get(key) ?? patterns.push(cells) - 1;
    patternIds.set(key, id);
    return id;
  };
  const allowsNothing = (id: number): boolean => patterns[id].every((cell) => cell === 0);

  // the largest context is a tracepoint's record; probe ahead coarsely so that small ones end early
  let end = 1024;
  for (let off = end; off < 0x10000; off += 8) {
    if (outcome(off, 8, 'read') !== 0) end = off + 8;
    else if (off > end + 512) break;
  }
  const sampled = end > 1024;
  for (let group = 0; group < end; group += 8) {
    const same = sampled && group >= 1024 && group < end - 16;
    let id: number;
    if (same) id = runs[runs.length - 1][1];
    else id = patternAt(group);
    const last = runs[runs.length - 1];
    if (last && last[1] === id) last[0]++;
    else runs.push([1, id]);
  }
  while (runs.length && allowsNothing(runs[runs.length - 1][1])) runs.pop();
  const below = patternAt(-8);
  if (patternAt(-0x8000) !== below) throw new Error('accesses before the context differ by offset');
  return { runs, patterns, outcomes, ...(allowsNothing(below) ? {} : { below }) };
}
