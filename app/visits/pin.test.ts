import { expect, test } from 'vitest';
import type { VerifyResult } from '../../worker/protocol.ts';
import { findPinned, pinOf } from './pin.ts';

const program = (...texts: readonly string[]): VerifyResult['insns'] =>
  texts.map(
    (llvm, index) => ({ index, llvm, kernel: llvm, span: null, visits: 1 }) as VerifyResult['insns'][number],
  );

const LOOP = program('r6 = 0', 'r6 += 1', 'r7 = r6', 'r6 += 1', 'if r6 < 9 goto -3', 'exit');

test('a pin stays with its instruction when others come or go before it', () => {
  const pin = pinOf(LOOP, 3, 1);
  expect(findPinned(LOOP, pin)).toBe(3);
  expect(findPinned(program('r6 = 0', 'r0 = 0', 'r6 += 1', 'r7 = r6', 'r6 += 1', 'exit'), pin)).toBe(4);
  expect(findPinned(program('r6 += 1', 'r6 += 1', 'exit'), pin)).toBe(1);
});

test('where another of its text came or went it is the nearest', () => {
  const pin = pinOf(LOOP, 3, 1);
  expect(findPinned(program('r6 = 0', 'r6 += 1', 'r7 = r6', 'exit'), pin)).toBe(1);
  expect(findPinned(program('r6 += 1', 'r6 += 1', 'r7 = r6', 'exit', 'r6 += 1'), pin)).toBe(4);
});

test('an instruction that is gone has no pin', () => {
  expect(findPinned(program('r0 = 0', 'exit'), pinOf(LOOP, 2, 1))).toBeNull();
});
