import type { Trace } from './trace.ts';

/** Where one can go from a step. */
export type Jump =
  | 'first'
  | 'last'
  | 'next-branch'
  | 'prev-branch'
  | 'next-visit'
  | 'prev-visit'
  | 'next-path'
  | 'prev-path'
  | 'failure';

/** What a cursor needs to know of the code beside the trace. */
export interface Landmarks {
  /** Is the instruction a conditional jump? */
  isBranch(insn: number): boolean;
  /** Step at which the program was rejected, or at which the walk stopped; null if neither. */
  readonly failure: number | null;
}

/** The step that a jump leads to; `from` itself if there is nothing further. Scans the recorded instructions: under a millisecond per million. */
export function jump(trace: Trace, from: number, to: Jump, landmarks: Landmarks): number {
  const { insns } = trace;
  const last = insns.length - 1;
  const here = Math.min(Math.max(from, 0), last);
  switch (to) {
    case 'first':
      return 0;
    case 'last':
      return last;
    case 'failure':
      return landmarks.failure ?? here;
    case 'next-branch':
      for (let i = here + 1; i <= last; i++) if (landmarks.isBranch(insns[i])) return i;
      return here;
    case 'prev-branch':
      for (let i = here - 1; i >= 0; i--) if (landmarks.isBranch(insns[i])) return i;
      return here;
    case 'next-visit':
      for (let i = here + 1; i <= last; i++) if (insns[i] === insns[here]) return i;
      return here;
    case 'prev-visit':
      for (let i = here - 1; i >= 0; i--) if (insns[i] === insns[here]) return i;
      return here;
    case 'next-path': {
      const { stop } = trace.pathOf(here);
      return stop <= last ? stop : here;
    }
    case 'prev-path': {
      const { start } = trace.pathOf(here);
      return here > start || start === 0 ? start : trace.pathOf(start - 1).start;
    }
  }
}

/** The visit of `insn` nearest to `from`, later ones first; `from` itself if it was never walked. */
export function nearestVisit(trace: Trace, from: number, insn: number): number {
  const { insns } = trace;
  if (trace.visits[insn] === undefined || trace.visits[insn] === 0) return from;
  for (let i = Math.max(from, 0); i < insns.length; i++) if (insns[i] === insn) return i;
  for (let i = Math.min(from, insns.length) - 1; i >= 0; i--) if (insns[i] === insn) return i;
  return from;
}
