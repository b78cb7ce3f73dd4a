import { useFirst } from '../fixes/release.ts';
import { checkNull } from '../fixes/values.ts';
import type { RulePage } from '../page.ts';

export const invalidAccess: RulePage = {
  rules: ['memory.invalid-access'],
  title: 'This is not a pointer that may be followed',
  explanation:
    'Memory is read and written through pointers whose target the verifier knows. What the register holds here is not one: a plain number, a pointer that may be NULL and was not checked, or something that a release or a call took away.',
  rationale: 'A wild or NULL pointer in the kernel is a crash or a hole.',
  failing: `.prog   tc
.c
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, int); __type(value, long); } m SEC(".maps");
.endc
main:   *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        r0 = *(u64 *)(r0 + 0)
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
        r0 = *(u64 *)(r0 + 0)
out:    r0 = 0
        exit
`,
  related: ['kfunc.possiblyNull', 'alu.nullable', 'reg.notReadable', 'packet.outside'],
  fixes: [checkNull, useFirst],
};
