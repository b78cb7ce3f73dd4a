import { describe, expect, test } from 'vitest';
import '../../engine/verify.ts';
import type { Explanation } from '../../protocol.ts';
import { request, testSession } from '../../session/session.testkit.ts';

const session = testSession();

async function explained(source: string): Promise<Explanation> {
  const result = (await session.verify(request(source), () => undefined))!;
  return session.explain(result.run);
}

const insns = (e: Explanation): (number | null)[] => e.chain.map((link) => link.insn);
const whys = (e: Explanation): string => e.chain.map((link) => `${link.insn}: ${link.why}`).join('\n');

const MAP = `.c
struct val { char bytes[64]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
`;

describe('the slice of a rejection', () => {
  test('follows a value through a spill and a fill, and leaves out what does not matter', async () => {
    const e = await explained(`.prog tc
main:   r6 = 7
        r7 = 8
        *(u64 *)(r10 - 8) = r6
        r8 = r7
        r8 += r7
        r2 = *(u64 *)(r10 - 8)
        r0 = *(u32 *)(r2 + 0)
        exit
`);
    expect(insns(e)).toEqual([0, 2, 5, 6]);
    expect(whys(e)).toContain('5: R2 = 7, loaded from fp-8');
    expect(whys(e)).toContain('2: R6 is stored in fp-8');
    expect(e.way.map((step) => step.insn)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('follows a result into the function that returned it, and an argument back to its caller', async () => {
    const e = await explained(`.prog tc
main:   r6 = 5
        r1 = r6
        call same
        r0 = *(u32 *)(r0 + 0)
        exit
.func u64 same(u64 a)
same:   r0 = r1
        exit
`);
    expect(whys(e)).toMatch(/7: .*returned by the function|6: .*returned by the function/);
    expect(insns(e)).toEqual(expect.arrayContaining([0, 1, 3]));
  });

  test('names the call that took a register away, and until when the fact was true', async () => {
    const e = await explained(`.prog tc
main:   r2 = 1
        call bpf_ktime_get_ns
        r0 = r2
        exit
`);
    expect(e.missing).toMatchObject({ fact: 'R2 has a value', insn: 1 });
    expect(whys(e)).toContain('R2 is lost in the call of bpf_ktime_get_ns');
    expect(e.chain.find((link) => link.insn === 1)!.kind).toBe('lost');
  });

  test('control: the branch that led past the write, not one that decides nothing', async () => {
    const e = await explained(`.prog tc
main:   r6 = *(u32 *)(r1 + 0)
        r7 = *(u32 *)(r1 + 4)
        if r7 == 3 goto on
        r7 = 4
on:     if r6 == 0 goto use
        r2 = 1
use:    r0 = r2
        exit
`);
    const branches = e.chain.filter((link) => link.kind === 'branch');
    expect(branches.map((link) => link.insn)).toEqual([4]);
    expect(branches[0].why).toContain('past what instruction 5 writes');
    expect(e.missing).toMatchObject({ fact: 'R2 has a value', step: -1 });
  });

  test('a path that does the same and passes', async () => {
    const e = await explained(`.prog tc
${MAP}main:   r7 = *(u32 *)(r1 + 0)
        *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        if r7 == 0 goto bad
        goto use
bad:    r0 = 9
use:    r1 = *(u8 *)(r0 + 0)
out:    r0 = 0
        exit
`);
    expect(e.chain.at(-1)!.kind).toBe('refused');
    expect(e.sibling!.why).toContain('there R0 is map_value(map=m');
    expect(e.sibling!.insn).toBe(11);
    expect(e.missing!.fact).toMatch(/R0 is (a pointer that may be followed|not NULL)/);
  });

  test('the packet may have moved', async () => {
    const e = await explained(`.prog xdp
main:   r6 = r1
        r2 = *(u32 *)(r1 + 0)
        r3 = *(u32 *)(r1 + 4)
        r7 = r2
        r2 += 1
        if r2 > r3 goto out
        r1 = r6
        r2 = 0
        call bpf_xdp_adjust_head
        r0 = *(u8 *)(r7 + 0)
out:    r0 = 2
        exit
`);
    expect(whys(e)).toContain('bpf_xdp_adjust_head may move the packet');
    expect(e.missing!.insn).toBe(8);
  });
});

describe('changes', () => {
  test.each([
    [
      'a packet',
      '.prog xdp\nmain: r2 = *(u32 *)(r1 + 0)\n r3 = *(u32 *)(r1 + 4)\n r0 = *(u16 *)(r2 + 12)\n r0 = 2\n exit\n',
      /data_end/,
    ],
    [
      'a licence',
      '.prog kprobe/do_unlinkat\n.license MIT\nmain: *(u64 *)(r10 - 8) = 0\n r1 = r10\n r1 += -8\n r2 = 8\n call bpf_trace_printk\n r0 = 0\n exit\n',
      /GPL/,
    ],
    ['a result', '.prog fentry/__x64_sys_getpgid\nmain: r0 = 1\n exit\n', /Return 0/],
    [
      'interrupts',
      '.prog tc\nmain: r1 = r10\n r1 += -8\n call bpf_local_irq_save\n r0 = 0\n exit\n',
      /bpf_local_irq_restore/,
    ],
    [
      'a size',
      '.prog tracepoint/syscalls/sys_enter_getpgid\nmain: r2 = *(u64 *)(r1 + 16)\n r1 = r10\n r1 += -64\n r3 = 0\n call bpf_probe_read_kernel\n r0 = 0\n exit\n',
      /r2/,
    ],
    [
      'two faults',
      `.prog socket\n.unprivileged\n${MAP}main: *(u32 *)(r10 - 4) = 0\n r2 = r10\n r2 += -4\n r1 = m ll\n call bpf_map_lookup_elem\n r1 = *(u8 *)(r0 + 0)\n exit\n`,
      /then/,
    ],
  ])('%s', async (_what, source, title) => {
    const e = await explained(source);
    expect(e.verdict).toBe('rejected');
    expect(e.fixes.map((fix) => fix.title).join('\n')).toMatch(title);
    expect(e.fixes.every((fix) => fix.verified)).toBe(true);
  });
});
