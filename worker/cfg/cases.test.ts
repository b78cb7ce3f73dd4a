import { describe, expect, it } from 'vitest';
import { RECORDED } from './cases.recorded.ts';
import { CASES } from './cases.testkit.ts';
import { run } from './program.testkit.ts';

describe('small programs before the walk', () => {
  it.each(Object.keys(CASES))('%s', (name) => {
    const { errno, log } = RECORDED[name];
    const ours = run(CASES[name]);
    expect(ours.log.replace(/\n+$/, '')).toBe(log);
    expect(ours.errno).toBe(errno);
  });

  it('says at level 1 only what is wrong', () => {
    expect(run(CASES['exit only'], 1).log).toBe('');
    expect(run(CASES.unreachable, 1).log).toBe('unreachable insn 2\n');
  });
});
