import type { RulePage } from '../page.ts';

export const negativeOffset: RulePage = {
  rules: ['memory.negative-min', 'memory.min-outside'],
  title: 'The access may be before the beginning',
  explanation:
    'The offset may be negative (or is so small that the access begins before the memory). A signed comparison bounds a number from above only: -1 is smaller than 16. Compare unsigned (if r7 > 15), check for s< 0 as well, or mask the number.',
  rationale: 'Memory before the object belongs to others, just as that behind it.',
  failing: `.prog   tc
.c
struct val { char bytes[64]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   r7 = *(u32 *)(r1 + 0)
        r7 &= 255
        r7 += -128
        *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        if r7 s> 15 goto out
        r0 += r7
        r0 = *(u8 *)(r0 + 0)
out:    r0 = 0
        exit
`,
  fixed: `.prog   tc
.c
struct val { char bytes[64]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   r7 = *(u32 *)(r1 + 0)
        r7 &= 255
        r7 += -128
        *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        if r7 > 15 goto out
        r0 += r7
        r0 = *(u8 *)(r0 + 0)
out:    r0 = 0
        exit
`,
  related: ['memory.unbounded', 'memory.max-outside', 'memory.size-negative', 'alu.offsetUnbounded'],
  fixes: [],
};
