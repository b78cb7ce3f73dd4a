import { expect, it } from 'vitest';
import { testCases } from '../../testing/case-tests.testkit.ts';
import { judge } from '../../testing/judge.testkit.ts';
import { CASES } from './series.cases.ts';
import { RECORDED } from './series.cases.recorded.ts';

testCases('the proposals', CASES, RECORDED);

it('names both references of an iterator that is never destroyed while a VMA is held', async () => {
  const found = CASES.cases.find((c) => c.title === 'exit without destroy, the VMA held')!;
  const { log } = await judge(found);
  expect(log.match(/^Unreleased reference .*$/gm)).toEqual(['Unreleased reference id=1 alloc_insn=5', expect.stringMatching(/^Unreleased reference id=\d+ alloc_insn=8$/)]);
  expect(log).toContain('BPF_EXIT instruction in main prog would lead to reference leak');
});
