import type { RulePage } from '../page.ts';

export const nullableArithmetic: RulePage = {
  rules: ['alu.nullable'],
  title: 'Arithmetic on a pointer that may be NULL',
  explanation:
    'The pointer (…_or_null) has not been compared with NULL yet. Compare it first and add the offset then. Compilers sometimes move the addition up before the check.',
  rationale:
    'NULL plus an offset is no longer NULL: a check that comes later would not notice, and the access would go to a small address.',
  failing: `.prog   tc
.c
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, int); __type(value, long); } m SEC(".maps");
.endc
main:   *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        r0 += 4
        if r0 == 0 goto out
        r0 = *(u32 *)(r0 + 0)
out:    r0 = 0
        exit
`,
  fixed: `.prog   tc
.c
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, int); __type(value, long); } m SEC(".maps");
.endc
main:   *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r0 += 4
        r0 = *(u32 *)(r0 + 0)
out:    r0 = 0
        exit
`,
  related: ['memory.invalid-access', 'kfunc.possiblyNull', 'alu.kindProhibited'],
  fixes: [],
};
