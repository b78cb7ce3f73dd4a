import { describe, expect, test } from 'vitest';
import type { VerifierWorker } from '../protocol.ts';
import { example, request, testSession } from './session.testkit.ts';

const quiet = (): void => undefined;

async function run(session: VerifierWorker, source: string): Promise<{ id: number; steps: number }> {
  const result = await session.verify(request(source), quiet);
  if (result === null) throw new Error('given up');
  return { id: result.run, steps: result.stats.steps };
}

/** The jump at 9 is decided by R8, which comes from R6 by way of R7 and the stack. */
const DECIDED = `.prog tc
.flags BPF_F_TEST_STATE_FREQ
main:   r6 = 4
        r9 = 7
        call bpf_get_prandom_u32
        if r0 == 0 goto on
        r9 = 8
on:     r7 = r6
        *(u64 *)(r10 - 8) = r7
        r7 = 0
        r8 = *(u64 *)(r10 - 8)
        if r8 > 9 goto bad
        r0 = 0
        exit
bad:    r0 = r9
        exit
`;

/** Two ways to what `DECIDED` decides, each with an R6 of its own; on the second a state is kept at 9. */
const JOINED = `.prog tc
.flags BPF_F_TEST_STATE_FREQ
main:   r9 = 7
        call bpf_get_prandom_u32
        if r0 == 0 goto other
        r6 = r0
        r6 &= 3
        goto on
other:  r6 = r0
        r6 &= 3
        call bpf_get_prandom_u32
        if r0 == 1 goto on
on:     r7 = r6
        if r7 > 9 goto bad
        r0 = 0
        exit
bad:    r0 = r9
        exit
`;

async function stepAt(session: VerifierWorker, id: number, insn: number): Promise<number> {
  return (await session.seek(id, 0, { to: 'insn', insn })).step;
}

describe('precision', () => {
  test('names what a jump relied on, and the way back to it', async () => {
    const session = testSession();
    const { id } = await run(session, DECIDED);
    const view = await session.precision(id, await stepAt(session, id, 5));
    expect(view.keptStep).toBe(await stepAt(session, id, 5));
    expect(view.precise.map(({ name, byInsn }) => ({ name, byInsn }))).toEqual([{ name: 'R6', byInsn: 9 }]);
    const descent = (await session.descent(id, view.precise[0].mark))!;
    expect(descent).toMatchObject({ insn: 9, wanted: 'R8', gaveUp: false, coverStep: -1 });
    expect(descent.cause).toContain('jump was decided');
    expect(descent.hops.map(({ insn, wanted }) => [insn, wanted])).toEqual([
      [8, 'fp-8'],
      [6, 'R7'],
      [5, 'R6'],
    ]);
    for (const hop of descent.hops) expect((await session.step(id, hop.step)).insn).toBe(hop.insn);
    const asked = await session.precision(id, await stepAt(session, id, 9));
    expect(asked.asked.marks.map((mark) => mark.name)).toContain('R6');
  });

  test('goes from a pruned path to what the covering state relied on', async () => {
    const session = testSession();
    const { id } = await run(session, JOINED);
    const { rows } = await session.paths(
      id,
      { search: { text: '', end: 'pruned', region: null }, open: 'all', except: [], step: null },
      0,
      10,
      null,
    );
    const kept = await stepAt(session, id, 9);
    const { precise } = await session.precision(id, kept);
    const mark = precise.find((one) => one.name === 'R6')!;
    const leaf = rows.find((row) => row.end === 'pruned' && (row.steps?.to ?? row.seek) === mark.byStep)!;
    const descent = (await session.descent(id, mark.mark))!;
    expect(descent).toMatchObject({ wanted: 'R6', step: mark.byStep, coverStep: leaf.cover!.step });
    expect(descent.cause).toContain('pruned');
    const cover = (await session.descent(id, descent.coverMark!))!;
    expect(cover).toMatchObject({ insn: 11, wanted: 'R7' });
  });

  test('every mark of a few walks can be followed back, as the log says', async () => {
    const session = testSession();
    for (const source of [
      DECIDED,
      ...['iter-num', 'bounded-loop', 'spill-fill', 'array-bounded'].map(example),
    ]) {
      const { id, steps } = await run(session, source);
      const log = await session.log(id, 2, 0, 100_000);
      const told = new Set(
        log.lines.flatMap(
          ({ text }) => /^mark_precise: frame\d+: regs=.* before (\d+): /.exec(text)?.[1] ?? [],
        ),
      );
      const marks = new Set<number>();
      for (let step = 0; step < steps; step++)
        for (const { mark } of (await session.precision(id, step)).asked.marks) marks.add(mark);
      for (const mark of [...marks].slice(0, 40)) {
        const descent = (await session.descent(id, mark))!;
        expect(descent.wanted).not.toBe('');
        for (const hop of descent.hops) {
          expect(told).toContain(String(hop.insn));
          expect((await session.step(id, hop.step)).insn).toBe(hop.insn);
        }
      }
    }
  });
});

describe('liveness', () => {
  test('tells what may still be read from what may not', async () => {
    const session = testSession();
    const { id } = await run(session, DECIDED);
    const step = await stepAt(session, id, 8);
    const [frame] = (await session.precision(id, step)).frames;
    expect(frame.live.map((row) => row.name)).toEqual(['R9', 'R10', 'fp-8']);
    expect(frame.dead.map((row) => row.name)).toEqual(['R6', 'R7']);
    const { frames } = await session.step(id, step);
    const live = (name: string) =>
      [...frames[0].regs, ...frames[0].stack].find((row) => row.name === name)?.live;
    expect(['R6', 'R9', 'fp-8'].map(live)).toEqual([false, true, true]);
  });
});
