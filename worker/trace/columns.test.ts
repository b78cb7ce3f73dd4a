import { expect, test } from 'vitest';
import { CounterColumn } from './columns.ts';

test('a counter column gives back what was put in, and finds the last value that is not above another', () => {
  const values = [0, 1, 2, 5, 6, 7, 8, 100, 101, 103];
  const column = new CounterColumn();
  values.forEach((value, index) => column.set(index, value));
  expect(values.map((_, index) => column.at(index))).toEqual(values);
  for (let wanted = -1; wanted < 110; wanted++) {
    expect(column.lastAtMost(wanted, values.length)).toBe(values.findLastIndex((value) => value <= wanted));
  }
});
