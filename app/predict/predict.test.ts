import { describe, expect, test } from 'vitest';
import { memoryStorage } from '../drafts/storage.ts';
import { createPredict, isVerdictHidden, readScore, scored } from './predict.ts';
import { INITIAL } from '../playground/state.ts';
import type { State } from '../playground/state.ts';

describe('the score', () => {
  test('counts answers and rows of right ones', () => {
    const outcome = [true, true, false, true].reduce(scored, readScore(null));
    expect(outcome).toEqual({ right: 3, asked: 4, streak: 1, best: 2 });
  });

  test('is read back; anything else is an empty one', () => {
    const kept = { right: 3, asked: 4, streak: 1, best: 2 };
    expect(readScore(JSON.stringify(kept))).toEqual(kept);
    for (const text of ['', 'x', '{"right":9,"asked":4,"streak":0,"best":0}', '{"right":-1}', '[]'])
      expect(readScore(text)).toEqual({ right: 0, asked: 0, streak: 0, best: 0 });
  });
});

describe('the verdict', () => {
  const run = (verdict: string): Pick<State, 'latest'> =>
    ({ latest: { doc: INITIAL.doc, opened: 1, result: { verdict } } }) as Pick<State, 'latest'>;

  test('is hidden in predict mode until it is guessed; mistakes in the text are not', () => {
    const { store, toggle } = createPredict(memoryStorage());
    expect(isVerdictHidden(store.getState(), run('accepted'))).toBe(false);
    toggle();
    expect(isVerdictHidden(store.getState(), run('accepted'))).toBe(true);
    expect(isVerdictHidden(store.getState(), run('bad-input'))).toBe(false);
    store.setState({ revealed: INITIAL.doc });
    expect(isVerdictHidden(store.getState(), run('accepted'))).toBe(false);
  });
});
