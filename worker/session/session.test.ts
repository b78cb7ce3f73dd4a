import { describe, expect, test } from 'vitest';
import { arenaLimitForTest } from '../domain/arena.ts';
import { arenaUsage } from '../domain/scalar.ts';
import type { Progress, StepView, VerifierWorker, VerifyResult } from '../protocol.ts';
import { example, request, testSession } from './session.testkit.ts';

const quiet = (): void => undefined;

async function run(session: VerifierWorker, source: string, more: Parameters<typeof request>[1] = {}): Promise<VerifyResult> {
  const result = await session.verify(request(source, more), quiet);
  if (result === null) throw new Error('given up');
  return result;
}

/** A way out and a way on at each of many turns: the walk takes long. */
const LONG = `.prog tc
main:   r6 = 0
loop:   call bpf_get_prandom_u32
        if r0 == 7 goto out
        r6 += 1
        if r6 < 400000 goto loop
out:    r0 = 0
        exit
`;

const reg = (view: StepView, name: string) => view.frames.at(-1)!.regs.find((r) => r.name === name);

describe('a run', () => {
  test('has verdict, lanes, instructions, and a step view at the failure', async () => {
    const session = testSession();
    const result = await run(session, example('kfunc-under-lock'));
    expect(result).toMatchObject({ verdict: 'rejected', errno: 22, rule: 'lock.callUnderLock', failedAt: 12, progType: 'sched_cls', semantics: [] });
    expect(result.message).toBe('function calls are not allowed while holding a lock');
    expect(result.lanes).toEqual([{ kind: 'lock', id: 1, label: 'lock in m', insns: [11, 12] }]);
    expect(result.kfuncs).toEqual([{ name: 'my_op', prototype: 'void my_op(int n)', flags: 0, kernelFlags: 0, invented: true }]);
    const call = result.insns.find((insn) => insn.index === 5)!;
    expect(call).toMatchObject({ kernel: '(85) call bpf_map_lookup_elem#1', llvm: 'call bpf_map_lookup_elem', bytes: '85 00 00 00 01 00 00 00', visits: 1 });
    const view = await session.seek(result.run, 0, { to: 'failure' });
    expect(view).toMatchObject({ insn: 12, end: 'rejected', visit: 1, visits: 1 });
    expect(view.held).toEqual([{ kind: 'lock', id: 1, label: 'lock in m', sinceStep: 9, sinceInsn: 10 }]);
    const log = await session.log(result.run, 2, view.log.level2!.from, view.log.level2!.to);
    expect(log.lines.some((line) => line.text.startsWith('12: (85) call my_op#'))).toBe(true);
    expect(log.lines.every((line) => line.step === view.step)).toBe(true);
  });

  test('says what changed and why', async () => {
    const session = testSession();
    const result = await run(session, example('lookup-checked'));
    const after = async (insn: number): Promise<StepView> => session.step(result.run, (await session.seek(result.run, 0, { to: 'insn', insn })).step + 1);
    const lookup = await after(5);
    expect(reg(lookup, 'R0')).toMatchObject({ text: 'map_value_or_null(id=1,map=m,ks=4,vs=8)', changed: true, before: 'uninit', why: 'result of bpf_map_lookup_elem' });
    expect(reg(lookup, 'R2')).toMatchObject({ text: 'uninit', before: 'fp-4', why: 'lost: a call may overwrite it' });
    const checked = await after(6);
    expect(reg(checked, 'R0')).toMatchObject({ type: 'map_value', why: 'NULL is ruled out: the branch was not taken' });
    expect(checked.changes[0]).toBe('Branch not taken: if r0 == 0 goto out');
  });

  test('shows ranges and known bits', async () => {
    const session = testSession();
    const result = await run(session, example('branch-unsigned'));
    const view = await session.seek(result.run, 0, { to: 'insn', insn: 2 });
    expect(reg(view, 'R0')!.scalar).toMatchObject({ constant: null, umin: '0', umax: '7', smin: '0', smax: '7', value: '0x0', mask: '0x7' });
  });

  test('moves through paths, branches and visits', async () => {
    const session = testSession();
    const result = await run(session, example('bounded-loop'));
    const first = await session.seek(result.run, 0, { to: 'insn', insn: 1 });
    expect(first).toMatchObject({ visit: 1, visits: 10 });
    const second = await session.seek(result.run, first.step, { to: 'next-visit' });
    expect(second).toMatchObject({ insn: 1, visit: 2 });
    expect(await session.seek(result.run, second.step, { to: 'prev-visit' })).toEqual(first);
    expect((await session.seek(result.run, 0, { to: 'next-branch' })).insn).toBe(2);
    expect((await session.seek(result.run, 0, { to: 'last' })).end).toBe('exit');
  });

  test('knows a line of the log by its step', async () => {
    const session = testSession();
    const result = await run(session, example('vma-released'));
    const { total, lines } = await session.log(result.run, 2, 0, 10_000);
    expect(lines.length).toBe(total);
    for (const line of lines) {
      const insn = /^(\d+): \(/.exec(line.text)?.[1];
      if (insn === undefined || line.step < 0) continue;
      expect((await session.step(result.run, line.step)).insn).toBe(Number(insn));
    }
    expect(lines.at(-1)!.text).toMatch(/^processed 50 insns/);
  });

  test('that is no program says where its mistakes are', async () => {
    const session = testSession();
    const result = await run(session, '.prog tc\nmain: r0 = 99999999999\n exit\n');
    expect(result.verdict).toBe('bad-input');
    expect(result.problems[0].span.line).toBe(2);
    expect((await session.explain(result.run)).title).toBe('Not a program yet');
  });

  test('whose kernel types cannot be had says so', async () => {
    const { createSession } = await import('./session.ts');
    const session = createSession(() => Promise.reject(new Error('offline')));
    const result = await run(session, example('task-released'));
    expect(result.verdict).toBe('not-modelled');
    expect(result.message).toContain('offline');
  });

  test('answers no questions once released', async () => {
    const session = testSession();
    const result = await run(session, example('return-zero'));
    await session.release(result.run);
    await expect(session.step(result.run, 0)).rejects.toThrow('released');
  });
});

describe('what-if', () => {
  test('flags and switches replace those of the text', async () => {
    const session = testSession();
    const source = example('kfunc-under-lock');
    expect((await run(session, source, { kfuncFlags: { my_op: 1 << 17 } })).verdict).toBe('accepted');
    const module = example('module-kfunc-before');
    const before = await run(session, module);
    expect(before).toMatchObject({ verdict: 'rejected', textSemantics: ['kf-spin-lock-before'], semantics: ['kf-spin-lock-before'] });
    expect(await run(session, module, { semantics: [] })).toMatchObject({ verdict: 'accepted', textSemantics: ['kf-spin-lock-before'], semantics: [] });
  });

  test('comparison names the step at which the walks part', async () => {
    const session = testSession();
    const source = example('kfunc-under-lock');
    const comparison = (await session.compare(request(source), request(source, { kfuncFlags: { my_op: 1 << 17 } })))!;
    expect([comparison.left.verdict, comparison.right.verdict]).toEqual(['rejected', 'accepted']);
    expect(comparison.firstDifference!.leftStep).toBe(11);
    expect(comparison.firstDifference!.why).toContain('not allowed while holding a lock');
    const same = (await session.compare(request(source), request(source)))!;
    expect(same.firstDifference).toBeNull();
  });
});

describe('long runs', () => {
  test('report how far they are and can be cancelled', async () => {
    const session = testSession();
    const seen: Progress[] = [];
    const long = session.verify(request(LONG), (p) => {
      seen.push(p);
      void session.cancel();
    });
    expect(await long).toBeNull();
    expect(seen.length).toBeGreaterThan(0);
    expect(seen[0].limit).toBe(1_000_000);
  });

  test('give way to a newer request', async () => {
    const session = testSession();
    const long = session.verify(request(LONG), quiet);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const short = session.verify(request(example('return-zero')), quiet);
    expect(await long).toBeNull();
    expect((await short)!.verdict).toBe('accepted');
  });
});

describe('the room for values', () => {
  test('is shared: recordings that were given up come back when asked for', async () => {
    const session = testSession();
    const result = await run(session, example('array-unbounded'));
    const view = await session.seek(result.run, 0, { to: 'failure' });
    // most of the room is in use: the next run needs it
    const { used } = arenaUsage();
    arenaLimitForTest(used * 2);
    try {
      expect((await run(session, example('bounded-loop'))).verdict).toBe('accepted');
      expect(await session.step(result.run, view.step)).toEqual(view);
    } finally {
      arenaLimitForTest();
    }
  });

  test('belongs to a long log only as long as nobody wants a verdict', async () => {
    const session = testSession();
    const long = await run(session, LONG);
    const log = session.log(long.run, 2, 0, 10);
    log.catch(quiet);
    const began = performance.now();
    expect((await run(session, example('return-zero'))).verdict).toBe('accepted');
    await session.release(long.run);
    expect(performance.now() - began).toBeLessThan(3000);
    await expect(log).rejects.toThrow('released');
  });
});

describe('editor services', () => {
  test('jump tables', async () => {
    const session = testSession();
    const table = example('jump-table');
    const labels = async (text: string, line: number, col: number) => (await session.complete(text, line, col)).map((item) => item.label);
    expect(await labels(table.replace('.jumptable answers ', '.jumptable answers  '), 3, 20)).toEqual(['main', 'pass', 'drop']);
    expect(await labels(table, 3, 14)).toEqual(['answers']);
    expect(await labels(table, 8, 19)).toContain('answers');
    expect(await labels('.jum', 1, 5)).toContain('.jumptable');
    const rows = (await session.hover(table, 8, 17, null, null))!.contents[0];
    expect(rows).toContain('Jump table `answers`, 4 entries of 8 bytes');
    expect(rows).toContain('1: `pass` instruction 8');
    expect(await session.definition(table, 8, 17)).toMatchObject({ line: 3, col: 12, endCol: 19 });
    expect((await session.definition(table, 3, 22))!.line).toBe(15);
  });

  test('know the maps that are frozen, and what a target may be', async () => {
    const session = testSession();
    const labels = async (text: string, line: number, col: number) => (await session.complete(text, line, col)).map((item) => item.label);
    const text = '.c\nstruct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, long); } sizes SEC(".maps");\n.endc\n.freeze sizes\nr0 = 0\nexit';
    expect(await labels(text, 4, 9)).toEqual(['sizes']);
    expect((await session.definition(text, 4, 10))!.line).toBe(2);
    expect(await labels('.fre', 1, 5)).toContain('.freeze');
    expect(await labels('.attach n', 1, 10)).toContain('none');
    expect(await labels('main: call f\nexit\nf: exit\n.func_info ', 4, 12)).toEqual(['main', 'f']);
    expect(await labels('main: call f\nexit\nf: exit\n.line_info ', 4, 12)).toEqual(['main', 'f']);
  });

  const source = example('kfunc-under-lock');
  const line = (text: string): number => source.split('\n').findIndex((row) => row.includes(text)) + 1;

  test('complete callees, labels, directives and switches', async () => {
    const session = testSession();
    const labels = async (text: string, at: number, col: number) => (await session.complete(text, at, col)).map((item) => item.label);
    const callees = await session.complete('.prog tc\nmain: call bpf_map_\n', 2, 21);
    expect(callees.find((item) => item.label === 'bpf_map_lookup_elem')).toMatchObject({ kind: 'helper', replace: { line: 2, col: 12, endLine: 2, endCol: 20 } });
    expect(await labels(source, line('if r0 == 0 goto out'), 26)).toContain('out');
    expect(await labels('.sem', 1, 5)).toContain('.semantics');
    expect(await labels('.semantics kf-', 1, 15)).toEqual(['kf-spin-lock', 'kf-spin-lock-before', 'kf-forbid-fault']);
    expect(await labels(source, line('r1 = m ll'), 14)).toContain('m');
  });

  test('hover says what an instruction means and what the walk knew', async () => {
    const session = testSession();
    const result = await run(session, source);
    const hover = (await session.hover(source, line('call bpf_map_lookup_elem'), 16, result.run, 0))!;
    expect(hover.contents.join('\n')).toContain('bpf_map_lookup_elem(map, key *) → map value or NULL');
    expect(hover.contents.join('\n')).toContain('`R0`: `uninit` → `map_value(id=1,map=m,ks=4,vs=8)`');
    expect((await session.hover(source, line('call my_op'), 15, null, null))!.contents[0]).toContain('void my_op(int n)');
  });

  test('definitions', async () => {
    const session = testSession();
    expect((await session.definition(source, line('r1 = m ll'), 14))!.line).toBe(line('} m SEC'));
    expect((await session.definition(source, line('if r0 == 0 goto out'), 26))!.line).toBe(line('out:'));
    expect(await session.definition(source, 1, 1)).toBeNull();
  });

  test('pasted logs become programs', async () => {
    const session = testSession();
    const result = await run(session, example('bounded-loop'));
    const { lines } = await session.log(result.run, 2, 0, 1000);
    const converted = (await session.convert(lines.map((row) => row.text).join('\n')))!;
    expect(converted.dialect).toBe('a verifier log');
    const again = await run(session, converted.source);
    expect(again.insns.map((insn) => insn.bytes)).toEqual(result.insns.map((insn) => insn.bytes));
    expect(await session.convert(source)).toBeNull();
  });
});
