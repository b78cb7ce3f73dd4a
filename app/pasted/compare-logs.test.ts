import { describe, expect, it } from 'vitest';
import type { LoggedStep, LoggedWalk } from '../../worker/protocol/pasted.ts';
import { compareLogs, levelOf, stateAt, stepOfLine } from './compare-logs.ts';

const step = (line: number, insn: number, state: LoggedStep['state'] = [], whole = false): LoggedStep => ({
  line,
  insn,
  text: '',
  state,
  whole,
  frame: 0,
});
const walk = (
  lines: readonly (readonly [LoggedWalk['lines'][number]['kind'], string])[],
  more: Partial<LoggedWalk> = {},
): LoggedWalk => ({
  lines: lines.map(([kind, text]) => ({ kind, text })),
  steps: lines.flatMap(([kind, text], i) => (kind === 'insn' ? [step(i, Number.parseInt(text))] : [])),
  verdict: 'accepted',
  message: null,
  dialect: 'new',
  program: null,
  ...more,
});

describe('a pasted log against the one here', () => {
  const pasted = walk([
    ['source', '; a'],
    ['insn', '0: (85) call f#12345 ; R0=1'],
    ['insn', '1: (95) exit'],
    ['stats', 'processed 2'],
  ]);

  it('agrees whatever the source, the spaces and the ids are', () => {
    const here = walk([
      ['insn', '0: (85) call f#99999    ; R0=1'],
      ['insn', '1: (95) exit'],
    ]);
    expect(compareLogs(pasted, here)).toEqual({ sameSteps: 2, sameLines: 2, first: null });
  });

  it('parts at the first line that differs, or where one ends', () => {
    const here = walk([
      ['insn', '0: (85) call f#99999 ; R0=2'],
      ['insn', '1: (95) exit'],
    ]);
    expect(compareLogs(pasted, here)).toEqual({ sameSteps: 2, sameLines: 0, first: { pasted: 1, here: 0 } });
    expect(compareLogs(pasted, walk([['insn', '0: (85) call f#1 ; R0=1']])).first).toEqual({
      pasted: 1,
      here: 0,
    });
    expect(compareLogs(pasted, walk([['insn', '0: (85) call f#11111 ; R0=1']])).first).toEqual({
      pasted: 2,
      here: null,
    });
  });

  it('is asked for at the level that it was written at', () => {
    expect(levelOf(pasted)).toBe(2);
    expect(levelOf({ ...pasted, verdict: 'rejected' })).toBe(1);
    expect(levelOf(walk([['other', 'func#0 @0']], { verdict: 'rejected' }))).toBe(2);
  });
});

it('gathers what is known before a step', () => {
  const steps = [
    step(
      0,
      0,
      [
        [0, 'R10', 'fp0'],
        [0, 'R1', 'ctx()'],
      ],
      true,
    ),
    step(1, 1, [[0, 'R6', '1']]),
    step(2, 2, [
      [0, 'R6', '2'],
      [0, 'fp-8', '2'],
    ]),
  ];
  expect(stateAt(steps, 2)).toEqual([
    { name: 'R1', text: 'ctx()', changed: false },
    { name: 'R6', text: '2', changed: true },
    { name: 'R10', text: 'fp0', changed: false },
    { name: 'fp-8', text: '2', changed: true },
  ]);
  expect([stepOfLine(steps, -1), stepOfLine(steps, 1), stepOfLine(steps, 9)]).toEqual([-1, 1, 2]);
});
