import { describe, expect, test } from 'vitest';
import { bundleProgram } from '../program/bundle.ts';
import type { Bundle } from './bundle.ts';
import { mutateSettings } from './mutate-settings.ts';
import { random } from './random.ts';

const BASE: Bundle = {
  id: 'base',
  name: 'base',
  progType: 29,
  attachType: 27,
  flags: 0,
  license: 'GPL',
  privileged: true,
  insns: 'b7000000000000009500000000000000',
  refs: {},
  attach: { kind: 'func', name: 'bpf_lsm_file_open' },
  maps: [{ name: 'm', type: 1, keySize: 4, valueSize: 8, maxEntries: 4, flags: 0 }],
  funcInfo: [[0, 3]],
  lineInfo: [[0, 1, 1, 1024]],
};

describe('changes around the instructions', () => {
  const mutants = Array.from({ length: 600 }, (_, i) => mutateSettings(BASE, random(i)));
  const changed = (key: string): number =>
    mutants.filter((m) => JSON.stringify(m[key]) !== JSON.stringify(BASE[key])).length;

  test.each(['flags', 'attach', 'license', 'funcInfo', 'lineInfo', 'maps'])('reach %s', (key) => {
    expect(changed(key)).toBeGreaterThan(0);
  });

  test('leave most programs and all instructions alone', () => {
    expect(mutants.filter((m) => m === BASE).length).toBeGreaterThan(300);
    expect(changed('insns')).toBe(0);
    expect(changed('progType')).toBe(0);
  });

  test('change the type of programs without a hook', () => {
    const { attach: _, ...plain } = BASE;
    const types = Array.from(
      { length: 300 },
      (__, i) => mutateSettings(plain as Bundle, random(i))['progType'],
    );
    expect(new Set(types).size).toBeGreaterThan(5);
  });

  test('are still bundles', () => {
    for (const mutant of mutants) {
      expect(() => bundleProgram({ ...mutant, funcInfo: [], lineInfo: [] })).not.toThrow();
      for (const row of [...(mutant.funcInfo ?? []), ...(mutant.lineInfo ?? [])])
        for (const word of row) expect(word).toBeGreaterThanOrEqual(0);
    }
  });
});
