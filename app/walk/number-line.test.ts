import { describe, expect, test } from 'vitest';
import { place, ticks } from './number-line.ts';

const U64 = { bits: 64, signed: false } as const;
const S64 = { bits: 64, signed: true } as const;
const S32 = { bits: 32, signed: true } as const;

describe('number line', () => {
  test('ends at its ends, with zero in the middle where there is a sign', () => {
    expect(place(0n, U64)).toBe(0);
    expect(place(2n ** 64n - 1n, U64)).toBeCloseTo(1, 9);
    expect(place(0n, S64)).toBe(0.5);
    expect(place(-(2n ** 63n), S64)).toBe(0);
    expect(place(2n ** 63n - 1n, S64)).toBeCloseTo(1, 9);
    expect(place(2n ** 31n - 1n, S32)).toBeCloseTo(1, 9);
  });

  test('goes by orders of magnitude, and never backwards', () => {
    expect(place(2n ** 32n - 1n, U64)).toBeCloseTo(0.5, 9);
    const numbers = [0n, 1n, 2n, 255n, 256n, 2n ** 51n, 2n ** 52n + 1n, 2n ** 53n - 1n, 2n ** 60n, 2n ** 63n];
    const places = numbers.map((n) => place(n, U64));
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(new Set(places).size).toBe(numbers.length);
  });

  test('has its powers of two from left to right', () => {
    const at = ticks(S64).map((tick) => tick.at);
    expect([...at].sort((a, b) => a - b)).toEqual(at);
    expect(ticks(U64).map(({ power }) => power)).toEqual([0, 8, 16, 32, 64]);
    expect(ticks(S32).map(({ power, negative }) => (negative ? -power : power))).toEqual([-31, -8, 0, 8, 31]);
  });
});
