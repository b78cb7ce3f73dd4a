import { describe, expect, test } from 'vitest';
import type { VerifierWorker, VerifyResult } from '../protocol.ts';
import type { GraphView } from '../protocol/graph.ts';
import { example, request, testSession } from './session.testkit.ts';

async function run(session: VerifierWorker, source: string): Promise<VerifyResult> {
  return (await session.verify(request(source), () => undefined))!;
}

const shape = ({ edges }: GraphView): string[] =>
  edges.map(({ from, to, kind, back, walks }) => `${from} ${kind} ${to}${back ? ' back' : ''} ${walks}`);

/** Three rounds, then a branch of which the walk knows the outcome. */
const LOOP = `.prog tc
main:   r6 = 0
loop:   r6 += 1
        if r6 < 3 goto loop
        r1 = 0x100000001 ll
        if r6 == 3 goto out
        r1 = 2
        goto out
out:    call help
        r0 = 0
        exit
help:   r0 = 1
        exit
`;

describe('the graph of a function', () => {
  test('has its blocks, its ways, and how often each was walked', async () => {
    const session = testSession();
    const result = await run(session, LOOP);
    expect(result.verdict).toBe('accepted');
    const main = await session.graph(result.run, 0);
    expect(main.blocks.map(({ insns }) => insns)).toEqual([[0], [1, 2], [3, 5], [6, 7], [8, 9, 10]]);
    expect(shape(main)).toEqual([
      '0 fall 1 1',
      '1 fall 3 1',
      '1 taken 1 back 2',
      '3 fall 6 0',
      '3 taken 8 1',
      '6 goto 8 0',
    ]);
    expect(main.blocks[4].calls).toEqual([{ insn: 8, subprog: 1 }]);
    const help = await session.graph(result.run, 1);
    expect(help.blocks.map(({ insns }) => insns)).toEqual([[11, 12]]);
    await expect(session.graph(result.run, 2)).rejects.toThrow();
  });

  test('counts ways that ended at once because the state was covered', async () => {
    const session = testSession();
    const result = await run(
      session,
      '.prog tc\nmain: call bpf_get_prandom_u32\n if r0 > 5 goto a\n r0 = 1\na: r0 = 0\n exit\n',
    );
    expect(result.verdict).toBe('accepted');
    const { edges } = await session.graph(result.run, 0);
    expect(edges.find(({ kind }) => kind === 'taken')).toMatchObject({ to: 3, walks: 1 });
  });

  test('shows branches that the verifier folds before it walks', async () => {
    const session = testSession();
    const result = await run(
      session,
      '.prog tc\nmain: r6 = 1\n if r6 == 0 goto a\n r6 += 1\na: r0 = 0\n exit\n',
    );
    expect(shape(await session.graph(result.run, 0))).toEqual(['0 fall 2 1', '0 taken 3 0', '2 fall 3 1']);
  });

  test('follows jump tables', async () => {
    const session = testSession();
    const result = await run(session, example('jump-table'));
    const { edges } = await session.graph(result.run, 0);
    const tables = edges.filter(({ kind }) => kind === 'table');
    expect(tables.length).toBeGreaterThan(1);
    expect(tables.some(({ walks }) => walks > 0)).toBe(true);
  });

  test('is there for programs that were never walked', async () => {
    const session = testSession();
    const result = await run(session, '.prog tc\nmain: r0 = 0\n goto out\n r0 = 1\nout: exit\n');
    expect(result.stats.steps).toBe(0);
    expect((await session.graph(result.run, 0)).blocks.map(({ insns }) => insns)).toEqual([[0, 1], [2], [3]]);
  });
});

describe('C source', () => {
  test('is known line by line, with the instructions of each', async () => {
    const session = testSession();
    const text = `.prog tc
main:
; int a = 0; @ prog.c:10
        r0 = 0
; a += 1; @ prog.c:11
        r0 += 1
; return a; @ util.h:3
        r1 = 1
; a += 1; @ prog.c:11
        r0 += 1

        exit
`;
    const result = await run(session, text);
    expect(await session.sourceFiles(result.run)).toEqual([
      {
        name: 'prog.c',
        lines: [
          { line: 10, text: 'int a = 0;', insns: [0] },
          { line: 11, text: 'a += 1;', insns: [1, 3] },
        ],
      },
      { name: 'util.h', lines: [{ line: 3, text: 'return a;', insns: [2] }] },
    ]);
    const plain = await run(session, example('return-zero'));
    expect(await session.sourceFiles(plain.run)).toEqual([]);
  });
});
