import type { LaneSpan, VerifyResult } from '../../worker/protocol.ts';

/** A stretch of source lines over which something is held. */
export interface LaneBar {
  readonly from: number;
  readonly to: number;
  /** Instructions of the stretch, ascending. */
  readonly insns: readonly number[];
}

/** A lane placed in a column beside the code. */
export interface Lane {
  readonly span: LaneSpan;
  readonly column: number;
  readonly bars: readonly LaneBar[];
}

const ORDER: readonly LaneSpan['kind'][] = ['lock', 'rcu', 'preempt', 'irq', 'nofault', 'ref'];

/** The letter that stands for a kind where colour alone would have to. */
export const LANE_LETTERS: Readonly<Record<LaneSpan['kind'], string>> = {
  lock: 'L',
  rcu: 'R',
  preempt: 'P',
  irq: 'I',
  nofault: 'N',
  ref: 'A',
};

/** A kind in words. */
export const LANE_WORDS: Readonly<Record<LaneSpan['kind'], string>> = {
  lock: 'lock held',
  rcu: 'RCU read lock',
  preempt: 'preemption off',
  irq: 'interrupts off',
  nofault: 'nofault region',
  ref: 'reference held',
};

/** Joins lines that lie next to each other, or that only blank or comment lines separate. */
function barsOf(
  insns: readonly number[],
  lineOf: ReadonlyMap<number, number>,
  codeLines: ReadonlySet<number>,
): LaneBar[] {
  const placed = insns
    .map((insn) => ({ insn, line: lineOf.get(insn) }))
    .filter((row): row is { insn: number; line: number } => row.line !== undefined)
    .sort((a, b) => a.line - b.line);
  const bars: { from: number; to: number; insns: number[] }[] = [];
  for (const { insn, line } of placed) {
    const last = bars.at(-1);
    let joins = last !== undefined;
    for (let between = (last?.to ?? line) + 1; between < line && joins; between++)
      joins = !codeLines.has(between);
    if (last !== undefined && joins) {
      last.to = line;
      last.insns.push(insn);
    } else bars.push({ from: line, to: line, insns: [insn] });
  }
  return bars;
}

/** Line of each instruction when the text was verified. */
export function linesOf(result: VerifyResult): ReadonlyMap<number, number> {
  return new Map(
    result.insns.flatMap((insn) => (insn.span === null ? [] : [[insn.index, insn.span.line] as const])),
  );
}

/** Places every lane in the first column that is free over its lines. */
export function placeLanes(
  result: VerifyResult,
  lineOf: ReadonlyMap<number, number> = linesOf(result),
): readonly Lane[] {
  const codeLines = new Set(lineOf.values());
  const taken: [number, number][][] = [];
  const spans = [...result.lanes].sort(
    (a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.id - b.id,
  );
  return spans.flatMap((span) => {
    const bars = barsOf(span.insns, lineOf, codeLines);
    if (bars.length === 0) return [];
    const from = bars[0]!.from;
    const to = bars.at(-1)!.to;
    let column = 0;
    while (taken[column]?.some(([a, b]) => a <= to && from <= b)) column++;
    (taken[column] ??= []).push([from, to]);
    return [{ span, column, bars }];
  });
}

/** `lines 4 to 9 and 12`. */
export function spokenLines(bars: readonly LaneBar[]): string {
  const parts = bars.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`));
  const one = bars.length === 1 && bars[0]!.from === bars[0]!.to;
  return `${one ? 'line' : 'lines'} ${parts.join(parts.length === 2 ? ' and ' : ', ')}`;
}
