import { testSession } from '../../session/session.testkit.ts';
import { LOOKUP, RINGBUF, testFixes } from './fixes.testkit.ts';

testFixes(testSession(), 'fixes of calls and regions', [
  {
    name: 'a helper that the program type may not call',
    program:
      '.prog socket\n.license GPL\nmain:   r2 = 0\n        call bpf_csum_update\n        r0 = 0\n        exit\n',
    rule: 'call.helperNotForProgram',
    title: 'Make it a program of section tc: those may call bpf_csum_update',
    lines: ['.prog   tc'],
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
]);
