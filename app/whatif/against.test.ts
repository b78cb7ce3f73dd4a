import { describe, expect, it } from 'vitest';
import { againstInWords, RELEASED, requestAgainst, withOptions } from './against.ts';

const DOC = {
  source: '.prog tc\n.flags test_state_freq // often\nexit',
  semantics: ['a'],
  kfuncFlags: { f: 1 },
};

describe('what a run is compared with', () => {
  it('is the kernel as released, as set, or one switch', () => {
    expect(requestAgainst(DOC, RELEASED)).toEqual({
      source: DOC.source,
      semantics: [],
      kfuncFlags: {},
      trace: true,
    });
    expect(requestAgainst(DOC, { ...RELEASED, rules: 'same' })).toMatchObject({
      semantics: ['a'],
      kfuncFlags: { f: 1 },
    });
    expect(requestAgainst(DOC, { ...RELEASED, rules: 'kf-forbid-fault' })).toMatchObject({
      semantics: ['kf-forbid-fault'],
      kfuncFlags: {},
    });
    expect(requestAgainst(DOC, { ...RELEASED, copy: 'exit' }).source).toBe('exit');
  });

  it('takes options into the text without moving its lines, and keeps the flags it has', () => {
    const text = withOptions(DOC.source, { privileges: 'no', flags: ['strict_alignment'] });
    expect(text).toBe(`${DOC.source}\n.privileged no\n.flags test_state_freq, strict_alignment\n`);
    expect(withOptions(DOC.source, RELEASED)).toBe(DOC.source);
  });

  it('is said in words', () => {
    expect(againstInWords(RELEASED, '7.3.4', new Map())).toBe('Linux 7.3.4 as released');
    expect(
      againstInWords({ rules: 'same', copy: '', privileges: 'no', flags: ['sleepable'] }, '7', new Map()),
    ).toBe('the same rules, the kept copy, unprivileged, sleepable');
  });
});
