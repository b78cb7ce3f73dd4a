import { expect, test } from 'vitest';
import type { StepView, VerifyResult } from '../../worker/protocol.ts';
import { spokenStep, spokenVerdict } from './verdict-words.ts';

const result = (verdict: VerifyResult['verdict'], message: string): VerifyResult =>
  ({ verdict, message, stats: { insns: 1 } }) as VerifyResult;

test('a verdict is spoken in whole sentences; a text that is no program was not walked', () => {
  expect(spokenVerdict(result('rejected', 'R2 !read_ok'))).toBe(
    'Rejected: R2 !read_ok. Processed 1 instruction.',
  );
  expect(spokenVerdict(result('accepted', ''))).toBe('Accepted. Processed 1 instruction.');
  expect(spokenVerdict(result('bad-input', 'line 3: «?» has no meaning here.'))).toBe(
    'Not a program yet: line 3: «?» has no meaning here.',
  );
});

test('a step is spoken with what it changed, and one that led nowhere as such', () => {
  const step = { step: 4, insn: 2, changes: ['R0: 1 (written)'], end: 'exit' } as unknown as StepView;
  expect(spokenStep(step, '(95) exit')).toBe(
    'Step 5, instruction 2: (95) exit. R0: 1 (written). Path ends: exit.',
  );
  expect(spokenStep(step, '(95) exit', true)).toBe('Still at step 5, instruction 2.');
});
