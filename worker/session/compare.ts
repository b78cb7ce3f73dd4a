import type { Comparison } from '../protocol.ts';
import type { Run } from './run.ts';

/** The first step at which two walks differ, and how; null if they do not, or if one has no walk. */
export function compareWalks(left: Run, right: Run): Comparison['firstDifference'] {
  const a = left.recorded?.trace ?? null;
  const b = right.recorded?.trace ?? null;
  if (a === null || b === null || a.length === 0 || b.length === 0) return null;
  const common = Math.min(a.length, b.length);
  for (let step = 0; step < common; step++) {
    if (a.insnAt(step) === b.insnAt(step)) continue;
    return { leftStep: step, rightStep: step, why: `Here one walk goes on with instruction ${a.insnAt(step)}, the other with ${b.insnAt(step)}` };
  }
  const last = common - 1;
  if (a.length !== b.length) {
    const [ended, side] = a.length < b.length ? [left, 'first'] : [right, 'second'];
    const { message, verdict } = ended.result;
    return { leftStep: last, rightStep: last, why: `The ${side} walk ends here (${verdict === 'accepted' ? 'accepted' : message}), the other goes on` };
  }
  if (left.result.verdict === right.result.verdict && left.result.message === right.result.message) return null;
  return { leftStep: last, rightStep: last, why: `Same walk, other end: ${ending(left)}; ${ending(right)}` };
}

function ending({ result }: Run): string {
  return result.verdict === 'accepted' ? 'accepted' : result.message;
}
