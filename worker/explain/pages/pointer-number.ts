import type { RulePage } from '../page.ts';

export const pointerNumber: RulePage = {
  rules: ['alu.offsetUnbounded', 'alu.offsetConstant', 'alu.offsetOutOfBounds', 'alu.pointerOffset'],
  title: 'The number that is added to the pointer is too uncertain',
  explanation:
    'A number can be added to a pointer only if it lies between -512 MB and 512 MB. This one has no bounds that small (“unbounded min value”: it may be any negative number). Bound it first: compare it unsigned, mask it, or make it with a 32-bit operation or a small load so that it cannot be negative.',
  rationale:
    'The verifier keeps track of pointers as base and offset; offsets that large would overflow its arithmetic, and it would believe a wrong result.',
  failing: `.prog   tracepoint/syscalls/sys_enter_getpgid
.c
struct val { char bytes[64]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   r7 = *(u64 *)(r1 + 16)
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
  fixed: `.prog   tracepoint/syscalls/sys_enter_getpgid
.c
struct val { char bytes[64]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   r7 = *(u64 *)(r1 + 16)
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
  related: ['memory.negative-min', 'memory.unbounded', 'alu.pointerProhibited'],
  fixes: [],
};
