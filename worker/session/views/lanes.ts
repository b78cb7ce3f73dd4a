import type { LaneSpan } from '../../protocol.ts';
import type { Trace } from '../../trace/trace.ts';

/** What was held where, as the page draws it. */
export function laneSpans(trace: Trace): LaneSpan[] {
  return trace.lanes.map(({ kind, id, label, at }) => {
    const insns: number[] = [];
    at.forEach((on, insn) => {
      if (on !== 0) insns.push(insn);
    });
    return { kind, id, label, insns };
  });
}
