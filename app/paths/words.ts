import type { PathEndKind, PathRegion, PathRow } from '../../worker/protocol/paths.ts';
import { count, plural } from '../playground/verdict-words.ts';

/** How a path ends, in a word. */
export const END_WORDS: Readonly<Record<PathEndKind, string>> = {
  exit: 'exits',
  pruned: 'pruned',
  rejected: 'rejected',
  dead: 'impossible',
  unexplored: 'not explored',
};

/** What can be held, or true, along a run of steps. */
export const REGION_WORDS: Readonly<Record<PathRegion, string>> = {
  lock: 'a lock is held',
  rcu: 'an RCU read section',
  preempt: 'preemption off',
  irq: 'interrupts off',
  nofault: 'a nofault region',
  ref: 'a reference is held',
  speculation: 'speculation',
};

/** `step 4`, `steps 4 to 9`, as people count. */
export function stepsText(row: PathRow): string {
  if (row.steps === null) return row.end === 'unexplored' ? '' : 'at once';
  const { from, to } = row.steps;
  return from === to ? `step ${count(from + 1)}` : `steps ${count(from + 1)}–${count(to + 1)}`;
}

/** Why a pruned path was not followed further. */
export function coverText(row: PathRow): string {
  if (row.cover === null) return '';
  const where = row.cover.step < 0 ? 'an earlier state' : `step ${count(row.cover.step + 1)}`;
  return row.cover.loop
    ? `instruction ${row.cover.insn} need not be walked again: ${where} of this loop covers what is known here`
    : `instruction ${row.cover.insn} need not be walked again: ${where} covers what is known here, and was proven safe`;
}

/** The whole row for a screen reader. */
export function spokenRow(row: PathRow): string {
  const parts = [
    row.fork === null ? row.outcome : `instruction ${row.fork.insn}, ${row.fork.text}: ${row.outcome}`,
    stepsText(row),
  ];
  if (row.end !== null) parts.push(`the path ends: ${END_WORDS[row.end]}`);
  if (row.cover !== null) parts.push(coverText(row));
  if (row.failing) parts.push('on the way to the rejection');
  if (row.at === 'here') parts.push('the current step is here');
  if (row.open === false) parts.push(`${plural(row.hidden, 'run')} beneath`);
  if (!row.match) parts.push('not itself a match');
  return parts.join('; ');
}
