import type { Comparison } from '../protocol.ts';
import type { Mirror } from '../trace/mirror.ts';
import type { Trace } from '../trace/trace.ts';
import type { Run } from './run.ts';
import { regText, slotText } from './views/values.ts';

type Difference = NonNullable<Comparison['firstDifference']>;

/** States are compared over so many steps; after that only the way that the walks take. */
const STATES_COMPARED = 4000;

/** The first step at which two walks differ, and how; null if they do not, or if one has no walk. */
export function compareWalks(left: Run, right: Run): Comparison['firstDifference'] {
  const a = left.recorded?.trace ?? null;
  const b = right.recorded?.trace ?? null;
  if (a === null || b === null || a.length === 0 || b.length === 0) return null;
  const common = Math.min(a.length, b.length);
  const [textOf, otherText] = [instructionsOf(left), instructionsOf(right)];
  for (let step = 0; step < common; step++) {
    const [one, other] = [a.insnAt(step), b.insnAt(step)];
    if (textOf(one) !== otherText(other))
      return at(step, 'path', wayApart(one, other, textOf(one), otherText(other)));
    const state = step < STATES_COMPARED ? stateApart(a, b, step) : null;
    if (state !== null) return at(step, 'state', state);
  }
  const last = common - 1;
  if (a.length !== b.length) {
    const [ended, side] = a.length < b.length ? [left, 'left'] : [right, 'right'];
    const { message, verdict } = ended.result;
    return at(
      last,
      'end',
      `The ${side} walk ends here (${verdict === 'accepted' ? 'accepted' : message}), the other goes on`,
    );
  }
  if (left.result.verdict === right.result.verdict && left.result.message === right.result.message)
    return null;
  return at(last, 'end', `Same walk, other end: ${ending(left)}; ${ending(right)}`);
}

const at = (step: number, kind: Difference['kind'], why: string): Difference => ({
  leftStep: step,
  rightStep: step,
  kind,
  why,
});

/** Text of an instruction, by its index: an edited copy has others at the same places. Without ids, which differ between builds of the kernel. */
function instructionsOf({ result }: Run): (insn: number) => string {
  const texts = new Map(result.insns.map(({ index, llvm }) => [index, llvm]));
  return (insn) => texts.get(insn) ?? `instruction ${insn}`;
}

function wayApart(one: number, other: number, text: string, otherText: string): string {
  if (one === other) return `Here the programs differ: ${text} on the left, ${otherText} on the right`;
  return `Here one walk goes on with instruction ${one}, the other with ${other}`;
}

/** The first thing that two states of the same step do not agree on, in words; null if they agree. */
function stateApart(a: Trace, b: Trace, step: number): string | null {
  const [one, other] = [a.mirrorAt(step), b.mirrorAt(step)];
  const values = valueApart(one, other);
  if (values !== null) return `Before this step ${values}`;
  return heldOf(one) === heldOf(other)
    ? null
    : `Before this step other things are held: ${heldOf(one)} on the left, ${heldOf(other)} on the right`;
}

function valueApart(one: Mirror, other: Mirror): string | null {
  if (one.frames.length !== other.frames.length) return 'the depth of calls differs';
  for (const [f, frame] of one.frames.entries()) {
    const twin = other.frames[f];
    for (let r = 0; r < 11; r++) {
      const [x, y] = [regText(frame.regs[r], f), regText(twin.regs[r], f)];
      if (x !== y) return `R${r} is ${x} on the left, ${y} on the right`;
    }
    for (let i = 0; i < Math.max(frame.stack.length, twin.stack.length); i++) {
      const [x, y] = [frame.stack[i], twin.stack[i]].map((slot) =>
        slot === undefined ? 'uninit' : slotText(slot, f),
      );
      if (x !== y) return `fp-${(i + 1) * 8} is ${x} on the left, ${y} on the right`;
    }
  }
  return null;
}

/** What is held, as far as it counts: references, and the sections that are open. */
function heldOf({ refs, context }: Mirror): string {
  const { activeRcuLocks, activePreemptLocks, activeLocks, forbidFaultCount } = context;
  const parts = [
    [refs.length, 'references and locks'],
    [activeLocks, 'locks'],
    [activeRcuLocks, 'RCU sections'],
    [activePreemptLocks, 'preempt-off sections'],
    [forbidFaultCount, 'nofault references'],
  ] as const;
  return parts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])).join(', ') || 'nothing';
}

function ending({ result }: Run): string {
  return result.verdict === 'accepted' ? 'accepted' : result.message;
}
