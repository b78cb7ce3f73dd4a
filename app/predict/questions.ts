import type { InsnView, RegView, StepView } from '../../worker/protocol.ts';
import type { Outlook } from '../../worker/protocol/outlook.ts';

/** Something to predict about a step before it is taken. */
export interface Question {
  /** In words, e.g. `What will R0 be?` */
  readonly ask: string;
  readonly options: readonly string[];
  /** Index of the right one. */
  readonly answer: number;
}

/** What is asked about: the register that the step changes, or always one of them. */
export type Subject = 'changed' | `R${number}`;

export const REJECTED = 'The verifier rejects the program here';
const PRUNED = 'The path ends: such a state was proven safe before';
const GOES_ON = 'The walk goes on';
export const FALLS = 'Only on: the condition is known to be false';
export const JUMPS = 'Only the jump: the condition is known to be true';
export const BOTH = 'Either way: the condition may be true or false';

/** Registers as the kernel's log has them; what may not be read has words of its own. */
const shown = (row: RegView | undefined): string =>
  row === undefined || row.text === 'uninit' ? 'unreadable' : row.text;

const textOf = ({ kernel }: InsnView): string => kernel.replace(/^\([0-9a-f]{2}\) /, '');

/** `R6` for an instruction that writes `r6` or `w6`, `R0` for a call; null if none is named. */
export function target(insn: InsnView): string | null {
  const text = textOf(insn);
  if (text.startsWith('call ')) return 'R0';
  const written = /^[rw](\d+) (?:[^=]*)=[^=]/.exec(text)?.[1];
  return written === undefined ? null : `R${written}`;
}

const isBranch = (insn: InsnView): boolean => /^if /.test(textOf(insn));
/** Reads and writes through a pointer, and calls: what may go wrong without changing a register. */
const mayFail = (insn: InsnView): boolean => /^call |^\*\(|= \*\(/.test(textOf(insn));

/** Other texts that somebody might expect instead of `right`. */
function mistakes(right: string, before: string): string[] {
  const found: string[] = [before];
  const number = /^-?\d+$/.test(right) ? BigInt(right) : null;
  if (number !== null) found.push('scalar()', String(number + 1n), String(-number), String(number * 2n));
  if (right === 'scalar()') found.push('0', 'scalar(smin=smin32=0,smax=umax=smax32=umax32=255)');
  const bound = /umax=(?:[a-z0-9]+=)*(0x[0-9a-f]+|\d+)/.exec(right)?.[1];
  if (bound !== undefined) {
    const most = BigInt(bound);
    const other = bound.startsWith('0x') ? `0x${(most >> 1n).toString(16)}` : String(most + 1n);
    found.push(right.replaceAll(bound, other), 'scalar()', bound);
  }
  const frame = /^fp(-?\d+)$/.exec(right)?.[1];
  if (frame !== undefined) found.push(`fp${Number(frame) - 8}`, `fp${Number(frame) + 8}`, 'scalar()');
  if (right.includes('_or_null')) found.push(right.replace('_or_null', ''), 'scalar()');
  else if (/^(?:map_value|ptr_|rcu_ptr_|trusted_ptr_|mem)/.test(right))
    found.push(right.replace(/^(\w+)/, '$1_or_null'), 'scalar()');
  found.push('scalar()', 'unreadable', '0', '1');
  return found;
}

/** A permutation that depends on `seed` alone, so that the right answer has no favourite place. */
function shuffled(options: readonly string[], seed: number): string[] {
  const left = [...options];
  const out: string[] = [];
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  while (left.length > 0) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39) >>> 0;
    out.push(left.splice(state % left.length, 1)[0]!);
  }
  return out;
}

function question(ask: string, right: string, others: readonly string[], seed: number): Question {
  const wrong = [...new Set(others)].filter((text) => text !== right).slice(0, 3);
  const options = shuffled([right, ...wrong], seed);
  return { ask, options, answer: options.indexOf(right) };
}

/** Puts the last option in its fixed place, so that "rejected" is not read as one value among others. */
function withRejection({ ask, options, answer }: Question, rejected: boolean): Question {
  const rest = rejected ? options.filter((text) => text !== REJECTED) : options;
  const all = [...rest.slice(0, 3), REJECTED];
  return { ask, options: all, answer: rejected ? all.length - 1 : answer };
}

const registers = (view: StepView): readonly RegView[] => view.frames.at(-1)?.regs ?? [];

function aboutBranch(step: StepView, insn: InsnView, { next, aside }: Outlook): Question | null {
  const ask = `Where does the walk lead from ${textOf(insn).replace(/ goto pc.*/, '')}?`;
  const rejected = step.end === 'rejected';
  if (next === null && !rejected) return null;
  const right = aside > 0 ? BOTH : next !== null && next.insn === insn.index + 1 ? FALLS : JUMPS;
  const options = [FALLS, JUMPS, BOTH, REJECTED];
  return { ask, options, answer: rejected ? 3 : options.indexOf(right) };
}

/** What stands in the place that a failing instruction would have written: only guesses are possible. */
function aboutFailure(step: StepView, name: string): Question {
  const before = shown(registers(step).find((row) => row.name === name));
  const made = question(`What will ${name} be?`, REJECTED, ['scalar()', before, '0', '1'], step.step);
  return withRejection(made, true);
}

function aboutRegister(step: StepView, row: RegView | undefined, name: string): Question {
  const before = shown(registers(step).find((old) => old.name === name));
  const right = shown(row);
  const made = question(`What will ${name} be?`, right, mistakes(right, before), step.step);
  // The fourth place is for the rejection, which may not push the right answer out.
  const right3 =
    made.options.indexOf(right) > 2 ? [made.options[3]!, ...made.options.slice(0, 2)] : made.options;
  return withRejection({ ask: made.ask, options: right3, answer: right3.indexOf(right) }, false);
}

/**
 * What to ask before `step` is taken; null where there is nothing worth asking. `insn` is the step's instruction, `nextInsn`
 * that of the step after it on the same path.
 */
export function questionFor(
  step: StepView,
  insn: InsnView,
  outlook: Outlook,
  nextInsn: InsnView | undefined,
  subject: Subject,
): Question | null {
  const { next } = outlook;
  if (
    step.end === 'pruned' ||
    (next !== null && nextInsn?.prunePoint === true && next.visit > 1 && !isBranch(insn))
  )
    return {
      ask: 'The walk comes to a place where it was before. What happens?',
      options: [GOES_ON, PRUNED],
      answer: step.end === 'pruned' ? 1 : 0,
    };
  if (isBranch(insn)) return aboutBranch(step, insn, outlook);
  if (step.end === 'rejected') {
    const name = target(insn);
    if (name !== null) return aboutFailure(step, name);
    return { ask: 'Is this allowed here?', options: ['Yes', REJECTED], answer: 1 };
  }
  // Into a function and out of it the registers are another frame's.
  if (next === null || next.frames.length !== step.frames.length) return null;
  // What nothing will read is forgotten at once: that a register went away says nothing of the step.
  const changed = registers(next).filter((row) => row.changed && row.text !== 'uninit');
  const wanted = subject === 'changed' ? target(insn) : subject;
  const row = registers(next).find(({ name }) => name === wanted);
  if (wanted !== null && (subject !== 'changed' || changed.includes(row!)))
    return aboutRegister(step, row, wanted);
  const first = changed[0];
  if (first !== undefined && !mayFail(insn)) return aboutRegister(step, first, first.name);
  return mayFail(insn) ? { ask: 'Is this allowed here?', options: ['Yes', REJECTED], answer: 0 } : null;
}
