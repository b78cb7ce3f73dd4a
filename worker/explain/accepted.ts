import type { Explanation } from '../protocol.ts';
import { NO_CAUSES } from './chain.ts';
import type { Case } from './context.ts';

/** What the verifier has proven of a program that it accepts. */
export function acceptance(c: Case): Explanation {
  const { stats, lanes } = c.result;
  const proven = [
    'every register and stack slot is written before it is read',
    'every access stays inside memory that the program may use',
    'the program ends',
  ];
  const kinds = new Set(lanes.map((lane) => lane.kind));
  const labels = (kind: string): string =>
    [...new Set(lanes.filter((lane) => lane.kind === kind).map((lane) => lane.label))].join(', ');
  if (kinds.has('ref')) proven.push(`what is acquired (${labels('ref')}) is released on every path`);
  if (kinds.has('lock'))
    proven.push('every lock is given back, and nothing that is forbidden is called under it');
  if (kinds.has('rcu')) proven.push('RCU read sections are closed, and nothing sleeps inside them');
  if (kinds.has('preempt')) proven.push('preemption is enabled again, and nothing sleeps before');
  if (kinds.has('irq')) proven.push('interrupts are restored in order');
  if (kinds.has('nofault')) proven.push('nothing faults while a reference forbids it');
  const pruned = c.trace?.paths.filter((path) => path.end === 'pruned').length ?? 0;
  const walked = `It walked ${stats.insns} instruction${stats.insns === 1 ? '' : 's'}${stats.paths === 0 ? '' : ` on ${stats.paths} path${stats.paths === 1 ? '' : 's'}`}${
    pruned === 0
      ? ''
      : `; ${pruned} of them ended early, because what was known there was covered by what had been proven before`
  }.`;
  return {
    verdict: 'accepted',
    message: '',
    rule: null,
    title: 'Every path is safe',
    explanation: `The verifier has proven that ${list(proven)}. ${walked}`,
    rationale: '',
    related: [],
    ...NO_CAUSES,
    fixes: [],
  };
}

function list(items: readonly string[]): string {
  return items.length === 1 ? items[0] : `${items.slice(0, -1).join('; ')}; and ${items.at(-1)!}`;
}
