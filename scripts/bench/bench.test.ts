import { expect, test } from 'vitest';
import { verify } from '../../worker/engine/verify.ts';
import { createKernelModel } from '../../worker/kernel/model.ts';
import { readBundle } from '../../worker/program/bundle.ts';
import { generatedPrograms, heavyPrograms } from './programs.ts';
import { numbers } from './report.ts';

const ROW = {
  id: 'a',
  insns: 100,
  expected: null,
  errno: 0,
  first: 9,
  ours: 0.5,
  wall: 1,
  all: 1,
  kernel: 1.25,
  kernelInsns: 100,
  kernelErrno: 0,
  ratio: 2.5,
};

test('numbers are microseconds, and the trace’s first run is no measurement', () => {
  expect(numbers(ROW, [{ cpu: 90 }, { cpu: 0.75 }])).toEqual({
    id: 'a',
    insns: 100,
    usec: 500,
    traceUsec: 750,
    kernelUsec: 1250,
    ratio: 2.5,
  });
  expect(numbers({ ...ROW, kernel: null, ratio: null }, [])).toEqual({
    id: 'a',
    insns: 100,
    usec: 500,
    traceUsec: null,
    kernelUsec: null,
    ratio: null,
  });
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
