import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verify } from '../../engine/verify.ts';
import { createKernelSource } from '../../session/kernel-source.ts';
import { read } from '../../session/reading.ts';
import { example } from '../../session/session.testkit.ts';
import { printProgram } from './print.ts';

const PUBLIC = join(import.meta.dirname, '../../../public');
const kernel = createKernelSource((name) => Promise.resolve(readFileSync(join(PUBLIC, 'kernel', name))));

async function reading(source: string) {
  return read({ source, semantics: null, kfuncFlags: {}, trace: false }, kernel);
}

async function again(source: string) {
  const first = await reading(source);
  const printed = printProgram(first.program!, first.model);
  const second = await reading(printed.source);
  expect(second.text.problems.filter((p) => p.severity === 'error')).toEqual([]);
  return { first, second, printed };
}

const IDS = readdirSync(join(PUBLIC, 'examples'))
  .filter((name) => name.endsWith('.bpf'))
  .map((name) => name.replace(/\.bpf$/, ''));

describe('a program as text', () => {
  test.each(IDS)('%s: what is read back is the same program', async (id) => {
    const { first, second, printed } = await again(example(id));
    const [a, b] = [first.program!, second.program!];
    expect(printed.notes).toEqual([]);
    expect([...b.insns.toBytes()]).toEqual([...a.insns.toBytes()]);
    expect([...b.refs]).toEqual([...a.refs]);
    const facts = (p: typeof a) =>
      p.maps.map(({ name, type, keySize, valueSize, maxEntries, flags, data }) => ({
        name,
        type,
        keySize,
        valueSize,
        maxEntries,
        flags,
        data,
      }));
    expect(facts(b)).toEqual(facts(a));
    for (const key of [
      'name',
      'progType',
      'attachType',
      'flags',
      'license',
      'privileged',
      'attach',
      'semantics',
    ] as const)
      expect(b[key]).toEqual(a[key]);
    const verdict = (r: typeof first) => {
      const { verdict, rule, message } = verify(r.program!, r.model, { level: 0 });
      return { verdict, rule, message };
    };
    expect(verdict(second)).toEqual(verdict(first));
  });

  test("what a loader can do otherwise: no target, other flags than the section's, frozen maps", async () => {
    const source = `.prog fentry.s/bpf_fentry_test1
.attach none
.flags test_state_freq, -sleepable
.c
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __uint(map_flags, BPF_F_RDONLY_PROG); __type(key, int); __type(value, long); } one SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, long); } two SEC(".maps");
.endc
.freeze one
        r1 = one ll
        r1 = two ll
        r0 = 0
        exit
`;
    const { first, second, printed } = await again(source);
    expect(printed.notes).toEqual([]);
    for (const { text } of [first, second]) {
      expect(text.program).toMatchObject({ progType: 26, attachType: 24, attach: null, flags: 8 });
      expect(text.program!.maps.map((map) => map.frozen)).toEqual([true, false]);
    }
    // the later word counts
    expect(
      (await reading('.prog syscall\n.flags -sleepable\n.flags sleepable\nexit')).text.program?.flags,
    ).toBe(16);
  });

  test('tables of functions and lines that do not fit', async () => {
    const source = '.prog tc\nmain: call f\nr0 = 0\nexit\nf: r0 = 0\nexit';
    const { text, model } = await reading(source);
    const program = text.program!;
    const [main, f] = program.funcInfo;
    const rows = program.lineInfo;
    const printed = (change: Partial<typeof program>) => printProgram({ ...program, ...change }, model);
    expect(printed({}).notes).toEqual([]);
    expect(printed({}).source).not.toMatch(/_info/);
    expect(printed({ funcInfo: [], lineInfo: [] }).notes).toEqual([]);
    const funcs = [[main], [f, main], [main, f, [4, f[1]]]] as const;
    for (const funcInfo of funcs) {
      const { source: again, notes } = printed({ funcInfo, lineInfo: [] });
      expect(notes).toEqual([]);
      const read = (await reading(again)).text.program!;
      const named = (p: typeof program) => p.funcInfo.map(([slot, id]) => [slot, p.btf!.type(id).name]);
      expect(named(read)).toEqual(named({ ...program, funcInfo }));
    }
    for (const lineInfo of [
      [...rows].reverse(),
      rows.slice(1),
      [...rows, [99, 1, 1, 1024]],
    ] as (typeof rows)[])
      expect(
        (await reading(printed({ lineInfo }).source)).text.program!.lineInfo.map(([slot]) => slot),
      ).toEqual(lineInfo.map(([slot]) => slot));
    // of types that are no function of the text, or of one that begins nowhere
    for (const funcInfo of [
      [main, [3, 1]],
      [main, [3, 999]],
    ] as const)
      expect(printed({ funcInfo, lineInfo: [] }).notes).toHaveLength(1);
    expect(printed({ btf: null }).notes).toHaveLength(1);
  });

  test('types: layout, tags, bit-fields, values', async () => {
    const source = `.prog tc
.c
struct odd { char a; int b; } __attribute__((packed));
struct node { struct bpf_rb_node n; long v; struct task_struct __kptr *task; };
enum colour { RED = 1, BLUE = 7 };
struct val { unsigned f : 3; unsigned g : 29; struct odd o[2]; union { long l; char c[8]; }; enum colour e; void (*fn)(int); };
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, int); __type(value, struct val); } m SEC(".maps");
const int limits[3] = { 1, -2, 3 };
int counter = 5;
private(A) struct bpf_spin_lock lock;
private(A) struct bpf_rb_root root __contains(node, n);
.endc
main:   r1 = limits+4 ll
        r0 = *(u32 *)(r1 + 0)
        r1 = counter ll
        r2 = m ll
        r1 = lock ll
        r1 = root ll
        r0 = 0
        exit
`;
    const { first, second } = await again(source);
    const layout = (r: typeof first) => {
      const btf = r.program!.btf!;
      const shape = (name: string) => {
        const t = btf.type(btf.find(name, 4));
        return {
          size: t.size,
          members: t.members.map(({ name: n, bitOffset, bitSize }) => ({ n, bitOffset, bitSize })),
        };
      };
      return {
        odd: shape('odd'),
        val: shape('val'),
        node: shape('node'),
        data: r.program!.maps.map((m) => m.data && [...m.data]),
      };
    };
    expect(layout(second)).toEqual(layout(first));
    expect(verify(second.program!, second.model, { level: 0 }).message).toBe(
      verify(first.program!, first.model, { level: 0 }).message,
    );
  });
});
