import { describe, expect, test } from 'vitest';
import { example, request, testSession } from './session.testkit.ts';

const quiet = (): void => undefined;

const LONG = `.prog tc
main:   r6 = 0
loop:   r7 = r6
        r7 &= 255
        r6 += 1
        if r6 < 20000 goto loop
        r0 = 0
        exit
`;

describe('stops', () => {
  test('watches and breakpoints, forwards and backwards', async () => {
    const session = testSession();
    const { run } = (await session.verify(request(example('kfunc-under-lock')), quiet))!;
    const stops = { insns: [7], watches: ['lock held', 'r0 is nullable'] };
    const insns: number[] = [];
    let at = 0;
    for (;;) {
      const stop = await session.nextStop(run, at, 1, stops, quiet);
      if (stop === 'none' || stop === null) break;
      insns.push(stop.insn);
      at = stop.step;
    }
    // the element of an array at a constant index is there: r0 may not be NULL
    expect(insns).toEqual([7, 11]);
    expect(await session.nextStop(run, at, -1, stops, quiet)).toMatchObject({
      insn: 7,
      breakpoint: true,
      watches: [],
    });
    expect(await session.watchMatches(run, 'lock held', 0, quiet)).toEqual({
      count: 1,
      before: -1,
      after: at,
      at: 0,
    });
    expect(await session.watchMatches(run, 'lock held', at, quiet)).toEqual({
      count: 1,
      before: -1,
      after: -1,
      at: 1,
    });
    const calls = await session.nextStop(run, 0, 1, { insns: [], watches: ['calls bpf_spin_lock'] }, quiet);
    expect(calls).toMatchObject({ insn: 10, watches: [0] });
    await expect(session.nextStop(run, 0, 1, { insns: [], watches: ['lock'] }, quiet)).rejects.toThrow();
  });

  test('a long walk reports how far it is, and can be stopped', async () => {
    const session = testSession();
    const { run, stats } = (await session.verify(request(LONG), quiet))!;
    expect(stats.steps).toBeGreaterThan(80_000);
    const seen: number[] = [];
    const search = session.watchMatches(run, 'r6 changes', 0, (done) => {
      seen.push(done);
      void session.stopWatching();
    });
    expect(await search).toBeNull();
    expect(seen).toHaveLength(1);
    const matches = await session.watchMatches(run, 'r6 changes', 0, quiet);
    expect(matches!.count).toBeGreaterThan(19_000);
    // found once, known from then on
    const began = performance.now();
    await session.watchMatches(run, 'r6 changes', 40_000, quiet);
    expect(performance.now() - began).toBeLessThan(50);
  });

  test('says what is wrong with a watch, and whether it is of a moment', async () => {
    const session = testSession();
    expect(await session.checkWatch('refs > 0')).toEqual({ problem: null, momentary: false });
    expect(await session.checkWatch('r1 becomes scalar')).toEqual({ problem: null, momentary: true });
    expect((await session.checkWatch('r1 becomes')).problem).toMatchObject({ from: 10, to: 11 });
    const { run } = (await session.verify(request(example('kfunc-under-lock')), quiet))!;
    expect((await session.completeWatch('calls bpf_s', 11, run)).map(({ text }) => text)).toEqual([
      'bpf_spin_lock',
      'bpf_spin_unlock',
    ]);
    expect((await session.watchWords()).flatMap(({ rows }) => rows).length).toBeGreaterThan(40);
  });
});

describe('changes', () => {
  test.each(['iter-num', 'vma-nested', 'static-call', 'branch-signed', 'task-released', 'bounded-loop'])(
    'of %s are those that the steps show',
    async (id) => {
      const session = testSession();
      const { run, stats } = (await session.verify(request(example(id)), quiet))!;
      const shown = new Map<string, number[]>();
      for (let step = 0; step < stats.steps; step++) {
        const { frames } = await session.step(run, step);
        const { regs, stack } = frames.at(-1)!;
        for (const row of [...regs, ...stack])
          if (row.changed && step > 0) shown.set(row.name, [...(shown.get(row.name) ?? []), step]);
      }
      expect(shown.size).toBeGreaterThan(0);
      for (const [name, steps] of shown) {
        const found: number[] = [];
        for (let at = -1; ; at = found.at(-1)!) {
          const stop = await session.nextStop(
            run,
            at,
            1,
            { insns: [], watches: [`${name.toLowerCase()} changes`] },
            quiet,
          );
          if (stop === 'none' || stop === null) break;
          found.push(stop.step);
        }
        // Entering a function is no change. What changes without being shown (the second slot of an iterator) may be one.
        const entered = new Set<number>();
        for (const step of steps) {
          const { frames, prevInsn } = await session.step(run, step);
          if (prevInsn >= 0 && frames.length > 1) entered.add(step);
        }
        expect(found, name).toEqual(expect.arrayContaining(steps.filter((step) => !entered.has(step))));
        expect(found.length - steps.length, name).toBeLessThanOrEqual(1);
      }
    },
    60_000,
  );
});
