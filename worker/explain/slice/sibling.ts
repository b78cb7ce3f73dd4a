import type { WalkedCase } from '../context.ts';
import { textOf, valueAt, type Place } from './place.ts';

/** Another way through the program that the verifier walked to its end. */
export interface Sibling {
  /** A step on it: where it parts from the refused way, or the same instruction there. */
  readonly step: number;
  readonly why: string;
  /** The step of the branch at which the two ways part, -1 if it is none. */
  readonly branch: number;
}

/** The last step that the ways to `a` and to `b` have in common, -1 if none. */
function parting(c: WalkedCase, a: number, b: number): number {
  const { trace } = c;
  const last = new Map<number, number>();
  for (let at = a; at >= 0; at = trace.pathOf(at).parentStep) last.set(trace.pathOf(at).index, at);
  for (let at = b; at >= 0; at = trace.pathOf(at).parentStep) {
    const other = last.get(trace.pathOf(at).index);
    if (other !== undefined) return Math.min(other, at);
  }
  return -1;
}

/**
 * The nearest way that passes: one that walked the refused instruction before and went on, if what `places` hold differed there; else the
 * other way out of one of `branches` (steps), if it was walked to its end.
 */
export function siblingThatPasses(
  c: WalkedCase,
  places: readonly Place[],
  branches: readonly number[],
): Sibling | null {
  const { trace } = c;
  if (trace.visits[c.insn] > 1) {
    const now = trace.mirrorAt(c.step);
    let tries = 0;
    for (let step = c.step - 1; step >= 0 && tries < 20; step--) {
      if (trace.insnAt(step) !== c.insn) continue;
      tries++;
      const then = trace.mirrorAt(step);
      if (then.frames.length !== now.frames.length) continue;
      const other = places.find(
        (place) => textOf(valueAt(then, place), place.frame) !== textOf(valueAt(now, place), place.frame),
      );
      if (other === undefined) continue;
      const at = parting(c, step, c.step);
      const name = other.kind === 'reg' ? `R${other.no}` : `fp-${(other.no + 1) * 8}`;
      const value = textOf(valueAt(then, other), other.frame);
      const why =
        at === step
          ? `It passed when the walk was here before: then ${name} was ${value}`
          : `On another path this instruction passes: there ${name} is ${value}`;
      return { step, why, branch: at === step ? -1 : at };
    }
  }
  const parents = new Set<number>();
  for (let at = c.step; at >= 0; at = trace.pathOf(at).parentStep) parents.add(trace.pathOf(at).parentStep);
  for (const branch of branches) {
    // walked first, and to the end: otherwise this way would not have been taken up
    if (!parents.has(branch) || branch + 1 >= trace.length) continue;
    const path = trace.pathOf(branch);
    if (branch + 1 >= path.stop || (path.end !== 'exit' && path.end !== 'pruned')) continue;
    return {
      step: branch + 1,
      why: 'The other way out of this branch was walked to its end and passes',
      branch,
    };
  }
  return null;
}
