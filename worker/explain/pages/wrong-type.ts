import type { RulePage } from '../page.ts';

export const wrongType: RulePage = {
  rules: ['call.wrongType'],
  title: 'This argument has the wrong type',
  explanation:
    'Each argument of a helper has a type: a map, a pointer to memory, the ctx, a number. The register holds something else.',
  rationale: 'The helper trusts that its arguments are what its prototype says.',
  failing: `.prog   tc
main:   *(u32 *)(r10 - 4) = 0
        r1 = 1
        r2 = r10
        r2 += -4
        call bpf_map_lookup_elem
        r0 = 0
        exit
`,
  fixed: `.prog   tc
.c
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, int); __type(value, long); } m SEC(".maps");
.endc
main:   *(u32 *)(r10 - 4) = 0
        r1 = m ll
        r2 = r10
        r2 += -4
        call bpf_map_lookup_elem
        r0 = 0
        exit
`,
  related: ['memory.not-memory', 'kfunc.wrongPointer', 'call.wrongBtfType', 'call.mapHelperMismatch'],
  fixes: [],
};
