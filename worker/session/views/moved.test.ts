import { describe, expect, test } from 'vitest';
import type { RegView } from '../../protocol.ts';
import { request, testSession } from '../session.testkit.ts';

/** What step by step is said of a register, by instruction that did it. */
async function said(name: string, lines: readonly string[]): Promise<Record<number, string | null>> {
  const session = testSession();
  const source = `.prog tc\nmain:\n${lines.join('\n')}\n`;
  const { run, stats, message } = (await session.verify(request(source), () => undefined))!;
  expect(stats.steps, message).toBeGreaterThan(0);
  const found: Record<number, string | null> = {};
  for (let step = 1; step < stats.steps; step++) {
    const view = await session.step(run, step);
    const frame = view.frames.at(-1)!;
    const reg = [...frame.regs, ...frame.stack].find((row: RegView) => row.name === name);
    if (reg?.changed === true) found[view.prevInsn] ??= reg.moved;
  }
  return found;
}

describe('why a range moved', () => {
  test('arithmetic', async () => {
    const sentences = await said('R6', [
      'call bpf_get_prandom_u32',
      'r6 = r0',
      'r6 &= 15',
      'r6 += 3',
      'r6 <<= 2',
      'w6 >>= 1',
      'r6 = -5',
      'w6 = w0',
      'r7 = r6',
      'r0 = 0',
      'exit',
    ]);
    expect(sentences).toEqual({
      1: 'Copied from r0.',
      2: 'Only bits that are set in 15 stay: the others are known to be zero.',
      3: 'Adding 3 moves both ends up.',
      4: 'Shifting left by 2: the low bits are known to be zero.',
      5: 'Shifting right by 1: the high bits are known to be zero; the upper half becomes zero.',
      6: 'Set to -5.',
      7: 'Copied from w0: the upper half is zero.',
      // the copy links the two: no range moves
      8: null,
    });
  });

  test('branches, both ways, and linked values', async () => {
    const lines = [
      'call bpf_get_prandom_u32',
      'r6 = r0',
      'if r0 > 60 goto 1f',
      'if w0 s< 7 goto 1f',
      'r1 = r0',
      '1: r2 = r0',
      'r2 += r6',
      'r0 = 0',
      'exit',
    ];
    const r0 = await said('R0', lines);
    expect(r0[2]).toBe('The branch was not taken, so r0 <= 60.');
    expect(r0[3]).toBe('The branch was not taken, so w0 s>= 7; that says something of the lower half.');
    const r6 = await said('R6', lines);
    expect(r6[2]).toBe('The branch was not taken, so r0 <= 60, and this value is linked to it.');
  });

  test('loads', async () => {
    const r2 = await said('R2', [
      'r2 = *(u32 *)(r1 + 0)',
      'r3 = r2',
      '*(u64 *)(r10 - 8) = r3',
      'r2 = 1',
      'r2 = *(u64 *)(r10 - 8)',
      'r2 += r3',
      'r0 = 0',
      'exit',
    ]);
    expect(r2).toMatchObject({
      0: 'Loaded from memory: 32 bits without a sign, so it is at most 4294967295.',
      3: 'Set to 1.',
      4: 'Read back with what is known of it.',
      5: 'Adding r3 moves both ends up.',
    });
  });

  test('the numbers before the step are there', async () => {
    const session = testSession();
    const source =
      '.prog tc\nmain: call bpf_get_prandom_u32\n if r0 > 60 goto out\n r1 = r0\nout: r0 = 0\n exit\n';
    const { run } = (await session.verify(request(source), () => undefined))!;
    const view = await session.step(run, 2);
    const r0 = view.frames[0].regs.find(({ name }) => name === 'R0')!;
    expect(r0.scalarBefore).toMatchObject({ umin: '0', umax: '18446744073709551615' });
    expect(r0.scalar).toMatchObject({ umin: '0', umax: '60' });
  });
});
