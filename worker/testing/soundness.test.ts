import { describe, expect, test } from 'vitest';
import { generator } from '../fuzz/generate.ts';
import { random } from '../fuzz/random.ts';
import { createKernelModel } from '../kernel/model.ts';
import { bundleProgram } from '../program/bundle.ts';
import type { Inputs } from './interpreter.ts';
import { calculate, swapBytes } from './machine.ts';
import { checkSoundness } from './soundness.ts';

const model = createKernelModel({ types: null, semantics: [], invented: [], kfuncFlags: new Map() });

/** Inputs that are often near the edges of what programs compare with. */
function inputs(seed: number): Inputs {
  const r = random(seed);
  return {
    below: r.below,
    bits(width) {
      const v = r.weighted<bigint>([
        [4, BigInt(r.below(16))],
        [2, BigInt(r.below(65536))],
        [2, -BigInt(r.below(20))],
        [1, 1n << BigInt(r.below(64))],
        [3, (BigInt(r.int32() >>> 0) << 32n) | BigInt(r.int32() >>> 0)],
      ]);
      return BigInt.asUintN(width, v);
    },
  };
}

describe('the machine', () => {
  test('divides and shifts as the instruction set says', () => {
    expect(calculate(0x30, 64, 7n, 0n, false)).toBe(0n);
    expect(calculate(0x90, 64, 7n, 0n, false)).toBe(7n);
    expect(calculate(0x30, 32, 0x80000000n, 0xffffffffn, true)).toBe(0x80000000n);
    expect(calculate(0xc0, 32, 0x80000000n, 33n, false)).toBe(0xc0000000n);
    expect(swapBytes(0x1122_3344n, 16, true)).toBe(0x4433n);
  });
});

describe('accepted programs do what their states say', () => {
  const make = generator('plain', null);
  test.each([1, 2, 3, 4])('random programs, part %i', (part) => {
    let [accepted, finished] = [0, 0];
    for (let i = 0; i < 250; i++) {
      const bundle = make(`${part}.${i}`, random(part * 7919 + i));
      const { program } = bundleProgram(bundle);
      const found = checkSoundness(program, model, () => inputs(i * 31 + finished + part), 12);
      if (found.outcome.verdict === 'accepted') accepted++;
      finished += found.finished;
      expect(found.violation, bundle.id).toBeNull();
    }
    expect(accepted).toBeGreaterThan(20);
    expect(finished).toBeGreaterThan(100);
  });
});
