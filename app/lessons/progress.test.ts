import { describe, expect, test } from 'vitest';
import { memoryStorage } from '../drafts/storage.ts';
import { createProgress, readProgress } from './progress.ts';

describe('progress', () => {
  test('is kept in the storage and found again', () => {
    const storage = memoryStorage();
    const first = createProgress(storage);
    first.show('ranges');
    first.solve('ranges');
    first.solve('ranges');
    first.answer('fault-not-sleep', 1);
    expect(createProgress(storage).store.getState()).toEqual({
      solved: ['ranges'],
      shown: ['ranges'],
      answers: { 'fault-not-sleep': 1 },
    });
    first.clear();
    expect(createProgress(storage).store.getState()).toEqual({ solved: [], shown: [], answers: {} });
  });

  test('what is not progress is none', () => {
    for (const text of [null, '', 'null', '7', '{"solved":3,"shown":[1],"answers":{"a":"b"}}'])
      expect(readProgress(text)).toEqual({ solved: [], shown: [], answers: {} });
  });

  test('works without storage', () => {
    const full = { ...memoryStorage(), setItem: () => expect.fail('full') } as Storage;
    const kept = createProgress({
      ...full,
      getItem: () => null,
      setItem: () => {
        throw new Error('full');
      },
    });
    kept.solve('stack');
    expect(kept.store.getState().solved).toEqual(['stack']);
  });
});
