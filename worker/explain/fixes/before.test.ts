import { expect, test } from 'vitest';
import '../../engine/verify.ts';
import { request, testSession } from '../../session/session.testkit.ts';
import { applyEdits } from '../edits.ts';

const session = testSession();

const verdictOf = async (source: string) => (await session.verify(request(source), () => undefined))!;

/** What a fix makes of a program’s text; the first of that title. */
async function fixed(source: string, title: string | RegExp): Promise<string> {
  const { run } = await verdictOf(source);
  const { fixes } = await session.explain(run);
  const fix = fixes.find((f) => (typeof title === 'string' ? f.title === title : title.test(f.title)));
  if (fix === undefined) throw new Error(`no such fix among: ${fixes.map((f) => f.title).join(' | ')}`);
  const changed = applyEdits(source, fix.edits);
  expect((await verdictOf(changed)).verdict).toBe('accepted');
  return changed;
}

/** Lines without the blanks that lay them out. */
const lines = (source: string): string[] =>
  source
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '');

const CASES: readonly (readonly [
  what: string,
  source: string,
  title: string | RegExp,
  expected: readonly string[],
])[] = [
  [
    'a loop of the unprivileged is written out',
    '.unprivileged\nr0 = 0\nloop: r0 += 1\nif r0 != 3 goto loop\nexit\n',
    'Write the loop out, for 8 rounds at most',
    [
      '.unprivileged',
      'r0 = 0',
      'loop: r0 += 1',
      ...Array.from({ length: 7 }, () => ['if r0 == 3 goto done', 'r0 += 1']).flat(),
      'done: exit',
    ],
  ],
  [
    'exactly what nothing reaches is taken out',
    'goto out\nr0 = 1\nr0 = 2\nexit\nout: r0 = 0\nexit\n',
    'Take out the 3 instructions that nothing reaches',
    ['goto out', 'out: r0 = 0', 'exit'],
  ],
  [
    'a function ends',
    'main: call f\nexit\nf: r0 = 1\n',
    'End f with exit',
    ['main: call f', 'exit', 'f: r0 = 1', 'exit'],
  ],
  [
    'a jump stays in its function',
    'main: if r1 == 0 goto f\ncall f\nr0 = 0\nexit\nf: r0 = 0\nexit\n',
    'Jump to the end of main instead',
    ['main: if r1 == 0 goto +1', 'call f', 'r0 = 0', 'exit', 'f: r0 = 0', 'exit'],
  ],
  [
    'a jump to a function becomes a call',
    'main: if r1 == 0 goto on\ncall f\nr0 = 0\nexit\non: goto f\nf: r0 = 0\nexit\n',
    'Call f instead of jumping to it',
    ['main: if r1 == 0 goto on', 'call f', 'r0 = 0', 'exit', 'on: call f', 'exit', 'f: r0 = 0', 'exit'],
  ],
  [
    'reserved fields are zero',
    '.8byte 0x00000001000100b7\nexit\n',
    'Write it with off 0: r0 = 1',
    ['r0 = 1', 'exit'],
  ],
  [
    'a register exists',
    'r0 = 0\n.8byte 0x00000000ffff0e72\nexit\n',
    'Use r10 in place of r14',
    ['r0 = 0', '*(u8 *)(r10 - 1) = 0', 'exit'],
  ],
  [
    'functions of the unprivileged are written in place of calls',
    '.unprivileged\nmain: r1 = *(u32 *)(r1 + 0)\ncall f\nexit\nf: if r1 == 0 goto no\nr0 = 1\nexit\nno: r0 = 0\nexit\n',
    'Write f in place of the call',
    [
      '.unprivileged',
      'main: r1 = *(u32 *)(r1 + 0)',
      'if r1 == 0 goto no',
      'r0 = 1',
      'goto f_end',
      'no: r0 = 0',
      'goto f_end',
      'f_end:',
      'exit',
    ],
  ],
  [
    'the recursion at the end of a function is a loop',
    'main: r1 = 0\ncall f\nexit\nf: r1 += 1\nr0 = r1\nif r1 < 4 goto again\nexit\nagain: call f\nexit\n',
    'Go back to the beginning of f instead of calling it',
    [
      'main: r1 = 0',
      'call f',
      'exit',
      'f: r1 += 1',
      'r0 = r1',
      'if r1 < 4 goto again',
      'exit',
      'again: goto -5',
    ],
  ],
  [
    'what a callback throws is returned',
    '.prog tc\n.func main\nr1 = 10\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_loop\nr0 = 0\nexit\n.func long cb(u32 i, void *ctx)\nr1 = 0\ncall bpf_throw\nr0 = 0\nexit\n',
    'Return 1 from cb instead of throwing',
    [
      '.prog tc',
      '.func main',
      'r1 = 10',
      'r2 = cb ll',
      'r3 = 0',
      'r4 = 0',
      'call bpf_loop',
      'r0 = 0',
      'exit',
      '.func long cb(u32 i, void *ctx)',
      'r1 = 0',
      'r0 = 1',
      'exit',
    ],
  ],
  [
    'the exception callback that is named is written',
    '.prog tc\n.c\nint main(struct __sk_buff *ctx) __attribute__((btf_decl_tag("exception_callback:catch")));\n.endc\n.func main\nr1 = 0\ncall bpf_throw\nr0 = 0\nexit\n',
    'Write the function catch, which returns 0',
    [
      '.func main',
      'r1 = 0',
      'call bpf_throw',
      'r0 = 0',
      'exit',
      '.func global int catch(u64 cookie)',
      'r0 = 0',
      'exit',
    ],
  ],
  [
    'a tracing program becomes one that may use the lock, and points to it',
    '.prog kprobe\n.c\nstruct val { int cnt; struct bpf_spin_lock l; };\nstruct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");\n.endc\n*(u32 *)(r10 - 4) = 0\nr2 = r10\nr2 += -4\nr1 = m ll\ncall bpf_map_lookup_elem\nif r0 == 0 goto out\nr6 = r0\nr1 = r6\ncall bpf_spin_lock\nr1 = r6\nr1 += 4\ncall bpf_spin_unlock\nout: r0 = 0\nexit\n',
    'Attach it as fentry/bpf_fentry_test1; then point to the lock, which is at offset 4',
    [
      'r1 = r6',
      'r1 += 4',
      'call bpf_spin_lock',
      'r1 = r6',
      'r1 += 4',
      'call bpf_spin_unlock',
      'out: r0 = 0',
      'exit',
    ],
  ],
  [
    'a frame with room above moves up',
    'main: *(u8 *)(r10 - 300) = 0\ncall f\nexit\nf: *(u8 *)(r10 - 296) = 0\nr0 = 0\nexit\n',
    'Use 96 bytes less of main’s stack, which are free above',
    ['main: *(u8 *)(r10 - 204) = 0', 'call f', 'exit', 'f: *(u8 *)(r10 - 296) = 0', 'r0 = 0', 'exit'],
  ],
  [
    'a program sees the beginning of what never returns',
    '.prog fexit/do_exit\nr0 = 0\nexit\n',
    'Run before the function: fentry/do_exit',
    ['.prog fentry/do_exit', 'r0 = 0', 'exit'],
  ],
  [
    'another member is implemented',
    '.prog struct_ops/x\n.attach struct tcp_congestion_ops.get_info\nr0 = 0\nexit\n',
    /^Implement tcp_congestion_ops\./,
    ['.prog struct_ops/x', '.attach struct tcp_congestion_ops.set_state', 'r0 = 0', 'exit'],
  ],
  [
    'one arena is enough',
    '.c\nstruct { __uint(type, BPF_MAP_TYPE_ARENA); __uint(map_flags, BPF_F_MMAPABLE); __uint(max_entries, 2); } a SEC(".maps");\nstruct { __uint(type, BPF_MAP_TYPE_ARENA); __uint(map_flags, BPF_F_MMAPABLE); __uint(max_entries, 4); } b SEC(".maps");\n.endc\nr1 = a ll\nr1 = b ll\nr0 = 0\nexit\n',
    'Use a for both',
    ['r1 = a ll', 'r1 = a ll', 'r0 = 0', 'exit'],
  ],
  [
    'the tag that is wrong goes',
    '.prog tc\nr1 = 1\ncall f\nr0 = 0\nexit\n.func global int f(int a __arg_nonnull)\nr0 = 0\nexit\n',
    'Leave the tag out: int a',
    ['.prog tc', 'r1 = 1', 'call f', 'r0 = 0', 'exit', '.func global int f(int a)', 'r0 = 0', 'exit'],
  ],
];

test.each(CASES)('%s', async (_, source, title, expected) => {
  const all = lines(await fixed(source, title));
  expect(all.slice(-expected.length)).toEqual(expected);
});

test('a frame that fills the stack is kept in a map', async () => {
  const writes = (from: number): string =>
    Array.from({ length: from / 8 }, (_, i) => `*(u64 *)(r10 - ${(i + 1) * 8}) = 0\n`).join('');
  const source = `.prog tc\nmain: r6 = r1\n${writes(280)}call f\nexit\n.func int f(struct __sk_buff *ctx)\n${writes(288)}r0 = *(u32 *)(r1 + 0)\nexit\n`;
  const changed = await fixed(source, 'Keep the 288 bytes of f in a per-CPU map instead of on the stack');
  expect(changed).toContain('*(u64 *)(r10 - 16) = r1\n        *(u32 *)(r10 - 4) = 0\n');
  expect(changed).toContain('*(u64 *)(r9 + 280) = 0');
  expect(changed).toContain('*(u64 *)(r9 + 0) = 0');
});

test('what gives something up comes last, and says so', async () => {
  const { run } = await verdictOf('main: call f\nexit\nf: call f\nr0 = 0\nexit\n');
  const { fixes } = await session.explain(run);
  expect(fixes.map(({ title, lastResort }) => [title, lastResort])).toEqual([
    ['Leave the recursive call out', true],
  ]);
});
