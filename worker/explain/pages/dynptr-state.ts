import type { RulePage } from '../page.ts';

export const dynptrState: RulePage = {
  rules: ['call.dynptrUninitialized', 'call.dynptrInitialized'],
  title: 'The dynptr is not in the state that this needs',
  explanation:
    'A dynptr lives in 16 bytes of stack: one function makes it, others use it, and some kinds must be released. Here the slots hold none where one is needed: it was never made, was released, or was overwritten (or one is there where a new one should be made). Slices of it die with it.',
  rationale: 'Functions trust the bounds that a dynptr carries.',
  failing: `.prog   tc
.c
struct val { char bytes[64]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   r1 = r10
        r1 += -16
        call bpf_dynptr_size
        r0 = 0
        exit
`,
  fixed: `.prog   tc
.c
struct val { char bytes[64]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r1 = r0
        r2 = 64
        r3 = 0
        r4 = r10
        r4 += -16
        call bpf_dynptr_from_mem
        r1 = r10
        r1 += -16
        call bpf_dynptr_size
out:    r0 = 0
        exit
`,
  related: ['call.dynptrWrongType', 'call.dynptrExpectsStack', 'stack-object.overwrites-dynptr'],
  fixes: [],
};
