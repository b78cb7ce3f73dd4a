import { afterEach, expect, test } from 'vitest';
import {
  ArenaFull,
  UNKNOWN,
  ZERO,
  arenaCompact,
  arenaLimitForTest,
  arenaMark,
  arenaReset,
  arenaUsage,
  constant,
} from './arena.ts';
import {
  ADD,
  alu,
  constBigint,
  constNumber,
  constantS32,
  fromBigint,
  isUnknown,
  raw,
  sameScalar,
  withUnsignedRange,
} from './scalar.ts';

const start = arenaMark();
afterEach(() => {
  arenaLimitForTest();
  arenaReset(start);
});

test('equal constants share a handle', () => {
  expect(constant(0, 0)).toBe(ZERO);
  expect(constantS32(-5)).toBe(fromBigint(-5n));
  expect(constant(-1, -1)).toBe(constant(0xffffffff, 0xffffffff));
  expect(constant(123456, 7)).toBe(constant(123456, 7));
  expect(constant(-1, 0)).not.toBe(constant(-1, -1));
  expect(constBigint(constant(1, -1))).toBe(0xffff_ffff_0000_0001n);
  expect(constNumber(constantS32(-5))).toBe(-5);
});

test('a result equal to its operand is the operand', () => {
  const s = withUnsignedRange(UNKNOWN, 3, 1000);
  expect(alu(ADD, true, 0, s, ZERO)).toBe(s);
  expect(alu(ADD, true, 0, UNKNOWN, s)).toBe(UNKNOWN);
  expect(isUnknown(UNKNOWN)).toBe(true);
});

test('the same computation gives the same handle', () => {
  const s = withUnsignedRange(UNKNOWN, 3, 1000);
  const used = arenaUsage().used;
  expect(withUnsignedRange(UNKNOWN, 3, 1000)).toBe(s);
  expect(arenaUsage().used).toBe(used);
});

test('a full arena says so and loses nothing', () => {
  arenaLimitForTest(arenaUsage().used + 2);
  const a = constant(1, 2);
  const b = constant(3, 4);
  expect(() => constant(5, 6)).toThrow(ArenaFull);
  expect(() => withUnsignedRange(UNKNOWN, 1, 2 ** 40)).toThrow(ArenaFull);
  expect([constBigint(a), constBigint(b)]).toEqual([(2n << 32n) | 1n, (4n << 32n) | 3n]);
});

test('reset releases what came after the mark', () => {
  const before = withUnsignedRange(UNKNOWN, 1, 77);
  const mark = arenaMark();
  const used = arenaUsage().used;
  for (let i = 0; i < 100; i++) withUnsignedRange(UNKNOWN, i, i * 3 + 500);
  arenaReset(mark);
  expect(arenaUsage().used).toBe(used);
  expect(raw(before)).toMatchObject({ base: 1n, size: 76n });
  // Handles that are given out again hold their new value.
  expect(raw(withUnsignedRange(UNKNOWN, 7, 521)).base).toBe(7n);
  expect(() => {
    arenaReset(mark + 1);
  }).toThrow(RangeError);
});

test('compaction keeps the live values', () => {
  const all = Array.from({ length: 200 }, (_, i) => withUnsignedRange(UNKNOWN, i, i * 5 + 3000));
  const live = all.filter((_, i) => i % 7 === 0);
  const used = arenaUsage().used;
  const now = arenaCompact([...live, ZERO, UNKNOWN]);
  expect(arenaUsage().used).toBeLessThan(used - 150);
  expect(now(ZERO)).toBe(ZERO);
  live.forEach((s, i) => {
    expect(raw(now(s))).toMatchObject({ base: BigInt(i * 7), size: BigInt(i * 7 * 4 + 3000) });
  });
  expect(() => now(all[1])).toThrow(RangeError);
  const again = withUnsignedRange(UNKNOWN, 7, 3035);
  expect(sameScalar(again, now(live[1]))).toBe(true);
});
