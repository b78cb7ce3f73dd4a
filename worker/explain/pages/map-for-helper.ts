import type { RulePage } from '../page.ts';

export const mapForHelper: RulePage = {
  rules: ['call.mapHelperMismatch'],
  title: 'This helper is not for maps of this type',
  explanation:
    'Each map type has its own operations: a program array is only jumped through, a queue is pushed and popped, a ring buffer is reserved from, elements of some maps are looked up by the kernel alone.',
  rationale: 'The map’s code has no such operation; the helper would take its memory for something else.',
  failing: `.prog   tc
.c
struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 1); __uint(key_size, 4); __uint(value_size, 4); } progs SEC(".maps");
.endc
main:   *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = progs ll
        call bpf_map_lookup_elem
        r0 = 0
        exit
`,
  fixed: `.prog   tc
.c
struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 1); __uint(key_size, 4); __uint(value_size, 4); } progs SEC(".maps");
.endc
main:   r2 = progs ll
        r3 = 0
        call bpf_tail_call
        r0 = 0
        exit
`,
  related: ['call.tailCallMap', 'cfg.noDirectValue', 'map.no-type'],
  fixes: [],
};
