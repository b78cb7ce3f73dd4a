import { describe, expect, test } from 'vitest';
import { testSession } from '../../session/session.testkit.ts';
import { HASH, fixesFor, testFixes } from './fixes.testkit.ts';

testFixes(testSession(), 'fixes of values, and of several faults', [
  {
    name: 'what a call takes from r1 is kept',
    program: `.prog tc
main:   call bpf_ktime_get_ns
        r0 = *(u32 *)(r1 + 0)
        r0 = 0
        exit
`,
    rule: 'reg.notReadable',
    title: 'Keep r1 in r6 while bpf_ktime_get_ns is called',
    lines: ['main:   r6 = r1', '        r1 = r6'],
  },
  {
    name: 'a pointer to the stack is added to, not subtracted from',
    program:
      '.prog socket\nmain:   r0 = 0\n        r1 = r10\n        r1 -= 8\n        *(u64 *)(r1 + 0) = r0\n        exit\n',
    rule: 'alu.subtractFromStack',
    title: 'Add the negative number: r1 += -8',
    lines: ['        r1 += -8'],
  },
  {
    name: 'a constant that leads inside of a value',
    program: `.prog socket
${HASH}main:   r1 = 0
        *(u64 *)(r10 - 8) = r1
        r2 = r10
        r2 += -8
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r0 += 2147483646
        r0 = *(u8 *)(r0 + 0)
out:    r0 = 0
        exit
`,
    rule: 'alu.offsetConstant',
    title: 'Point to a constant place inside, offset 7 of 8 bytes, not to what r0 += 2147483646 yields',
    lines: ['        r0 += 7'],
  },
  {
    name: 'a pointer that must not be moved',
    program:
      '.prog tc\nmain:   r2 = *(u32 *)(r1 + 76)\n        r3 = *(u32 *)(r1 + 80)\n        r3 += 16\n        r2 += 8\n        if r2 > r3 goto out\nout:    r0 = 0\n        exit\n',
    rule: 'alu.kindProhibited',
    title: 'Use r3 as it was given, without r3 += 16',
    lines: ['        r3 = *(u32 *)(r1 + 80)\n        r2 += 8'],
  },
  {
    name: 'what would go to the frame pointer goes to another register',
    program: '.prog socket\nmain:   r10 = r1\n        r0 = 0\n        exit\n',
    rule: 'reg.fpReadOnly',
    title: 'Use another register than r10: r6 = r1',
    lines: ['main:   r6 = r1'],
  },
  {
    name: 'a variable place of the stack becomes a constant one',
    program: `.prog socket
.unprivileged
main:   r2 = *(u32 *)(r1 + 0)
        r2 &= 4
        r2 -= 8
        r2 += r10
        *(u32 *)(r2 + 0) = 0
        r0 = 0
        exit
`,
    rule: 'alu.variableStack',
    title: 'Point to a constant place inside, fp-8, not to what r2 += r10 yields',
    lines: ['        r2 = r10\n        r2 += -8'],
  },
  {
    name: 'a loop that is too long to walk is bounded',
    program:
      '.prog tracepoint\nmain:   r0 = 5\n        if r0 < 4 goto out\nloop:   r0 += 1\n        goto loop\nout:    exit\n',
    rule: 'search.tooLarge',
    title: 'Bound the loop by may_goto',
    lines: ['may_goto done'],
  },
]);

describe('last resorts', { retry: 2 }, () => {
  test('to leave something out, and to ask for privileges', async () => {
    const program =
      '.prog socket\n.unprivileged\nmain:   r0 = 0\n        if r1 >= 4 goto out\nout:    exit\n';
    const fixes = await fixesFor(testSession(), program);
    expect(fixes.map(({ title, lastResort }) => [title, lastResort])).toEqual([
      ['Leave out if r1 >= 4 goto out', true],
      ['Load it with privileges', true],
    ]);
  });

  test('another field where the one that is meant may not be read', async () => {
    const program =
      '.prog cgroup/skb\n.unprivileged\nmain:   r0 = *(u32 *)(r1 + 72)\n        r0 = 0\n        exit\n';
    const fixes = await fixesFor(testSession(), program);
    expect(fixes.find(({ title }) => title.includes('programs of this type may read'))?.lastResort).toBe(
      true,
    );
  });
});
