import type { RulePage } from '../page.ts';

export const speculation: RulePage = {
  rules: [
    'alu.mixedBounds',
    'alu.differentPaths',
    'alu.beyondBounds',
    'alu.stackOutOfRange',
    'alu.mapValueOutOfRange',
    'alu.unsupportedType',
    'alu.variableStack',
  ],
  title: 'Pointer arithmetic that could go astray in speculation',
  explanation:
    'Without privileges the verifier also asks what a CPU would do that guesses a branch wrong. Arithmetic on pointers is then allowed only if it can be masked: the number has one sign, the pointer stays inside of its object, and the same happens on all paths.',
  rationale:
    'A CPU that runs ahead adds the wrong number before it notices, and leaves traces in its caches of what it read there (Spectre).',
  failing: `.prog   socket
.unprivileged
.c
struct val { char bytes[64]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   r6 = r1
        *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r0 += 65
        r0 += -65
        r0 = 0
out:    r0 = 0
        exit
`,
  fixed: `.prog   socket
.unprivileged
.c
struct val { char bytes[64]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   r6 = r1
        *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r0 += 63
        r0 += -63
        r0 = 0
out:    r0 = 0
        exit
`,
  related: ['branch.pointerComparison', 'stack.var-off-unpriv', 'exit.leaksAddress'],
  fixes: [],
};
