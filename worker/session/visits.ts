import type { VisitQueries, VisitRow } from '../protocol/visits.ts';
import { INVALID_SLOT } from '../state/slot.ts';
import { CHANGE_REG, keyKind, keyNo } from '../trace/changes.ts';
import { lastAtMost } from '../trace/columns.ts';
import { labelOf } from '../trace/lanes.ts';
import type { Mirror } from '../trace/mirror.ts';
import type { Trace } from '../trace/trace.ts';
import { summarise, visitSteps, type VisitColumn, type VisitSummary } from '../trace/visits.ts';
import { analyse, traceCache } from './analysis.ts';
import { NoSuchRun, type RunAccess } from './run-access.ts';
import { regText, slotText } from './views/values.ts';

/** Rows that one answer holds at most. */
const MOST = 400;

interface Known {
  readonly steps: Int32Array;
  readonly summary: VisitSummary;
}

function nameOf(key: number): string {
  return keyKind(key) === CHANGE_REG ? `R${keyNo(key)}` : `fp-${(keyNo(key) + 1) * 8}`;
}

function cellsOf(mirror: Mirror, columns: readonly VisitColumn[]): string[] {
  const frameno = mirror.frames.length - 1;
  const frame = mirror.frames[frameno];
  return columns.map(({ key }) =>
    keyKind(key) === CHANGE_REG
      ? regText(frame.regs[keyNo(key)], frameno)
      : slotText(frame.stack[keyNo(key)] ?? INVALID_SLOT, frameno),
  );
}

function heldText(mirror: Mirror): string {
  const { activeRcuLocks, activePreemptLocks } = mirror.context;
  const held = mirror.refs.map((ref) => labelOf(ref, mirror));
  if (activeRcuLocks !== 0) held.push('RCU');
  if (activePreemptLocks !== 0) held.push('preemption off');
  return held.join(', ');
}

function rowsOf(trace: Trace, { steps, summary }: Known, from: number, to: number): VisitRow[] {
  const rows: VisitRow[] = [];
  let before = from > 0 ? cellsOf(trace.mirrorAt(steps[from - 1]), summary.columns) : null;
  for (let i = from; i < to; i++) {
    const step = steps[i];
    const mirror = trace.mirrorAt(step);
    const path = trace.pathOf(step);
    const cells = cellsOf(mirror, summary.columns);
    const changed = before === null ? [] : cells.flatMap((text, c) => (text === before![c] ? [] : [c]));
    rows.push({
      step,
      path: path.index,
      frame: mirror.frames.length - 1,
      held: heldText(mirror),
      cells,
      changed,
      end: step === path.stop - 1 ? path.end : null,
    });
    before = cells;
  }
  return rows;
}

/** All visits of one instruction side by side. */
export function visitQueries(access: RunAccess): VisitQueries {
  const cache = traceCache<Known>(8);
  /** Numbers the tables that were asked for: somebody who steps on wants the newest alone. */
  let newest = 0;

  async function known(
    run: number,
    insn: number,
    stale: () => boolean = () => false,
  ): Promise<{ readonly known: Known; readonly trace: Trace }> {
    const found = await analyse(
      access,
      run,
      function* ({ trace }) {
        const cached = cache.get(trace, String(insn));
        if (cached !== undefined) return { known: cached, trace };
        const steps = visitSteps(trace, insn);
        const summary = yield* summarise(trace, steps);
        return { known: cache.set(trace, String(insn), { steps, summary }), trace };
      },
      stale,
    );
    if (found === null) throw new NoSuchRun(`another table than that of instruction ${insn} is wanted`);
    return found;
  }

  return {
    async visits(run, insn, step) {
      const mine = ++newest;
      const { known: table } = await known(run, insn, () => mine !== newest);
      const { columns, held, depths } = table.summary;
      return {
        insn,
        count: table.steps.length,
        columns: columns.map(({ key, changes }) => ({ name: nameOf(key), changes })),
        held,
        depths,
        here: Math.max(lastAtMost(table.steps, step), 0),
      };
    },
    async visitRows(run, insn, from, to) {
      const { known: table, trace } = await known(run, insn);
      const first = Math.max(from, 0);
      return rowsOf(trace, table, first, Math.min(to, first + MOST, table.steps.length));
    },
  };
}
