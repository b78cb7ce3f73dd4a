import type { Program } from '../program/program.ts';

/** A row of the program's line info: `[instruction, fileNameOff, lineOff, lineCol]`. */
export type LineRow = Program['lineInfo'][number];

/** The row that covers an instruction: the last one at or before it; null without line info (kernel: bpf_find_linfo). */
export function findLine(program: Program, insn: number): LineRow | null {
  const rows = program.lineInfo;
  if (rows.length === 0 || insn >= program.insns.length) return null;
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = low + ((high - low + 1) >> 1);
    if (rows[middle][0] <= insn) low = middle;
    else high = middle - 1;
  }
  return rows[low];
}

/** Number of a row's source line. */
export function lineNumber(row: LineRow): number {
  return row[3] >>> 10;
}

/** Do both rows name the same line of the same file? */
export function sameLine(a: LineRow, b: LineRow): boolean {
  return a[1] === b[1] && lineNumber(a) === lineNumber(b);
}

/** One message of the kernel's log holds this many bytes at most. */
const MESSAGE_BYTES = 1023;

/** `source text @ file.c:12`, with the newline. */
export function sourceText(program: Program, row: LineRow): string {
  const btf = program.btf;
  if (btf === null) return '';
  const line = btf.string(row[2]).replace(/^[ \t\n\v\f\r]+/, '').slice(0, MESSAGE_BYTES);
  const path = btf.string(row[1]);
  return `${line} @ ${path.slice(path.lastIndexOf('/') + 1)}:${lineNumber(row)}\n`;
}
