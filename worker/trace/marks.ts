import { lastAtMost } from './columns.ts';
import type { Trace } from './trace.ts';

/** Where marks of precision are found: by the kept state that they are of. */
interface MarkIndex {
  /** Marks of checkpoint `serial`: `order[start[serial - 1]]` to `order[start[serial]]`, exclusive, in the order in which they were made. */
  readonly start: Int32Array;
  readonly order: Int32Array;
}

const indexes = new WeakMap<Trace, MarkIndex>();

function indexOf(trace: Trace): MarkIndex {
  let index = indexes.get(trace);
  if (index !== undefined) return index;
  const { checkpoints } = trace.marks;
  const start = new Int32Array(trace.checkpointCount + 1);
  for (let i = 0; i < checkpoints.length; i++) start[checkpoints[i]]++;
  for (let s = 1; s < start.length; s++) start[s] += start[s - 1];
  const order = new Int32Array(checkpoints.length);
  const next = start.slice();
  for (let i = checkpoints.length - 1; i >= 0; i--) order[--next[checkpoints[i]]] = i;
  index = { start, order };
  indexes.set(trace, index);
  return index;
}

/** Marks of a kept state, as numbers of {@link Trace.marks}: registers and slots whose exact value something relied on. */
export function marksOf(trace: Trace, serial: number): Int32Array {
  const { start, order } = indexOf(trace);
  return serial <= 0 || serial >= start.length
    ? new Int32Array(0)
    : order.subarray(start[serial - 1], start[serial]);
}

/** The marks that were made while a step was walked, or behind it: a range of numbers, `to` exclusive. */
export function marksBy(trace: Trace, step: number): { readonly from: number; readonly to: number } {
  const { steps } = trace.marks;
  return { from: lastAtMost(steps, step - 1) + 1, to: lastAtMost(steps, step) + 1 };
}

/** The kept state nearest to a step on its way, the step itself included: its serial, 0 if there is none. */
export function keptBefore(trace: Trace, step: number): number {
  for (let at = step; at >= 0;) {
    const path = trace.pathOf(at);
    const serial = trace.lastCheckpoint(at);
    if (serial > 0 && trace.checkpointStep(serial) >= path.start) return serial;
    at = path.parentStep;
  }
  return 0;
}
