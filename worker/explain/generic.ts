import type { Case } from './context.ts';

/** Areas of rules in words, for rules without a page of their own. */
const AREAS: Readonly<Record<string, string>> = {
  alu: 'Arithmetic that is not allowed on this value',
  btf: 'An access that does not fit the object’s type',
  call: 'A call that is not allowed like this',
  cfg: 'The code is not laid out as it must be',
  context: 'Something is held where it may not be',
  exit: 'The result is not one that may be returned',
  gotox: 'An indirect jump that may go astray',
  isa: 'Not an instruction that the kernel knows',
  kfunc: 'A kernel function may not be called like this',
  'ld-abs': 'A packet load that is not allowed here',
  load: 'The program may not be loaded like this',
  lock: 'Not while a lock is held',
  memory: 'Memory that may not be accessed like this',
  reference: 'A reference is in the way',
  reg: 'A register that may not be used like this',
  search: 'The program is too complex to be verified',
  stack: 'Stack that may not be accessed like this',
};

/** Title, words and rationale made from what the rule's text and the kernel's own report say. */
export function genericWords(c: Case): {
  readonly title: string;
  readonly explanation: string;
  readonly rationale: string;
} {
  const area = (c.result.rule ?? '').split('.')[0];
  const { report } = c;
  const parts: string[] = [];
  let rationale = '';
  if (report !== null) {
    if ('problem' in report && report.problem !== '') parts.push(stop(report.problem));
    if ('operation' in report && report.operation !== '')
      parts.push(stop(`It is about: ${report.operation}`));
    if ('reason' in report && report.reason !== '') rationale = stop(report.reason);
    if ('suggestion' in report && report.suggestion !== '') parts.push(stop(report.suggestion));
  }
  if (parts.length === 0) parts.push(stop(`The verifier says: ${c.result.message.split('\n')[0]}`));
  return {
    title: AREAS[area] ?? 'The verifier refuses the program',
    explanation: parts.join(' '),
    rationale,
  };
}

function stop(text: string): string {
  const trimmed = text.trim();
  return /[.!?:]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
