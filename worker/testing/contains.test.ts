import { expect, test } from 'vitest';
import { alu, constantU32, UNKNOWN } from '../domain/scalar.ts';
import { BPF_AND } from '../isa/opcodes.ts';
import { PTR_TO_STACK } from '../kernel/types.ts';
import { NOT_INIT_REG, pointerReg, scalarReg } from '../state/reg.ts';
import { regContains } from './contains.ts';
import { number, pointer, region } from './machine.ts';

test('a register stands for the numbers in its ranges and bits, no others', () => {
  const even = scalarReg(alu(BPF_AND, true, 0, UNKNOWN, constantU32(6)));
  expect([0n, 1n, 2n, 4n, 6n, 8n, -2n].map((n) => regContains(even, number(n)))).toEqual([
    true,
    false,
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(regContains(NOT_INIT_REG, number(0n))).toBe(false);
});

test('a pointer stands for places in its own region', () => {
  const [mine, other] = [region('stack', 0, 512, 512), region('stack', 1, 512, 512)];
  const fp = pointerReg(PTR_TO_STACK, 0);
  expect(regContains(fp, pointer(mine, 0n))).toBe(true);
  expect(regContains(fp, pointer(mine, -8n))).toBe(false);
  expect(regContains(fp, pointer(other, 0n))).toBe(false);
  expect(regContains(fp, number(0n))).toBe(false);
});
