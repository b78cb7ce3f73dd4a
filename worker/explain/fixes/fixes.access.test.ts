import { testSession } from '../../session/session.testkit.ts';
import { HASH, RINGBUF, testFixes } from './fixes.testkit.ts';

testFixes(testSession(), 'fixes of accesses', [
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
  {
    name: 'a context is not changed atomically',
    program: '.prog tc\nmain:   w0 = 1\n        lock *(u32 *)(r1 + 8) += w0\n        r0 = 0\n        exit\n',
    rule: 'atomic.store',
    title: 'Read, change and write in three steps, which another CPU may come between',
    lines: ['r6 = *(u32 *)(r1 + 8)\n        r6 += r0\n        *(u32 *)(r1 + 8) = r6'],
  },
]);
