import type { RulePage } from '../page.ts';

export const lockWithoutBtf: RulePage = {
  rules: ['context.lockMapWithoutBtf', 'context.lockMissing'],
  title: 'The map’s value has no lock that the verifier knows of',
  explanation:
    'A lock lies in the map’s value, and the map’s BTF says where. The map was declared without types (key_size and value_size only), or its value has no struct bpf_spin_lock. Declare it with __type(value, struct …) and a lock member.',
  rationale:
    'The kernel uses the bytes as a lock. It must be sure that nothing else is there, and that no program writes over it.',
  failing: `.prog   tc
.c
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __uint(key_size, 4); __uint(value_size, 8); } m SEC(".maps");
.endc
main:   *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r1 = r0
        call bpf_spin_lock
out:    r0 = 0
        exit
`,
  fixed: `.prog   tc
.c
struct val { struct bpf_spin_lock lock; int count; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r6 = r0
        r1 = r0
        call bpf_spin_lock
        r1 = r6
        call bpf_spin_unlock
out:    r0 = 0
        exit
`,
  related: ['context.lockWrongOffset', 'context.lockVariableOffset', 'map.field-direct'],
  fixes: [],
};
