import { describe, expect, it } from 'vitest';
import { Diagnosis } from '../diagnose/diagnosis.ts';
import { createKernelModel } from '../kernel/model.ts';
import { bundleProgram } from '../program/bundle.ts';
import { verify } from './verify.ts';
import walks from './walks.fixture.json' with { type: 'json' };

// Programs of our own, each about one rule of the search, with what Linux 7.3.4 said of them.
const model = createKernelModel();

describe.each(walks)('a program that $name', ({ bundle, errno, log1, log2 }) => {
  const { program } = bundleProgram(bundle);
  it.each([
    [1, log1],
    [2, log2],
  ] as const)('gives the kernel’s log at level %d', (level, log) => {
    const outcome = verify(program, model, { level, reporter: new Diagnosis() });
    expect(outcome.log).toBe(log);
    expect(outcome.errno).toBe(errno);
  });

  it('gives the same verdict and statistics without a log', () => {
    const silent = verify(program, model, { level: 0 });
    const loud = verify(program, model, { level: 2 });
    expect(silent.errno).toBe(errno);
    expect(silent.stats).toEqual(loud.stats);
  });

  it('attributes every line of the walk to a step, in order', () => {
    const { writer, log } = verify(program, model, { level: 2 });
    const steps = writer!.lineSteps();
    expect(steps.length).toBe(log.split('\n').length - 1);
    for (let i = 1; i < steps.length; i++) expect(steps[i]).toBeGreaterThanOrEqual(steps[i - 1]);
  });
});
