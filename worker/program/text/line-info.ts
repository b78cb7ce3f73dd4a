import type { AsmResult } from '../../asm/assemble.ts';
import type { BtfBuilder } from '../../btf/build.ts';
import type { CLine } from '../../btf/c/problem.ts';
import type { CSource } from './split.ts';

/** Widths of line and column in a row. */
const LINE_MAX = (1 << 22) - 1;
const COL_MAX = (1 << 10) - 1;

/**
 * Line information: a row for the first instruction of every source line, whose text is that line; lines below a
 * `; C text` comment share one row with the comment as their text. Every function begins with a row.
 */
export function lineInfo(
  asm: AsmResult,
  starts: ReadonlySet<number>,
  lines: readonly CLine[],
  cSources: ReadonlyMap<number, CSource>,
  file: string,
  builder: BtfBuilder,
): [number, number, number, number][] {
  const rows: [number, number, number, number][] = [];
  const texts = new Map(lines.map((l) => [l.line, l.text]));
  let covered: CSource | number | null = null;
  for (let i = 0; i < asm.insns.length; i++) {
    // The second half of a wide load, and zero bytes, may not have a row.
    if (asm.insns.code[i] === 0) continue;
    const { line, col } = asm.spans[i];
    const source = cSources.get(line) ?? line;
    if (source === covered && !starts.has(i)) continue;
    covered = source;
    const isC = typeof source !== 'number';
    const text = isC ? source.text : (texts.get(line) ?? '').trim();
    const name = isC ? (source.file ?? file) : file;
    const at = Math.min(isC ? source.line : line, LINE_MAX) * 1024 + (isC ? 0 : Math.min(col, COL_MAX));
    rows.push([i, builder.string(name), builder.string(text), at]);
  }
  return rows;
}
