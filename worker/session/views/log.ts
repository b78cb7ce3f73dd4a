import type { LineRange, LogLine } from '../../protocol.ts';
import { lastAtMost } from '../../trace/columns.ts';
import type { Trace } from '../../trace/trace.ts';
import type { Log } from '../record.ts';

/** Lines `from` to `to` (exclusive) with the steps that they belong to. */
export function logLines(log: Log, trace: Trace | null, from: number, to: number): LogLine[] {
  const lines: LogLine[] = [];
  const end = Math.min(to, log.steps.length);
  for (let i = Math.max(from, 0); i < end; i++) {
    const text = log.text.slice(log.lines[i], log.lines[i + 1]).replace(/\n$/, '');
    const processed = log.steps[i];
    lines.push({ text, step: processed < 0 || trace === null ? -1 : trace.stepOfProcessed(processed) });
  }
  return lines;
}

/** The lines of a log that a step wrote, null if none. */
export function linesOfStep(log: Log, trace: Trace, step: number): LineRange | null {
  const processed = trace.processedAt(step);
  // the statistics at the end belong to nobody and break the order
  const steps = log.steps.subarray(0, log.steps.length - (log.steps.at(-1) === -1 ? 1 : 0));
  const last = lastAtMost(steps, processed);
  const first = lastAtMost(steps, processed - 1) + 1;
  return last < first ? null : { from: first, to: last + 1 };
}
