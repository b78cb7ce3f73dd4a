import { describe, expect, it } from 'vitest';
import { example, request, testSession } from './session.testkit.ts';

const session = testSession();
const TEXT = '.prog tc\nr1 = 1\nr2 = 2\nif r1 == 1 goto +1\nr2 = 3\nr0 = 0\nexit';

describe('two runs side by side', () => {
  it('finds nothing where there is nothing', async () => {
    const { firstDifference } = (await session.compare(request(TEXT), request(TEXT)))!;
    expect(firstDifference).toBeNull();
  });

  it('finds the first instruction that an edit changed', async () => {
    const { firstDifference } = (await session.compare(
      request(TEXT),
      request(TEXT.replace('r2 = 2', 'r2 = 5')),
    ))!;
    expect(firstDifference).toMatchObject({ leftStep: 1, rightStep: 1, kind: 'path' });
    expect(firstDifference!.why).toContain('r2 = 2');
    expect(firstDifference!.why).toContain('r2 = 5');
  });

  it('finds the first state that differs on the same way', async () => {
    const held = example('vma-held');
    const { left, right, firstDifference } = (await session.compare(
      request(held, { semantics: [] }),
      request(held),
    ))!;
    expect(left.verdict).not.toBe(right.verdict);
    expect(firstDifference?.kind).toBe('state');
    const step = await session.step(right.run, firstDifference!.rightStep);
    const other = await session.step(left.run, firstDifference!.leftStep);
    expect(step.insn).toBe(other.insn);
    expect(JSON.stringify([step.frames, step.held])).not.toBe(JSON.stringify([other.frames, other.held]));
    const [before, otherBefore] = [
      await session.step(right.run, firstDifference!.rightStep - 1),
      await session.step(left.run, firstDifference!.leftStep - 1),
    ];
    expect(before.frames[0].regs.map((r) => r.text)).toEqual(otherBefore.frames[0].regs.map((r) => r.text));
  });

  it('finds another end of the same walk, with options in the text', async () => {
    const text = '.prog socket\nr0 = r10\nexit';
    const { left, right, firstDifference } = (await session.compare(
      request(text),
      request(`${text}\n.privileged no`),
    ))!;
    expect([left.verdict, right.verdict]).toEqual(['accepted', 'rejected']);
    expect(firstDifference).toMatchObject({ kind: 'end' });
  });
});
