import type { RulePage } from '../page.ts';

export const unboundedAccess: RulePage = {
  rules: ['memory.unbounded', 'memory.max-outside'],
  title: 'This access may reach outside of its memory',
  explanation:
    'The offset is not a constant, and what is known of it allows for values beyond the end of the memory. (If the offset is a constant, the access is simply too far.) Compare the index with its limit before it is added: on the way that goes on, the verifier knows the bound.',
  rationale: 'Whoever controls the index would read or write the kernel’s other data.',
  failing: `.prog   tc
.c
struct val { int numbers[16]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   r7 = *(u32 *)(r1 + 0)
        *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r7 <<= 2
        r0 += r7
        r0 = *(u32 *)(r0 + 0)
out:    r0 = 0
        exit
`,
  fixed: `.prog   tc
.c
struct val { int numbers[16]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   r7 = *(u32 *)(r1 + 0)
        *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        if r7 > 15 goto out
        r7 <<= 2
        r0 += r7
        r0 = *(u32 *)(r0 + 0)
out:    r0 = 0
        exit
`,
  related: [
    'memory.negative-min',
    'packet.outside',
    'memory.size-unbounded',
    'alu.offsetUnbounded',
    'stack.unbounded',
  ],
  fixes: [],
};
