import { expect, test } from 'vitest';
import type { SeekTarget, StepView } from '../../worker/protocol.ts';
import { createCursor } from './cursor.ts';

const view = (step: number): StepView => ({
  step,
  insn: step,
  prevInsn: -1,
  path: 0,
  speculative: false,
  frames: [],
  held: [],
  changes: [],
  log: { level1: null, level2: null },
  visit: 1,
  visits: 1,
  end: null,
});

/** A worker that answers only when told to. */
function slowWorker() {
  const asked: SeekTarget[] = [];
  const waiting: (() => void)[] = [];
  const ask = (from: number, target: SeekTarget): Promise<StepView> => {
    asked.push(target);
    return new Promise((resolve) =>
      waiting.push(() => resolve(view(target.to === 'step' ? target.step : from + 10))),
    );
  };
  const answer = async (): Promise<void> => {
    waiting.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { asked, ask, answer };
}

test('steps pressed quickly add up', async () => {
  const { ask, answer } = slowWorker();
  const seen: number[] = [];
  const cursor = createCursor(
    ask,
    (v) => seen.push(v.step),
    () => undefined,
  );
  cursor.move({ to: 'next' });
  cursor.move({ to: 'next' });
  cursor.move({ to: 'next' });
  for (let i = 0; i < 3; i++) await answer();
  expect(seen).toEqual([1, 2, 3]);
});

test('of many slider positions only the first and the newest are asked for', async () => {
  const { asked, ask, answer } = slowWorker();
  const cursor = createCursor(
    ask,
    () => undefined,
    () => undefined,
  );
  for (let step = 1; step <= 100; step++) cursor.move({ to: 'step', step });
  await answer();
  await answer();
  expect(asked).toEqual([
    { to: 'step', step: 1 },
    { to: 'step', step: 100 },
  ]);
});

test('a key held down does not pile up moves', async () => {
  const { asked, ask, answer } = slowWorker();
  const cursor = createCursor(
    ask,
    () => undefined,
    () => undefined,
  );
  for (let i = 0; i < 100; i++) cursor.move({ to: 'next-branch' });
  for (let i = 0; i < 100; i++) await answer();
  expect(asked.length).toBeLessThan(10);
});

test('a failed move does not block the next', async () => {
  let broken = true;
  const failures: unknown[] = [];
  const seen: number[] = [];
  const ask = (_from: number, target: SeekTarget): Promise<StepView> =>
    broken
      ? Promise.reject(new Error('gone'))
      : Promise.resolve(view(target.to === 'step' ? target.step : 0));
  const cursor = createCursor(
    ask,
    (v) => seen.push(v.step),
    (reason) => failures.push(reason),
  );
  cursor.move({ to: 'next' });
  await new Promise((resolve) => setTimeout(resolve));
  broken = false;
  cursor.move({ to: 'step', step: 5 });
  await new Promise((resolve) => setTimeout(resolve));
  expect(failures).toHaveLength(1);
  expect(seen).toEqual([5]);
});
