import { describe, expect, test } from 'vitest';
import type { VerifierWorker, VerifyResult } from '../protocol.ts';
import { example, request, testSession } from './session.testkit.ts';

async function run(session: VerifierWorker, source: string): Promise<VerifyResult> {
  return (await session.verify(request(source), () => undefined))!;
}

/** Every round is walked; R7 is spilled in each. */
const LOOP = `.prog tc
main:   r6 = 0
loop:   r7 = r6
        r7 <<= 1
        *(u64 *)(r10 - 8) = r7
        r6 += 1
        r1 = *(u64 *)(r10 - 8)
        if r6 < 50 goto loop
        r0 = r1
        exit
`;

describe('visits of an instruction', () => {
  test('stand side by side, with what changed from one to the next', async () => {
    const session = testSession();
    const { run: id, verdict } = await run(session, LOOP);
    expect(verdict).toBe('accepted');
    const table = await session.visits(id, 5, 0);
    expect(table).toMatchObject({ insn: 5, count: 50, held: false, depths: false, here: 0 });
    const names = table.columns.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['R6', 'fp-8']));
    expect(names).not.toContain('R10');
    const r6 = names.indexOf('R6');
    expect(table.columns[r6].changes).toBe(49);
    const rows = await session.visitRows(id, 5, 10, 13);
    expect(rows.map((row) => row.cells[r6])).toEqual(['11', '12', '13']);
    expect(rows.map((row) => row.cells[names.indexOf('fp-8')])).toEqual(['20', '22', '24']);
    expect(rows[0].changed).toContain(r6);
    const [first] = await session.visitRows(id, 5, 0, 1);
    expect(first.changed).toEqual([]);
    // the rows are the states that the steps show
    for (const row of rows) {
      const step = await session.step(id, row.step);
      expect(step.frames.at(-1)!.regs.find((reg) => reg.name === 'R6')!.text).toBe(row.cells[r6]);
      expect(step.insn).toBe(5);
    }
    expect((await session.visits(id, 5, rows[1].step)).here).toBe(11);
  });

  test('an instruction that was never walked has none', async () => {
    const session = testSession();
    const never = await run(session, '.prog tc\nmain: r0 = 1\n if r0 == 1 goto out\n r0 = 2\nout: exit\n');
    expect(await session.visits(never.run, 2, 0)).toMatchObject({ count: 0, columns: [] });
    expect(await session.visitRows(never.run, 2, 0, 10)).toEqual([]);
  });

  test('what is held has a column of its own', async () => {
    const session = testSession();
    const { run: id } = await run(session, example('kfunc-under-lock'));
    expect(await session.visits(id, 11, 0)).toMatchObject({ count: 1, held: true });
    expect((await session.visitRows(id, 11, 0, 1))[0].held).toBe('lock in m');
  });
});
