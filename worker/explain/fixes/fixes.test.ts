import { describe, expect, test } from 'vitest';
import '../../engine/verify.ts';
import { request, testSession } from '../../session/session.testkit.ts';
import { applyEdits } from '../edits.ts';

const session = testSession();

/** A program that is refused, a fix that must be offered by this title, and lines that its text then has. */
interface FixCase {
  readonly name: string;
  readonly program: string;
  readonly rule: string;
  readonly title: string;
  readonly lines: readonly string[];
}

const HASH = `.c
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, long long); __type(value, long long); } m SEC(".maps");
.endc
`;
const RINGBUF = `.c
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } rb SEC(".maps");
.endc
`;

/** A socket looked up in r0: r6 holds the context. */
const LOOKUP = `        r6 = r1
        r2 = 0
        *(u64 *)(r10 - 8) = r2
        *(u64 *)(r10 - 16) = r2
        r2 = r10
        r2 += -16
        r3 = 12
        r4 = 0
        r5 = 0
        call bpf_sk_lookup_tcp
`;

const CASES: readonly FixCase[] = [
  {
    name: 'a field of the context is read as a whole',
    program: '.prog sk_lookup\nmain:   r0 = *(u64 *)(r1 + 36)\n        r0 = 1\n        exit\n',
    rule: 'ctx.invalid-access',
    title: 'Read the field at offset 36 as a whole: r0 = *(u32 *)(r1 + 36)',
    lines: ['main:   r0 = *(u32 *)(r1 + 36)'],
  },
  {
    name: 'a field that only other programs may read',
    program: '.prog socket\nmain:   r0 = *(u32 *)(r1 + 160)\n        r0 = 0\n        exit\n',
    rule: 'ctx.invalid-access',
    title: 'Make it a program of section tc: those may read this field',
    lines: ['.prog   tc'],
  },
  {
    name: 'a field that is read-only',
    program: '.prog cgroup/skb\nmain:   r0 = 0\n        *(u32 *)(r1 + 164) = r0\n        exit\n',
    rule: 'ctx.invalid-access',
    title: 'Write the field at offset 64, which programs of this type may write: *(u32 *)(r1 + 64) = r0',
    lines: ['        *(u32 *)(r1 + 64) = r0'],
  },
  {
    name: 'a helper that the program type may not call',
    program:
      '.prog socket\n.license GPL\nmain:   r2 = 0\n        call bpf_csum_update\n        r0 = 0\n        exit\n',
    rule: 'call.helperNotForProgram',
    title: 'Make it a program of section tc: those may call bpf_csum_update',
    lines: ['.prog   tc'],
  },
  {
    name: 'a context that was moved is read as it was given',
    program:
      '.prog tc\nmain:   r2 = *(u32 *)(r1 + 0)\n        r2 &= 4\n        r1 += r2\n        r0 = *(u32 *)(r1 + 0)\n        r0 = 0\n        exit\n',
    rule: 'memory.var-off',
    title: 'Follow r1 as it was given, without r1 += r2',
    lines: ['        r2 &= 4\n        r0 = *(u32 *)(r1 + 0)'],
  },
  {
    name: 'what a helper reads of the context is copied to the stack',
    program:
      '.prog kprobe\n.license GPL\n.c\nstatic const char word[4] SEC(".rodata") = { 97, 98, 99 };\n.endc\nmain:   r1 += 8\n        r2 = 4\n        r3 = word ll\n        call bpf_strncmp\n        r0 = 0\n        exit\n',
    rule: 'memory.modified-pointer',
    title: 'Copy 4 bytes of the context to the stack, and pass those to bpf_strncmp',
    lines: ['r0 = *(u64 *)(r1 + 8)', '*(u64 *)(r10 - 8) = r0', 'r1 += -8\n        call bpf_strncmp'],
  },
  {
    name: 'packet pointers are loaded again after a call that may move the packet',
    program: `.prog tc
main:   r6 = r1
        r7 = *(u32 *)(r1 + 76)
        r3 = *(u32 *)(r1 + 80)
        r2 = r7
        r2 += 14
        if r2 > r3 goto out
        r2 = 14
        call bpf_skb_pull_data
        if r0 != 0 goto out
        r0 = *(u8 *)(r7 + 12)
        r0 = *(u32 *)(r6 + 0)
out:    r0 = 0
        exit
`,
    rule: 'memory.invalid-access',
    title: 'Load the packet’s pointers again and compare with its end',
    lines: ['        r7 = *(u32 *)(r6 + 76)', '        if r1 > r0 goto out'],
  },
  {
    name: 'a comparison with data_end that leads the wrong way',
    program: `.prog tc
main:   r2 = *(u32 *)(r1 + 76)
        r3 = *(u32 *)(r1 + 80)
        r0 = r2
        r0 += 8
        if r0 > r3 goto read
        r0 = 0
        exit
read:   r0 = *(u8 *)(r2 + 0)
        r0 = 0
        exit
`,
    rule: 'memory.min-outside',
    title: 'Turn the comparison around: if r0 <= r3 goto read',
    lines: ['        if r0 <= r3 goto read'],
  },
  {
    name: 'the context is kept for a comparison that comes later',
    program: `.prog xdp
${HASH}main:   r2 = *(u32 *)(r1 + 0)
        r1 = m ll
        call bpf_map_lookup_elem
        r0 = 0
        exit
`,
    rule: 'memory.min-outside',
    title: 'Compare with data_end first: 8 bytes behind r2',
    lines: ['main:   r8 = r1', '        r7 = *(u32 *)(r8 + 4)', '        if r6 > r7 goto out'],
  },
  {
    name: 'a number is followed by bpf_probe_read_kernel',
    program:
      '.prog tc\n.license GPL\nmain:   call bpf_ktime_get_ns\n        r6 = r0\n        r0 = *(u64 *)(r6 + 8)\n        r0 = 0\n        exit\n',
    rule: 'memory.invalid-access',
    title: 'Read it with bpf_probe_read_kernel',
    lines: ['r3 = r6', 'r3 += 8', 'call bpf_probe_read_kernel', 'r0 = *(u64 *)(r10 - 8)'],
  },
  {
    name: 'a constant is no address: the stack is used',
    program:
      '.prog socket\nmain:   r0 = 1\n        r1 = 0\n        lock *(u64 *)(r1 - 8) += r0\n        r0 = 0\n        exit\n',
    rule: 'memory.invalid-access',
    title: 'Use the stack, not r1: lock *(u64 *)(r10 - 8) += r0',
    lines: ['*(u64 *)(r10 - 8) = 0'],
  },
  {
    name: 'what a call takes from r1 is kept',
    program: `.prog tc
main:   call bpf_ktime_get_ns
        r0 = *(u32 *)(r1 + 0)
        r0 = 0
        exit
`,
    rule: 'reg.notReadable',
    title: 'Keep r1 in r6 while bpf_ktime_get_ns is called',
    lines: ['main:   r6 = r1', '        r1 = r6'],
  },
  {
    name: 'a store that hits a kept pointer goes elsewhere',
    program: `.prog tc
main:   *(u64 *)(r10 - 8) = r1
        r0 = 0
        *(u8 *)(r10 - 7) = r0
        r1 = *(u64 *)(r10 - 8)
        r0 = *(u32 *)(r1 + 0)
        r0 = 0
        exit
`,
    rule: 'memory.invalid-access',
    title: 'Write to another place of the stack than fp-8, which is still needed: *(u8 *)(r10 - 16) = r0',
    lines: ['        *(u8 *)(r10 - 16) = r0'],
  },
  {
    name: 'what nothing keeps is released at once',
    program: `.prog tc
.license GPL
main:
${LOOKUP}        r0 = 0
        exit
`,
    rule: 'context.referenceLeak',
    title: 'Release what bpf_sk_lookup_tcp returns, which nothing keeps, with bpf_sk_release',
    lines: ['        if r0 == 0 goto skip\n        r1 = r0\n        call bpf_sk_release'],
  },
  {
    name: 'a release that comes too late comes before',
    program: `.prog tc
.license GPL
.c
struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 4); __type(key, int); __type(value, int); } progs SEC(".maps");
.endc
main:
${LOOKUP}        if r0 == 0 goto out
        r7 = r0
        r1 = r6
        r2 = progs ll
        r3 = 0
        call bpf_tail_call
        r1 = r7
        call bpf_sk_release
out:    r0 = 0
        exit
`,
    rule: 'context.referenceLeak',
    title: 'Call bpf_sk_release before this, not behind it',
    lines: ['        call bpf_sk_release\n        r1 = r6', '        call bpf_tail_call\nout:    r0 = 0'],
  },
  {
    name: 'what was given back is not given back again',
    program: `.prog tc
.license GPL
main:
${LOOKUP}        if r0 == 0 goto out
        r7 = r0
        r1 = r0
        call bpf_sk_release
        r1 = r7
        call bpf_sk_release
out:    r0 = 0
        exit
`,
    rule: 'call.wrongType',
    title: 'There is nothing to give back here: without this call of bpf_sk_release',
    lines: ['        call bpf_sk_release\nout:    r0 = 0'],
  },
  {
    name: 'the context is passed where it is wanted',
    program:
      '.prog cgroup/skb\nmain:   r1 = 1\n        call bpf_get_netns_cookie\n        r0 = 0\n        exit\n',
    rule: 'call.wrongType',
    title: 'Pass the context in r1',
    lines: ['main:   r6 = r1', '        r1 = r6\n        call bpf_get_netns_cookie'],
  },
  {
    name: 'an object of the wanted struct is passed',
    program: `.prog tp_btf/task_newtask
.license GPL
main:   r1 = 0
        call bpf_task_acquire
        if r0 == 0 goto out
        r1 = r0
        call bpf_task_release
out:    r0 = 0
        exit
`,
    rule: 'kfunc.possiblyNull',
    title: 'Pass the result of bpf_get_current_task_btf in r1',
    lines: ['        call bpf_get_current_task_btf\n        r1 = r0\n        call bpf_task_acquire'],
  },
  {
    name: 'the dynptr is passed from its beginning',
    program: `.prog raw_tp
.license GPL
${RINGBUF}main:   r1 = rb ll
        r2 = 8
        r3 = 0
        r4 = r10
        r4 += -16
        call bpf_ringbuf_reserve_dynptr
        r1 = r10
        r1 += -8
        r2 = 0
        call bpf_ringbuf_discard_dynptr
        r0 = 0
        exit
`,
    rule: 'call.dynptrUninitialized',
    title: 'Pass the dynptr at fp-16 in r1',
    lines: ['        r1 = r10\n        r1 += -16\n        call bpf_ringbuf_discard_dynptr'],
  },
  {
    name: 'a dynptr is made before it is used',
    program: `.prog raw_tp
.license GPL
${RINGBUF}main:   r1 = r10
        r1 += -16
        r2 = 0
        call bpf_ringbuf_submit_dynptr
        r0 = 0
        exit
`,
    rule: 'call.dynptrUninitialized',
    title: 'Make the dynptr first, with bpf_ringbuf_reserve_dynptr on rb',
    lines: ['        r4 += -16\n        call bpf_ringbuf_reserve_dynptr'],
  },
  {
    name: 'interrupts are restored newest first',
    program: `.prog tc
.license GPL
main:   r1 = r10
        r1 += -8
        call bpf_local_irq_save
        r1 = r10
        r1 += -16
        call bpf_local_irq_save
        r1 = r10
        r1 += -8
        call bpf_local_irq_restore
        r1 = r10
        r1 += -16
        call bpf_local_irq_restore
        r0 = 0
        exit
`,
    rule: 'stack-object.irq-order',
    title:
      'Restore the flag at fp-16 here: the last saved goes first; then restore the flag at fp-8 here: the last saved goes first',
    lines: [
      '        r1 += -16\n        call bpf_local_irq_restore',
      '        r1 += -8\n        call bpf_local_irq_restore',
    ],
  },
  {
    name: 'a pointer to the stack is added to, not subtracted from',
    program:
      '.prog socket\nmain:   r0 = 0\n        r1 = r10\n        r1 -= 8\n        *(u64 *)(r1 + 0) = r0\n        exit\n',
    rule: 'alu.subtractFromStack',
    title: 'Add the negative number: r1 += -8',
    lines: ['        r1 += -8'],
  },
  {
    name: 'a constant that leads inside of a value',
    program: `.prog socket
${HASH}main:   r1 = 0
        *(u64 *)(r10 - 8) = r1
        r2 = r10
        r2 += -8
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r0 += 2147483646
        r0 = *(u8 *)(r0 + 0)
out:    r0 = 0
        exit
`,
    rule: 'alu.offsetConstant',
    title: 'Point to a constant place inside, offset 7 of 8 bytes, not to what r0 += 2147483646 yields',
    lines: ['        r0 += 7'],
  },
  {
    name: 'a pointer that must not be moved',
    program:
      '.prog tc\nmain:   r2 = *(u32 *)(r1 + 76)\n        r3 = *(u32 *)(r1 + 80)\n        r3 += 16\n        r2 += 8\n        if r2 > r3 goto out\nout:    r0 = 0\n        exit\n',
    rule: 'alu.kindProhibited',
    title: 'Use r3 as it was given, without r3 += 16',
    lines: ['        r3 = *(u32 *)(r1 + 80)\n        r2 += 8'],
  },
  {
    name: 'an ordinary load of the context',
    program: '.prog socket\nmain:   w0 = load_acquire((u32 *)(r1 + 0))\n        r0 = 0\n        exit\n',
    rule: 'atomic.load',
    title: 'Use an ordinary access: r0 = *(u32 *)(r1 + 0)',
    lines: ['main:   r0 = *(u32 *)(r1 + 0)'],
  },
  {
    name: 'an address is not shown to users',
    program: `.prog socket
.unprivileged
${HASH}main:   r1 = 0
        *(u64 *)(r10 - 8) = r1
        r2 = r10
        r2 += -8
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        *(u64 *)(r0 + 0) = r10
out:    r0 = 0
        exit
`,
    rule: 'memory.leaks-into-map',
    title: 'Write a number there, not the address in r10: *(u64 *)(r0 + 0) = 0',
    lines: ['        *(u64 *)(r0 + 0) = 0'],
  },
  {
    name: 'what would go to the frame pointer goes to another register',
    program: '.prog socket\nmain:   r10 = r1\n        r0 = 0\n        exit\n',
    rule: 'reg.fpReadOnly',
    title: 'Use another register than r10: r6 = r1',
    lines: ['main:   r6 = r1'],
  },
  {
    name: 'the iterator is passed, not another place',
    program: `.prog raw_tp
.license GPL
main:   r1 = r10
        r1 += -8
        r2 = 0
        r3 = 10
        call bpf_iter_num_new
        r1 = r10
        call bpf_iter_num_destroy
        r0 = 0
        exit
`,
    rule: 'kfunc.iterUninitialized',
    title: 'Pass the iterator at fp-8 in r1',
    lines: ['        r1 += -8\n        call bpf_iter_num_destroy'],
  },
  {
    name: 'all saved flags are restored before the end',
    program: `.prog tc
.license GPL
main:   r1 = r10
        r1 += -8
        call bpf_local_irq_save
        r1 = r10
        r1 += -16
        call bpf_local_irq_save
        r0 = 0
        exit
`,
    rule: 'context.insideIrqSave',
    title: 'Call bpf_local_irq_restore before this',
    lines: [
      '        r1 += -16\n        call bpf_local_irq_restore\n        r1 = r10\n        r1 += -8\n        call bpf_local_irq_restore',
    ],
  },
  {
    name: 'a region that was entered twice is left twice',
    program:
      '.prog tc\n.license GPL\nmain:   call bpf_preempt_disable\n        call bpf_preempt_disable\n        r0 = 0\n        exit\n',
    rule: 'context.insidePreempt',
    title: 'Call bpf_preempt_enable before this',
    lines: ['        call bpf_preempt_enable\n        call bpf_preempt_enable'],
  },
  {
    name: 'a store that hits a saved flag goes elsewhere',
    program: `.prog tc
.license GPL
main:   r1 = r10
        r1 += -8
        call bpf_local_irq_save
        *(u64 *)(r10 - 8) = 7
        r1 = r10
        r1 += -8
        call bpf_local_irq_restore
        r0 = 0
        exit
`,
    rule: 'kfunc.irqFlagUninitialized',
    title: 'Write to another place of the stack than fp-8, which is still needed: *(u64 *)(r10 - 16) = 7',
    lines: ['        *(u64 *)(r10 - 16) = 7'],
  },
  {
    name: 'the lock that is held is given back',
    program: `.prog tc
.license GPL
.c
struct val { struct bpf_spin_lock lock; int n; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct val); } a SEC(".maps");
.endc
main:   *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = a ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r6 = r0
        r2 = r10
        r2 += -4
        r1 = a ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r7 = r0
        r1 = r6
        call bpf_spin_lock
        r1 = r7
        call bpf_spin_unlock
out:    r0 = 0
        exit
`,
    rule: 'context.unlockDifferent',
    title: 'Pass the lock that bpf_spin_lock took; r8 keeps it',
    lines: ['        r8 = r1\n        call bpf_spin_lock', '        r1 = r8\n        call bpf_spin_unlock'],
  },
  {
    name: 'a size that is negative',
    program: `.prog tc
main:   r2 = 4
        r3 = r10
        r3 += -8
        r4 = -1
        call bpf_skb_load_bytes
        r0 = 0
        exit
`,
    rule: 'memory.size-negative',
    title: 'Pass 8 bytes',
    lines: ['        r4 = 8\n        call bpf_skb_load_bytes'],
  },
  {
    name: 'an atomic access is aligned',
    program:
      '.prog socket\nmain:   r0 = 1\n        *(u64 *)(r10 - 8) = 0\n        lock *(u32 *)(r10 - 7) += w0\n        r0 = 0\n        exit\n',
    rule: 'memory.misaligned',
    title: 'Write lock *(u32 *)(r10 - 8) += w0',
    lines: ['        lock *(u32 *)(r10 - 8) += w0'],
  },
  {
    name: 'what may not be written is kept on the stack',
    program: '.prog sk_lookup\nmain:   r0 = 1\n        *(u32 *)(r1 + 0) = r0\n        exit\n',
    rule: 'ctx.invalid-access',
    title: 'Keep it in the program’s own memory, on the stack: *(u32 *)(r10 - 8) = r0',
    lines: ['        *(u32 *)(r10 - 8) = r0'],
  },
  {
    name: 'a variable place of the stack becomes a constant one',
    program: `.prog socket
.unprivileged
main:   r2 = *(u32 *)(r1 + 0)
        r2 &= 4
        r2 -= 8
        r2 += r10
        *(u32 *)(r2 + 0) = 0
        r0 = 0
        exit
`,
    rule: 'alu.variableStack',
    title: 'Point to a constant place inside, fp-8, not to what r2 += r10 yields',
    lines: ['        r2 = r10\n        r2 += -8'],
  },
  {
    name: 'a call writes to a free place of the stack',
    program: `.prog raw_tp
.license GPL
${RINGBUF}main:   r1 = rb ll
        r2 = 8
        r3 = 0
        r4 = r10
        r4 += -16
        call bpf_ringbuf_reserve_dynptr
        r1 = r10
        r1 += -16
        r2 = 16
        call bpf_get_current_comm
        r1 = r10
        r1 += -16
        r2 = 0
        call bpf_ringbuf_discard_dynptr
        r0 = 0
        exit
`,
    rule: 'stack-object.overwrites-dynptr',
    title: 'Pass a free place of the stack in r1: fp-32',
    lines: ['        r1 += -32\n        call bpf_get_current_comm'],
  },
  {
    name: 'three faults are mended one after the other',
    program: `.prog tc
${HASH}main:   r2 = r10
        r2 += -8
        r1 = m ll
        call bpf_map_lookup_elem
        r1 = *(u64 *)(r0 + 0)
        *(u64 *)(r0 + 8) = r1
        r2 = r3
        exit
`,
    rule: 'memory.invalid-access',
    title: 'Check r0 for NULL first; then write *(u64 *)(r0 + 0) = r1; then set r3 first',
    lines: ['if r0 == 0 goto out', '        *(u64 *)(r0 + 0) = r1', 'r3 = 0'],
  },
];

async function verified(source: string) {
  return (await session.verify(request(source), () => undefined))!;
}

// what is offered depends on how much can be tried in the time that a reader waits: a busy machine gets another chance
describe('fixes', { retry: 2 }, () => {
  test.each(CASES)('$name', async ({ program, rule, title, lines }) => {
    const result = await verified(program);
    expect(result.rule).toBe(rule);
    const { fixes } = await session.explain(result.run);
    const fix = fixes.find((one) => one.title === title);
    expect(fix, fixes.map((one) => one.title).join('\n')).toBeDefined();
    expect(fix!.lastResort).toBe(false);
    const mended = applyEdits(program, fix!.edits);
    for (const line of lines) expect(mended).toContain(line);
    expect((await verified(mended)).message).toBe('');
  });

  test('to leave something out, and to ask for privileges, are last resorts', async () => {
    const program =
      '.prog socket\n.unprivileged\nmain:   r0 = 0\n        if r1 >= 4 goto out\nout:    exit\n';
    const { fixes } = await session.explain((await verified(program)).run);
    expect(fixes.map(({ title, lastResort }) => [title, lastResort])).toEqual([
      ['Leave if r1 >= 4 goto out out', true],
      ['Load it with privileges', true],
    ]);
  });

  test('so is another field where the one that is meant may not be read', async () => {
    const program =
      '.prog cgroup/skb\n.unprivileged\nmain:   r0 = *(u32 *)(r1 + 72)\n        r0 = 0\n        exit\n';
    const { fixes } = await session.explain((await verified(program)).run);
    expect(fixes.find(({ title }) => title.includes('may read'))?.lastResort).toBe(true);
  });
});
