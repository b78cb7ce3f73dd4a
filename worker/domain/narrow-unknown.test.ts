import { expect, test } from 'vitest';
import { UNKNOWN, UNKNOWN_U16, UNKNOWN_U32, UNKNOWN_U8, raw, truncate } from './scalar.ts';

test('the predefined narrow unknowns are what truncation yields', () => {
  for (const [bytes, predefined] of [
    [1, UNKNOWN_U8],
    [2, UNKNOWN_U16],
    [4, UNKNOWN_U32],
  ] as const) {
    const cut = truncate(UNKNOWN, bytes);
    expect(raw(predefined)).toEqual(raw(cut));
    expect(cut).toBe(predefined);
  }
});
