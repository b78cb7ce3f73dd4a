import type { RulePage } from '../page.ts';

export const zeroSize: RulePage = {
  rules: ['memory.size-zero', 'stack.zero-sized-read'],
  title: 'The size may be zero',
  explanation:
    'This function wants at least one byte. The size is known to have an upper bound, but 0 is still possible: check for it, or make the smallest value 1.',
  rationale:
    'Most functions were not written to cope with nothing, and a read of zero bytes leaves the buffer as it was: unwritten.',
  failing: `.prog   tp_btf/task_newtask
.c
struct val { char bytes[64]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   r6 = *(u64 *)(r1 + 8)
        *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r6 &= 31
        r1 = 0
        r2 = r0
        r3 = r6
        r4 = r0
        r5 = 8
        *(u64 *)(r10 - 16) = 0
        r1 = r2
        r2 = r3
        r3 = m ll
        r4 = r10
        r4 += -16
        r5 = 8
        call bpf_trace_printk
out:    r0 = 0
        exit
`,
  fixed: `.prog   tp_btf/task_newtask
.c
struct val { char bytes[64]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   r6 = *(u64 *)(r1 + 8)
        *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r6 &= 31
        if r6 == 0 goto out
        r1 = r0
        r2 = r6
        r3 = 0
        call bpf_trace_printk
out:    r0 = 0
        exit
`,
  related: ['memory.size-negative', 'memory.size-unbounded'],
  fixes: [],
};
