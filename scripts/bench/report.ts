import type { Timing } from './measure.ts';
import type { Kept, Memory } from './memory.ts';

/** The middle value; of an even number the mean of the two in the middle, NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length === 0
    ? NaN
    : sorted.length % 2 === 1
      ? sorted[middle]
      : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One program's numbers: in Chromium, in Node if it was run there, in the kernel if it was asked. */
export interface Row extends Timing {
  readonly id: string;
  /** Instructions that the recording says are processed; null without a recording. */
  readonly expected: number | null;
  readonly node: Timing | null;
  readonly memory: Memory | null;
  readonly nodeMemory: Memory | null;
  readonly kernel: KernelAnswer | null;
}

/** What the kernel took for a program. */
export interface KernelAnswer {
  readonly ms: number;
  readonly insns: number;
  readonly errno: number;
}

/** The kernel's time by ours; above 1 we are faster. */
export function ratio(row: Pick<Row, 'kernel' | 'ours'>): number | null {
  return row.kernel === null ? null : row.kernel.ms / row.ours;
}

/** The same per processed instruction: kernels of other versions may process another number of them. */
export function ratioPerInsn(row: Pick<Row, 'kernel' | 'ours' | 'insns'>): number | null {
  return row.kernel === null ? null : row.kernel.ms / row.kernel.insns / (row.ours / row.insns);
}

/** The product's root of as many as there are. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);
}

const usec = (ms: number | null | undefined): number | null =>
  ms === null || ms === undefined ? null : Math.round(ms * 1e4) / 10;
const rounded = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 1000) / 1000;
const bytes = (kept: Kept | null | undefined): number | null =>
  kept === null || kept === undefined ? null : Math.round(kept.heap + kept.values);

/** A row as scripts read it; times in microseconds, memory in bytes. */
export function numbers(row: Row): object {
  return {
    id: row.id,
    insns: row.insns,
    usec: usec(row.ours),
    traceUsec: usec(row.traced),
    kernelUsec: usec(row.kernel?.ms),
    ratio: rounded(ratio(row)),
    kernelInsns: row.kernel?.insns ?? null,
    nodeUsec: usec(row.node?.ours),
    nodeTraceUsec: usec(row.node?.traced),
    stateBytes: bytes(row.memory?.states),
    traceBytes: bytes(row.memory?.trace),
    nodeStateBytes: bytes(row.nodeMemory?.states),
    nodeTraceBytes: bytes(row.nodeMemory?.trace),
  };
}

const number = (value: number | null | undefined, digits: number): string =>
  value === null || value === undefined ? '' : value.toFixed(digits);
const speed = (insns: number, ms: number | null | undefined): string =>
  number(ms === null || ms === undefined ? null : insns / ms / 1000, 2);

/** Lines of cells in columns; those of numbers that nothing is known for are left out. */
function aligned(head: readonly string[], body: readonly (readonly string[])[]): string {
  const used = head.map((_, i) => i).filter((i) => body.some((line) => line[i] !== ''));
  const lines = [head, ...body];
  const width = (i: number): number => Math.max(...lines.map((line) => line[i].length));
  return lines
    .map((cells) =>
      used.map((i) => (i === 0 ? cells[i].padEnd(width(i)) : cells[i].padStart(width(i)))).join('  '),
    )
    .join('\n');
}

/** Times, and million processed instructions per second. */
export function speedTable(rows: readonly Row[]): string {
  return aligned(
    [
      'program',
      'insns',
      'ours ms',
      'M insns/s',
      'traced M insns/s',
      'kernel ms',
      'x kernel',
      'node M insns/s',
      'node traced M insns/s',
      'first ms',
      'wall ms',
      'all cpu',
      'remarks',
    ],
    rows.map((r) => [
      r.id,
      String(r.insns),
      r.ours.toFixed(1),
      speed(r.insns, r.ours),
      speed(r.insns, r.traced),
      number(r.kernel?.ms, 1),
      number(ratioPerInsn(r), 2),
      speed(r.insns, r.node?.ours),
      speed(r.insns, r.node?.traced),
      r.first.toFixed(0),
      r.wall.toFixed(0),
      r.all.toFixed(0),
      remarks(r),
    ]),
  );
}

function remarks(r: Row): string {
  const all: string[] = [];
  if (r.expected !== null && r.insns !== r.expected) all.push(`recorded: ${r.expected}`);
  if (r.node !== null && r.node.insns !== r.insns) all.push(`node: ${r.node.insns}`);
  if (r.kernel !== null && r.kernel.insns !== r.insns)
    all.push(
      `kernel processed ${r.kernel.insns}: compared per instruction (time alone: ${ratio(r)!.toFixed(2)})`,
    );
  if (r.kernel !== null && r.kernel.errno !== r.errno)
    all.push(`kernel errno ${r.kernel.errno}, ours ${r.errno}`);
  return all.join('; ');
}

/** Programs shorter than this keep what a beginning takes: a share per million says nothing of them. */
const SHORT = 1000;
const mb = (value: number | null | undefined): string =>
  number(value === null || value === undefined ? null : value / 1e6, 1);
const perMillion = (kept: Kept | null | undefined, count: number): string =>
  kept === null || kept === undefined || count < SHORT ? '' : number((kept.heap + kept.values) / count, 0);

/** What walks at their fullest and finished traces keep, in Chromium; and by share in Node. */
export function memoryTable(rows: readonly Row[]): string {
  return aligned(
    [
      'program',
      'peak states',
      'walk: heap MB',
      'values MB',
      'MB/M insns',
      'in node',
      'trace: heap MB',
      'values MB',
      'MB/M steps',
      'in node',
    ],
    rows.flatMap(({ id, insns, memory, nodeMemory: node }) =>
      memory === null
        ? []
        : [
            [
              id,
              String(memory.peakStates),
              mb(memory.states.heap),
              mb(memory.states.values),
              perMillion(memory.states, insns),
              perMillion(node?.states, insns),
              mb(memory.trace?.heap),
              mb(memory.trace?.values),
              perMillion(memory.trace, memory.trace?.steps ?? 0),
              perMillion(node?.trace, node?.trace?.steps ?? 0),
            ],
          ],
    ),
  );
}
