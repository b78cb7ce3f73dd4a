import { describe, expect, test } from 'vitest';
import { request, testSession } from '../../worker/session/session.testkit.ts';
import { BOTH, FALLS, JUMPS, questionFor, REJECTED } from './questions.ts';
import type { Question, Subject } from './questions.ts';

const session = testSession();

/** Every question of a walk, by step; null where the step is simply taken. */
async function questions(source: string, subject: Subject = 'changed'): Promise<(Question | null)[]> {
  const result = (await session.verify(request(source), () => undefined))!;
  const insnAt = (index: number | undefined) => result.insns.find((row) => row.index === index);
  const asked: (Question | null)[] = [];
  for (let at = 0; at < result.stats.steps; at++) {
    const step = await session.step(result.run, at);
    const outlook = await session.outlook(result.run, at);
    asked.push(questionFor(step, insnAt(step.insn)!, outlook, insnAt(outlook.next?.insn), subject));
  }
  return asked;
}

const right = (question: Question | null): string | undefined => question?.options[question.answer];

describe('questions', () => {
  test('about registers, with the kernel’s text as the answer', async () => {
    const [one, two, three, end] = await questions('.prog tc\nr6 = 7\nr6 += 1\nr0 = r6\nexit\n');
    expect(one!.ask).toBe('What will R6 be?');
    expect([one, two, three].map(right)).toEqual(['7', '8', '8']);
    expect(end).toBeNull();
    for (const question of [one, two, three]) {
      expect(new Set(question!.options).size).toBe(question!.options.length);
      expect(question!.options).toHaveLength(4);
      expect(question!.options.at(-1)).toBe(REJECTED);
    }
  });

  test('about one register that somebody chose', async () => {
    const asked = await questions('.prog tc\nr6 = 7\nr0 = 0\nexit\n', 'R0');
    expect(asked[0]!.ask).toBe('What will R0 be?');
    expect(asked.map(right)).toEqual(['unreadable', '0', undefined]);
  });

  test('about branches: known, unknown, both ways of the outcome', async () => {
    const fork = await questions(
      '.prog tc\nr2 = *(u32 *)(r1 + 0)\nr0 = 0\nif r2 > 9 goto +1\nr0 = 1\nexit\n',
    );
    expect(right(fork[2]!)).toBe(BOTH);
    const known = await questions(
      '.prog tc\nr2 = *(u32 *)(r1 + 0)\nr2 &= 7\nr0 = 0\nif r2 > 9 goto +1\nif r2 < 9 goto +1\nr0 = 1\nexit\n',
    );
    expect([right(known[3]!), right(known[4]!)]).toEqual([FALLS, JUMPS]);
  });

  test('about a fork whose other way was never walked', async () => {
    const asked = await questions('.prog tc\nr2 = *(u32 *)(r1 + 0)\nif r2 > 9 goto +1\nexit\nr0 = 1\nexit\n');
    expect(right(asked[1]!)).toBe(BOTH);
  });

  test('about the instruction that fails, and those that do not', async () => {
    const bad = await questions('.prog tc\nr0 = r2\nexit\n');
    expect(right(bad[0]!)).toBe(REJECTED);
    expect(bad[0]!.options.length).toBeGreaterThan(2);
    const stores = await questions('.prog tc\n*(u64 *)(r10 - 8) = 1\n*(u64 *)(r10 + 8) = 1\nr0 = 0\nexit\n');
    expect(stores.slice(0, 2).map(right)).toEqual(['Yes', REJECTED]);
  });

  test('about pruning: the second round of a loop that converges', async () => {
    const asked = await questions(
      `.prog tc\nr6 = r10\nr6 += -8\nr1 = r6\nr2 = 0\nr3 = 1000\ncall bpf_iter_num_new\nloop: r1 = r6\ncall bpf_iter_num_next\nif r0 == 0 goto done\ncall bpf_get_prandom_u32\ngoto loop\ndone: r1 = r6\ncall bpf_iter_num_destroy\nr0 = 0\nexit\n`,
    );
    const places = asked.filter((question) => question?.ask.startsWith('The walk comes to a place'));
    expect(places.map(right).some((words) => words?.startsWith('The path ends'))).toBe(true);
  });

  test('calls: the result; into functions nothing is asked', async () => {
    const asked = await questions(
      '.prog tc\ncall bpf_get_prandom_u32\nr1 = r0\ncall f\nexit\n.func f\nr0 = r1\nexit\n',
    );
    expect(asked[0]!.ask).toBe('What will R0 be?');
    expect(right(asked[0]!)).toMatch(/^scalar\(/);
    expect(asked[2]).toBeNull();
  });

  test('the right answer has no favourite place', async () => {
    const source = `.prog tc\n${Array.from({ length: 60 }, (_, i) => `r6 = ${i * 3}`).join('\n')}\nr0 = 0\nexit\n`;
    const places = (await questions(source)).flatMap((question) =>
      question === null ? [] : [question.answer],
    );
    for (const place of [0, 1, 2]) expect(places.filter((at) => at === place).length).toBeGreaterThan(8);
  });
});
