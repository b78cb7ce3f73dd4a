import type { StepView, Verdict, VerifyResult } from '../../worker/protocol.ts';

const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  accepted: 'Accepted',
  rejected: 'Rejected',
  'not-modelled': 'Not modelled',
  'bad-input': 'Not a program yet',
};

/** A verdict as the page names it. */
export function verdictWord(verdict: Verdict): string {
  return VERDICT_WORDS[verdict];
}

/** `1,234`. */
export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** `1 step`, `2 steps`. */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** `12 ms`, `1.3 s`, and below a millisecond two digits. */
export function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms >= 10 ? Math.round(ms) : ms.toFixed(ms >= 1 ? 1 : 2)} ms`;
}

/** Ends with one full stop. */
const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** What a screen reader says after a run. */
export function spokenVerdict(result: VerifyResult): string {
  const verdict = sentence(
    verdictWord(result.verdict) + (result.message === '' ? '' : `: ${result.message}`),
  );
  // A text that is no program is not walked.
  if (result.verdict === 'bad-input') return verdict;
  return `${verdict} Processed ${plural(result.stats.insns, 'instruction')}.`;
}

/** What a screen reader says after each step; `still`: of one from which the move led no further. */
export function spokenStep(step: StepView, insn: string, still = false): string {
  if (still) return `Still at step ${count(step.step + 1)}, instruction ${step.insn}.`;
  const changes = step.changes.length > 0 ? ` ${step.changes.join('. ')}.` : '';
  const end = step.end === null ? '' : ` Path ends: ${step.end}.`;
  return `Step ${count(step.step + 1)}, instruction ${step.insn}: ${insn}.${changes}${end}`;
}
