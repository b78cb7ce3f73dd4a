import { expect, test } from 'vitest';
import { HIST_DST_STACK, HIST_STACK_ACCESS, History, NO_ENTRY, type LinkedReg } from './history.ts';

test('histories that part share what they have in common', () => {
  const history = new History();
  const first = history.add(NO_ENTRY, 3, -1, HIST_STACK_ACCESS, 63, 15, null);
  const one = history.add(first, 9, 8, HIST_DST_STACK, 0, 0, null);
  const other = history.add(first, 20, 8, 0, 0, 0, null);
  expect([history.before(one), history.before(other), history.before(first)]).toEqual([first, first, NO_ENTRY]);
  expect([history.idx(first), history.prevIdx(first), history.flags(first), history.spi(first), history.frame(first)]).toEqual([3, -1, HIST_STACK_ACCESS, 63, 15]);
  expect([history.idx(one), history.prevIdx(one), history.flags(one)]).toEqual([9, 8, HIST_DST_STACK]);
  expect(history.linked(other)).toBeNull();
});

test('entries keep their linked registers, and all that was written before it grew', () => {
  const history = new History();
  const set = (no: number): LinkedReg[] => [
    { frameno: 0, isReg: true, no: no % 10 },
    { frameno: no % 3, isReg: false, no: no % 64 },
  ];
  const entries: number[] = [];
  for (let n = 0; n < 20_000; n++) entries.push(history.add(n === 0 ? NO_ENTRY : entries[n - 1], n, n - 1, 0, 0, 0, set(n)));
  for (const n of [0, 1, 4095, 4096, 19_999]) {
    expect(history.idx(entries[n])).toBe(n);
    expect(history.linked(entries[n])).toEqual(set(n));
  }
});
