import { describe, expect, test } from 'vitest';
import '../engine/verify.ts';
import { allRules } from '../failure/rule.ts';
import { example, request, testSession } from '../session/session.testkit.ts';
import { applyEdits } from './edits.ts';
import { PAGES } from './registry.ts';

const session = testSession();

async function verdict(source: string) {
  const result = (await session.verify(request(source), () => undefined))!;
  return { result, explanation: await session.explain(result.run) };
}

describe('rule pages', () => {
  test('are about rules that exist, each about its own', () => {
    const known = new Set(allRules().map((rule) => rule.id));
    const rules = PAGES.flatMap((page) => page.rules);
    for (const rule of rules) expect(known.has(rule), rule).toBe(true);
    expect(new Set(rules).size).toBe(rules.length);
    for (const page of PAGES)
      for (const rule of page.related) expect(known.has(rule) && !page.rules.includes(rule), rule).toBe(true);
  });

  test.each(PAGES.map((page) => [page.rules[0], page] as const))(
    '%s: breaks and is mended',
    async (_rule, page) => {
      const failing = await verdict(page.failing);
      expect(failing.result.verdict).toBe('rejected');
      expect([...page.rules, ...(page.under ?? [])]).toContain(failing.result.rule);
      expect(failing.explanation.title).toBe(page.title);
      const fixed = await verdict(page.fixed);
      expect(fixed.result.message).toBe('');
      expect(fixed.result.verdict).toBe('accepted');
    },
    // one of them walks a million instructions
    240_000,
  );
});

describe('explanations', () => {
  test.each([
    [
      'kfunc-under-lock',
      ['The lock is taken here'],
      ['Call my_op after bpf_spin_unlock', 'What if my_op had KF_SPINLOCK_SAFE?'],
    ],
    [
      'exit-under-lock',
      ['The lock is taken here', 'if r1 == 0 goto out: taken'],
      ['Jump to bpf_spin_unlock instead of past it'],
    ],
    ['task-leaked', ['task_struct is acquired here (id 2)'], ['Release it with bpf_task_release']],
    ['task-null', ['the result of bpf_task_acquire'], ['Check r1 for NULL first']],
    [
      'task-use-after-release',
      ['bpf_task_release releases what R6 was'],
      ['Call bpf_task_release after the use'],
    ],
    ['lookup-unchecked', ['the result of bpf_map_lookup_elem'], ['Check r0 for NULL first']],
    [
      'vma-held',
      ['Faulting is forbidden from here on'],
      ['Release the VMA before bpf_copy_from_user may fault'],
    ],
    [
      'rcu-sleepable-kfunc',
      ['The RCU read section begins here'],
      ['Call bpf_copy_from_user_str after bpf_rcu_read_unlock'],
    ],
    ['module-kfunc-before', ['The lock is taken here'], ['See it under kf-spin-lock']],
    ['array-unbounded', ['the result of bpf_map_lookup_elem'], ['Check that r7 is at most 60']],
  ])('%s: the chain names the causes, and the fixes pass', async (id, causes, fixes) => {
    const source = example(id);
    const { result, explanation } = await verdict(source);
    for (const cause of causes) expect(explanation.chain.map((link) => link.why).join('\n')).toContain(cause);
    for (const { step, insn } of explanation.chain.slice(0, -1))
      if (step !== null) expect((await session.step(result.run, step)).insn).toBe(insn);
    const titles = explanation.fixes.map((fix) => fix.title);
    for (const fix of fixes) expect(titles).toContain(fix);
    for (const fix of explanation.fixes) {
      expect(fix.verified).toBe(true);
      expect((await verdict(applyEdits(source, fix.edits))).result.verdict, fix.title).toBe('accepted');
    }
  });

  test('an accepted program: what was proven', async () => {
    const { explanation } = await verdict(example('vma-released'));
    expect(explanation.explanation).toContain('nothing faults while a reference forbids it');
  });

  test('a rule without a page is explained by its note', async () => {
    const { result, explanation } = await verdict('.prog tc\nmain: r10 = 0\n r0 = 0\n exit\n');
    expect(result.rule).toBe('reg.fpReadOnly');
    expect(explanation.title).toBe('The frame pointer cannot be changed');
    expect(explanation.explanation).toContain('r10 is read-only');
    expect(explanation.rationale).not.toBe('');
  });
});
