import type { AsmResult } from '../../asm/assemble.ts';
import type { BtfBuilder } from '../../btf/build.ts';
import type { CLine } from '../../btf/c/problem.ts';
import type { CSource } from './split.ts';

/** Instruction, places of the file's name and the line's text among the strings, line and column. */
export type LineRow = readonly [insn: number, file: number, text: number, lineCol: number];

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
): LineRow[] {
  const rows: LineRow[] = [];
  const rowOf = lineRowOf(asm, lines, cSources, file, builder);
  let covered: CSource | number | null = null;
  for (let i = 0; i < asm.insns.length; i++) {
    // The second half of a wide load, and zero bytes, may not have a row.
    if (asm.insns.code[i] === 0) continue;
    const { line } = asm.spans[i];
    const source = cSources.get(line) ?? line;
    if (source === covered && !starts.has(i)) continue;
    covered = source;
    rows.push(rowOf(i));
  }
  return rows;
}

/** The row of any instruction: its line's text and place; beyond the end that of no line. */
export function lineRowOf(
  asm: AsmResult,
  lines: readonly CLine[],
  cSources: ReadonlyMap<number, CSource>,
  file: string,
  builder: BtfBuilder,
): (slot: number) => LineRow {
  const texts = new Map(lines.map((l) => [l.line, l.text]));
  return (slot) => {
    const span = asm.spans.at(slot);
    if (span === undefined) return [slot, builder.string(file), builder.string(''), 0];
    const source = cSources.get(span.line) ?? null;
    const text = source?.text ?? (texts.get(span.line) ?? '').trim();
    const at = Math.min(source?.line ?? span.line, LINE_MAX) * 1024 + (source === null ? Math.min(span.col, COL_MAX) : 0);
    return [slot, builder.string(source?.file ?? file), builder.string(text), at];
  };
}
