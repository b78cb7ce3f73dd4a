import { expect, test } from 'vitest';
import { verify } from '../../worker/engine/verify.ts';
import { createKernelModel } from '../../worker/kernel/model.ts';
import { readBundle } from '../../worker/program/bundle.ts';
import { median, numbers, ratioPerInsn, type Row } from './report.ts';
import { timing, type Sample } from './measure.ts';
import { generatedPrograms, heavyPrograms } from './programs.ts';

const TIMING = { insns: 100, errno: 0, first: 9, ours: 0.5, wall: 1, all: 1, traced: 0.75 };
const ROW: Row = {
  ...TIMING,
  id: 'a',
  expected: null,
  node: { ...TIMING, ours: 0.625, traced: null },
  memory: {
    peakStates: 2,
    states: { heap: 1000, values: 80 },
    trace: { heap: 5000, values: 120, steps: 100 },
  },
  nodeMemory: null,
  kernel: { ms: 1.25, insns: 50, errno: 0 },
};

test('numbers are microseconds and bytes; the ratio is of times', () => {
  expect(numbers(ROW)).toEqual({
    id: 'a',
    insns: 100,
    usec: 500,
    traceUsec: 750,
    kernelUsec: 1250,
    ratio: 2.5,
    kernelInsns: 50,
    nodeUsec: 625,
    nodeTraceUsec: null,
    stateBytes: 1080,
    traceBytes: 5120,
    nodeStateBytes: null,
    nodeTraceBytes: null,
  });
  expect(numbers({ ...ROW, kernel: null, node: null })).toMatchObject({
    kernelUsec: null,
    ratio: null,
    kernelInsns: null,
    nodeUsec: null,
  });
  expect(ratioPerInsn(ROW)).toBe(5);
});

const sample = (cpu: number): Sample => ({
  verdict: 'accepted',
  errno: 0,
  message: '',
  insns: 100,
  states: 1,
  wall: 2 * cpu,
  scalars: 0,
  steps: 0,
  cpu,
  allCpu: 3 * cpu,
});

test('the round that warms up is no measurement, unless there is no other', () => {
  expect(timing({ plain: [90, 4, 1, 3].map(sample), traced: [80, 5].map(sample) })).toEqual({
    insns: 100,
    errno: 0,
    first: 90,
    ours: 3,
    wall: 6,
    all: 9,
    traced: 5,
  });
  expect(timing({ plain: [sample(90)], traced: [] })).toMatchObject({ ours: 90, traced: null });
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('generated programs are accepted, and long enough to be timed', () => {
  const counts = generatedPrograms('').map(({ id, bundle }) => {
    const { verdict, stats } = verify(readBundle(bundle).program, createKernelModel(), { level: 0 });
    return [id, verdict, stats!.insnProcessed > 20_000];
  });
  expect(counts).toEqual([
    ['generated/small', 'accepted', false],
    ['generated/straight-line', 'accepted', true],
    ['generated/alu-loop', 'accepted', true],
    ['generated/branchy', 'accepted', true],
    ['generated/spill-loop', 'accepted', true],
  ]);
});

test('without recordings there are no heavy programs', () => {
  expect(heavyPrograms([], '')).toEqual([]);
});
