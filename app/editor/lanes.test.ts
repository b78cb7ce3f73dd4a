import { expect, test } from 'vitest';
import type { InsnView, LaneSpan, VerifyResult } from '../../worker/protocol.ts';
import { placeLanes, spokenLines } from './lanes.ts';

const insn = (index: number, line: number): InsnView => ({
  index,
  kernel: '',
  llvm: '',
  bytes: '',
  span: { line, col: 1, endLine: line, endCol: 2 },
  subprog: 0,
  live: '',
  scc: 0,
  prunePoint: false,
  visits: 1,
});

function resultWith(lines: readonly number[], lanes: readonly LaneSpan[]): VerifyResult {
  return {
    run: 1,
    verdict: 'accepted',
    errno: 0,
    message: '',
    rule: null,
    failedAt: null,
    stats: { insns: 0, states: 0, peakStates: 0, steps: 0, paths: 0, ms: 0 },
    insns: lines.map((line, index) => insn(index, line)),
    subprogs: [],
    problems: [],
    kfuncs: [],
    lanes,
    semantics: [],
    textSemantics: [],
    progType: '',
    logLines: 0,
  };
}

const lane = (kind: LaneSpan['kind'], id: number, insns: readonly number[]): LaneSpan => ({
  kind,
  id,
  label: kind,
  insns,
});

test('lines that only blank lines separate are one bar, code between splits', () => {
  const [lock] = placeLanes(resultWith([1, 2, 5, 6, 7, 8], [lane('lock', 1, [1, 2, 5])]));
  expect(lock!.bars.map(({ from, to }) => [from, to])).toEqual([
    [2, 5],
    [8, 8],
  ]);
});

test('lanes that overlap stand side by side, others share a column', () => {
  const lanes = placeLanes(
    resultWith([1, 2, 3, 4, 5, 6], [lane('ref', 2, [0, 1]), lane('ref', 3, [1, 2]), lane('ref', 4, [4, 5])]),
  );
  expect(lanes.map((l) => l.column)).toEqual([0, 1, 0]);
});

test('locks stand first whatever order they come in', () => {
  const lanes = placeLanes(resultWith([1, 2, 3], [lane('ref', 1, [0, 1]), lane('lock', 2, [0, 2])]));
  expect(lanes.map((l) => [l.span.kind, l.column])).toEqual([
    ['lock', 0],
    ['ref', 1],
  ]);
});

test('lines are spoken as people say them', () => {
  expect(spokenLines([{ from: 3, to: 3, insns: [] }])).toBe('line 3');
  expect(
    spokenLines([
      { from: 3, to: 5, insns: [] },
      { from: 9, to: 9, insns: [] },
    ]),
  ).toBe('lines 3 to 5 and 9');
});
