import { expect, test } from 'vitest';
import { stepByKeys } from './keys.ts';

test('the keys of the walk step through a log, and stay within it', () => {
  expect(stepByKeys('ArrowRight', 3, 9)).toBe(4);
  expect(stepByKeys('F10', 8, 9)).toBe(8);
  expect(stepByKeys('F9', 0, 9)).toBe(0);
  expect(stepByKeys('ArrowLeft', 3, 9)).toBe(2);
  expect(stepByKeys('Home', 5, 9)).toBe(0);
  expect(stepByKeys('End', 5, 9)).toBe(8);
  expect(stepByKeys('f', 5, 9)).toBe(8);
});

test('other keys are left to the page, and a log without steps has none', () => {
  expect(stepByKeys('n', 3, 9)).toBeNull();
  expect(stepByKeys('Shift+ArrowRight', 3, 9)).toBeNull();
  expect(stepByKeys('ArrowRight', 0, 0)).toBeNull();
});
