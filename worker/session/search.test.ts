import { describe, expect, test } from 'vitest';
import type { VerifierWorker } from '../protocol.ts';
import type { PathTreeState } from '../protocol/paths.ts';
import { example, request, testSession } from './session.testkit.ts';

const quiet = (): void => undefined;

async function run(session: VerifierWorker, source: string): Promise<number> {
  const result = await session.verify(request(source), quiet);
  if (result === null) throw new Error('given up');
  return result.run;
}

const tree = (more: Partial<PathTreeState> = {}): PathTreeState => ({
  search: { text: '', end: null, region: null },
  open: 'all',
  except: [],
  step: null,
  ...more,
});

/** Both ways meet at 5 with another R6, on which nothing relies. */
const MEET = `.prog tc
.flags BPF_F_TEST_STATE_FREQ
main:   r6 = 1
        r7 = 3
        call bpf_get_prandom_u32
        if r0 == 0 goto join
        r6 = 2
join:   r8 = 5
        r0 = r7
        r0 &= 0
        exit
`;

/** The element may be there or not; then a byte is read under a lock. */
const LOCKED = example('kfunc-under-lock');

describe('the tree of paths', () => {
  test('names the ways out of forks, and says how each ends', async () => {
    const session = testSession();
    const id = await run(session, MEET);
    const { rows, nodes, total } = await session.paths(id, tree(), 0, 100, null);
    expect([nodes, total]).toEqual([3, 3]);
    expect(
      rows.map(({ level, outcome, end, steps }) => ({
        level,
        outcome,
        end,
        steps: steps && [steps.fromInsn, steps.toInsn],
      })),
    ).toEqual([
      { level: 1, outcome: 'entry of main', end: null, steps: [0, 3] },
      { level: 2, outcome: 'taken', end: 'pruned', steps: null },
      { level: 1, outcome: 'not taken', end: 'exit', steps: [4, 8] },
    ]);
    expect(rows[1]).toMatchObject({
      fork: { insn: 3, text: 'if r0 == 0 goto join' },
      cover: { insn: 5, loop: false },
      seek: 3,
    });
    const cover = await session.step(id, rows[1].cover!.step);
    expect(cover.insn).toBe(5);
  });

  test('marks the way to the rejection, what was never explored, and where a step is', async () => {
    const session = testSession();
    const id = await run(session, LOCKED);
    const failure = await session.seek(id, 0, { to: 'failure' });
    const all = await session.paths(id, tree({ step: failure.step }), 0, 100, null);
    const here = all.rows[all.here];
    expect(here).toMatchObject({ failing: true, at: 'here', end: 'rejected' });
    expect(here.regions).toContain('lock');
    const locked = await session.paths(
      id,
      tree({ search: { text: '', end: null, region: 'lock' } }),
      0,
      100,
      null,
    );
    expect(locked.rows.filter((row) => row.match).every((row) => row.regions.includes('lock'))).toBe(true);
    const call = await session.paths(
      id,
      tree({ search: { text: 'call my_op', end: null, region: null } }),
      0,
      100,
      null,
    );
    expect(call.matches).toBe(1);
    expect(
      (await session.paths(id, tree({ search: { text: '12', end: null, region: null } }), 0, 100, null))
        .matches,
    ).toBe(1);
  });
});

describe('the proof that a path need not be walked', () => {
  test('names the state that covers, and compares register by register', async () => {
    const session = testSession();
    const id = await run(session, MEET);
    const { rows } = await session.paths(
      id,
      tree({ search: { text: '', end: 'pruned', region: null } }),
      0,
      10,
      null,
    );
    const leaf = rows.find((row) => row.end === 'pruned')!;
    const proof = await session.proof(id, leaf.seek);
    // the outline says the same, but for the comparisons
    const moments = proof.moments.map((moment) => ({ ...moment, earlier: null, leftOut: 0 }));
    expect(await session.proofOutline(id, leaf.seek)).toEqual({ ...proof, moments });
    const pruned = proof.moments.find((moment) => moment.kind === 'pruned')!;
    expect(pruned).toMatchObject({ insn: 5, loop: false, leftOut: 0 });
    const [by] = pruned.earlier!;
    expect(by).toMatchObject({ covers: true, as: 'proven', step: leaf.cover!.step, visit: 1 });
    const result = (name: string) => by.rows.find((row) => row.name === name)?.result;
    expect([result('R7'), result('held')]).toEqual(['equal', 'equal']);
    expect(by.dead).toContain('R8');
    const cover = await session.proof(id, leaf.cover!.step);
    expect(cover).toMatchObject({
      prunePoint: true,
      checkpoint: true,
      covers: { total: 1, steps: [leaf.seek] },
    });
  });

  test('says of each earlier state what differed first, where it went on', async () => {
    const session = testSession();
    const id = await run(session, MEET.replace('r0 = r7', 'if r6 > 1 goto +0\n        r0 = r7'));
    const visits = await session.paths(
      id,
      tree({ search: { text: '5', end: null, region: null } }),
      0,
      10,
      null,
    );
    const second = visits.rows.filter((row) => row.steps?.fromInsn === 5).at(-1)!;
    const { moments } = await session.proof(id, second.steps!.from);
    expect(moments).toHaveLength(1);
    expect(moments[0]).toMatchObject({ kind: 'kept', insn: 5, earlier: [{ covers: false, as: 'proven' }] });
    expect(moments[0].earlier![0].verdict).toBe('R6: it can be something now that was not allowed for then');
    expect(moments[0].earlier![0].rows.find((row) => row.name === 'R6')).toMatchObject({
      then: 'P2',
      now: '1',
      result: 'differs',
    });
  });

  test('agrees with the recorded walk at every pruned path', async () => {
    const session = testSession();
    for (const source of [
      ...['iter-num', 'bounded-loop', 'vma-held', 'static-call-under-lock'].map(example),
      MEET,
    ]) {
      const id = await run(session, source);
      const { rows } = await session.paths(id, tree(), 0, 1000, null);
      for (const leaf of rows.filter((row) => row.end === 'pruned')) {
        const proof = await session.proof(id, leaf.steps?.to ?? leaf.seek);
        const covering = proof.moments
          .filter((moment) => moment.kind === 'pruned')
          .flatMap((moment) => moment.earlier!.filter((one) => one.covers));
        expect(covering.map((one) => one.step)).toContain(leaf.cover!.step);
      }
    }
  });
});
