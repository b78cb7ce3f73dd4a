import { describe, expect, test } from 'vitest';
import { verify } from '../../engine/verify.ts';
import { createKernelModel } from '../../kernel/model.ts';
import { parseProgramText } from '../../program/text/parse.ts';
import { TraceRecorder } from '../recorder.ts';
import type { Trace } from '../trace.ts';
import { compileWatch } from './compile.ts';
import { suggest } from './complete.ts';
import { WatchError } from './lexer.ts';
import { isTypeName, parseWatch } from './parse.ts';
import { scan } from './scan.ts';

function walk(text: string): Trace {
  const { program, problems } = parseProgramText(text, { kernel: createKernelModel() });
  if (program === null) throw new Error(JSON.stringify(problems));
  const recorder = new TraceRecorder();
  const outcome = verify(program, createKernelModel(), {
    level: 0,
    observers: [recorder],
    onEnv: (env) => recorder.attach(env),
  });
  return recorder.finish(outcome.verdict === 'rejected');
}

function matches(trace: Trace, text: string): { step: number; insn: number }[] {
  const watch = compileWatch(parseWatch(text), { calleeOf: () => '', lineOf: (insn) => insn + 100 });
  const search = scan(trace, watch);
  let next = search.next();
  while (!next.done) next = search.next();
  return [...next.value].map((step) => ({ step, insn: trace.insnAt(step) }));
}

const insns = (trace: Trace, text: string): number[] => matches(trace, text).map(({ insn }) => insn);

const problem = (text: string): WatchError => {
  try {
    parseWatch(text);
  } catch (error) {
    if (error instanceof WatchError) return error;
    throw error;
  }
  throw new Error(`“${text}” was read`);
};

const BRANCHES = `.prog tc
main:   call bpf_get_prandom_u32
        r1 = 7
        if r0 > 100 goto big
        r2 = r1
        r1 = r10
        r0 = 0
        exit
big:    r2 = r1
        r2 += r0
        r0 = 0
        exit
`;

const LOCKED = `.prog tc
.c
struct val { int cnt; struct bpf_spin_lock lock; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r6 = r0
        r1 = r6
        r1 += val.lock
        call bpf_spin_lock
        r1 = r6
        call bump
        r7 = r0
        r1 = r6
        r1 += val.lock
        call bpf_spin_unlock
out:    r0 = 0
        exit
bump:   r2 = *(u32 *)(r1 + 0)
        r2 += 1
        *(u32 *)(r1 + 0) = r2
        r0 = 0
        exit
`;

describe('reading', () => {
  test.each([
    ['r1 becomes scalar', { kind: 'becomes', place: { kind: 'reg', no: 1 }, nature: { type: 'scalar' } }],
    [
      'R0 is not nullable',
      { kind: 'not', of: { kind: 'is', place: { kind: 'reg', no: 0 }, nature: { quality: 'nullable' } } },
    ],
    ['fp-16 changes', { kind: 'changes', of: { kind: 'slot', no: 1 } }],
    ['lock held', { kind: 'held', what: 'lock' }],
    ['path pruned', { kind: 'path', how: 'pruned' }],
    [
      'path == 3',
      {
        kind: 'compare',
        left: { kind: 'quantity', name: 'path' },
        op: '==',
        right: { kind: 'number', value: 3n },
      },
    ],
    [
      'rcu > 1',
      {
        kind: 'compare',
        left: { kind: 'quantity', name: 'rcu' },
        op: '>',
        right: { kind: 'number', value: 1n },
      },
    ],
    [
      'r3.umax >= -0x10',
      {
        kind: 'compare',
        left: { kind: 'attribute', place: { kind: 'reg', no: 3 }, name: 'umax' },
        op: '>=',
        right: { kind: 'number', value: -16n },
      },
    ],
  ])('%s', (text, condition) => {
    expect(parseWatch(text)).toEqual(condition);
  });

  test('and binds closer than or, not closer than and', () => {
    expect(parseWatch('lock held or not ref held and speculative')).toMatchObject({
      kind: 'or',
      left: { kind: 'held' },
      right: {
        kind: 'and',
        left: { kind: 'not', of: { kind: 'held', what: 'ref' } },
        right: { kind: 'speculative' },
      },
    });
    expect(parseWatch('(lock held || ref held) && frame == 1')).toMatchObject({
      kind: 'and',
      left: { kind: 'or' },
    });
  });

  test.each([
    ['', 'Write a condition', 0, 1],
    ['r1', 'comparison is missing', 2, 3],
    ['r1 becomes', 'What it should be is missing', 10, 11],
    ['r1 becomes blue', 'no type of register', 11, 15],
    ['r12 changes', '“r12” is no register', 0, 3],
    ['fp-12 changes', 'Stack slots are', 0, 5],
    ['r1.size > 3', 'After the dot comes one of umin', 3, 7],
    ['refs = 1', 'write “==”', 5, 6],
    ['(refs > 0', '“)” is missing', 9, 10],
    ['refs > 0 lock held', 'one word too many', 9, 13],
    ['refs becomes scalar', 'Only a register', 0, 4],
    ['refs > $', '“$” means nothing', 7, 8],
  ])('“%s” is answered with what is wrong and where', (text, message, at, end) => {
    const error = problem(text);
    expect(error.message).toContain(message);
    expect([error.at, error.end]).toEqual([at, end]);
  });

  test('knows the kernel’s names of types', () => {
    for (const name of [
      'scalar',
      'map_value_or_null',
      'trusted_ptr',
      'rcu_ptr_or_null',
      'rdonly_mem',
      'pkt_end',
      'ptr',
      'fp',
    ])
      expect(isTypeName(name)).toBe(true);
    for (const name of ['trusted', 'blue', 'or_null', '']) expect(isTypeName(name)).toBe(false);
  });
});

describe('matching', () => {
  const branches = walk(BRANCHES);
  const locked = walk(LOCKED);

  test('what lasts matches where it begins, on each path for itself', () => {
    expect(insns(locked, 'lock held')).toEqual([11]);
    expect(insns(locked, 'locks > 0')).toEqual([11]);
    expect(insns(locked, 'not lock held')).toEqual([0, 17]);
    expect(insns(locked, 'frame == 1')).toEqual([19]);
    expect(insns(locked, 'lock held and frame == 1')).toEqual([19]);
    // both paths have r1 = 7 from before the branch: it does not begin again on the second
    expect(insns(branches, 'r1 == 7')).toEqual([2]);
  });

  test('moments match each time', () => {
    expect(insns(branches, 'insn >= 4 and insn <= 5')).toEqual([4, 5]);
    expect(insns(branches, 'line == 102')).toEqual([2]);
    expect(insns(branches, 'path begins')).toHaveLength(branches.paths.length);
    expect(insns(branches, 'path exits')).toEqual([6, 10]);
    expect(insns(branches, 'r1 becomes fp')).toEqual([5]);
    expect(insns(branches, 'r1 becomes scalar')).toEqual([2]);
  });

  test('changes are seen by what they say, also across a branch', () => {
    // the branch refines r0 on both ways
    expect(insns(branches, 'r0 changes')).toEqual([1, 3, 6, 7, 10]);
    expect(insns(branches, 'r2 changes')).toEqual(expect.arrayContaining([4, 8, 9]));
    expect(insns(locked, 'frame changes')).toEqual([19, 13]);
  });

  test('a function’s registers are its own: entering is no change, its result is one', () => {
    expect(insns(locked, 'r1 changes')).not.toContain(19);
    expect(insns(locked, 'r0 changes')).toContain(13);
  });

  test('ranges compare exactly, also beyond what doubles hold', () => {
    expect(insns(branches, 'r0.umax <= 100 and path begins or insn == 3 and r0.umax == 100')).toEqual([3]);
    expect(insns(branches, 'insn == 7 and r0.umin == 101')).toEqual([7]);
    expect(insns(branches, 'insn == 2 and r0.umax == 0xffffffffffffffff')).toEqual([2]);
    expect(insns(branches, 'insn == 0 and r1.umax == 0')).toEqual([0]);
    const wide = walk('.prog tc\nmain: r1 = 0x7fffffffffffffff ll\n r2 = *(u32 *)(r1 + 0)\n r0 = 0\n exit\n');
    expect(insns(wide, 'r1 == 0x7fffffffffffffff')).toEqual([2]);
    expect(insns(wide, 'r1 == 0x7ffffffffffffffe')).toEqual([]);
    expect(insns(wide, 'r1.umax > 0x7ffffffffffffffe')).toEqual([2]);
  });
});

describe('speed', () => {
  test('a walk of many steps is searched quickly', () => {
    const long = walk(
      '.prog tc\nmain: r6 = 0\nloop: r7 = r6\n r7 &= 0xff\n r6 += 1\n if r6 < 20000 goto loop\n r0 = 0\n exit\n',
    );
    expect(long.length).toBeGreaterThan(80_000);
    // time of the processor: other work on the machine does not count
    const began = process.cpuUsage().user;
    expect(matches(long, 'r6.umax == 12345 or refs > 0 or r7 becomes map_value')).toHaveLength(1);
    expect((process.cpuUsage().user - began) / long.length).toBeLessThan(2);
  });
});

describe('completing', () => {
  const words = (text: string): string[] =>
    suggest(text, text.length, ['bpf_spin_lock']).map(({ text: word }) => word);

  test('offers what can follow', () => {
    expect(words('')).toContain('r0');
    expect(words('loc')).toEqual(['locks', 'lock held']);
    expect(words('r1 ')).toEqual(expect.arrayContaining(['becomes', 'is', 'changes', '>']));
    expect(words('r1 becomes map_v')).toEqual(['map_value', 'map_value_or_null']);
    expect(words('r1.um')).toEqual(['umin', 'umax', 'umin32', 'umax32']);
    expect(words('calls ')).toEqual(['bpf_spin_lock']);
    expect(words('path pr')).toEqual(['pruned']);
    expect(words('refs > 0 ')).toEqual(['and', 'or']);
    expect(words('r1.umax > 0 ')).toEqual(['and', 'or']);
    expect(words('lock held ')).toEqual(['and', 'or']);
    expect(words('lock held and not re')).toEqual(['refs', 'ref held']);
  });

  test('every word that is offered can be read in its place', () => {
    for (const first of suggest('', 0, [])) {
      const text =
        { calls: 'calls f', path: 'path ends', not: 'not lock held' }[first.text] ??
        (/held|speculative/.test(first.text) ? first.text : `${first.text} == 1`);
      expect(() => parseWatch(text)).not.toThrow();
    }
    for (const { text } of suggest('r1 is ', 6, []))
      if (text !== 'not') expect(() => parseWatch(`r1 is ${text}`)).not.toThrow();
    for (const { text } of suggest('r1.', 3, [])) expect(() => parseWatch(`r1.${text} > 0`)).not.toThrow();
  });
});
