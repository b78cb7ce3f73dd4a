import { expect, test } from 'vitest';
import { bitStates } from './bits.ts';

test('bits are shown highest first, unknown where the mask is set', () => {
  const bits = bitStates('0x8000000000000001', '0xf0').join('');
  expect(bits.startsWith('1000')).toBe(true);
  expect(bits.endsWith('????0001')).toBe(true);
  expect(bits).toHaveLength(64);
});

test('text that is no number is all unknown', () => {
  expect(new Set(bitStates('?', ''))).toEqual(new Set(['?']));
});
