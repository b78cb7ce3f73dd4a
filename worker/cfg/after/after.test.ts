import { describe, expect, it } from 'vitest';
import { Rejection } from '../../failure/rule.ts';
import { AUX_SEEN } from '../facts.ts';
import { run, type Source } from '../program.testkit.ts';
import { AFTER_CASES } from './after.testkit.ts';
import { finish } from './finish.ts';

/** Runs the pre-passes, plays the walk's part, and checks what comes after it. */
function refusal(source: Source, stack: readonly number[]): readonly [number, string] | null {
  const { prepared, log } = run(source);
  if (prepared === null) throw new Error(log);
  for (const [i, subprog] of prepared.facts.subprogs.entries()) subprog.stackDepth = stack[i];
  prepared.facts.flags.forEach((_, i, flags) => (flags[i] |= AUX_SEEN));
  try {
    finish(prepared);
    return null;
  } catch (e) {
    if (!(e instanceof Rejection)) throw e;
    return [e.errno, e.message];
  }
}

describe('after the walk', () => {
  it.each(Object.keys(AFTER_CASES))('%s', (name) => {
    const { stack, refused } = AFTER_CASES[name];
    expect(refusal(AFTER_CASES[name], stack)).toEqual(refused);
  });

  it('refuses a kfunc that was never resolved, if it was reached', () => {
    const source = { text: 'r0 = 0\ncall 0\nexit', raw: { 1: '8520000000000000' } };
    expect(refusal(source, [0])).toEqual([22, 'invalid kernel function call not eliminated in verifier pass\n']);
  });
});
