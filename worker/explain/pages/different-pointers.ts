import type { RulePage } from '../page.ts';

export const differentPointers: RulePage = {
  rules: ['memory.different-pointers'],
  title: 'One instruction, two kinds of pointer',
  explanation:
    'The same load or store is reached on one path with one kind of pointer (say the ctx) and on another with another kind (say the stack). Each kind needs other machine code. Give each path an instruction of its own: compilers merge them, which volatile or a barrier prevents.',
  rationale:
    'Accesses to the ctx and to some objects are rewritten; there is one instruction and so one rewriting for all paths.',
  failing: `.prog   tc
main:   *(u64 *)(r10 - 8) = 0
        r2 = *(u32 *)(r1 + 0)
        if r2 == 0 goto use
        r1 = r10
        r1 += -8
use:    r0 = *(u32 *)(r1 + 0)
        r0 = 0
        exit
`,
  fixed: `.prog   tc
main:   *(u64 *)(r10 - 8) = 0
        r2 = *(u32 *)(r1 + 0)
        if r2 == 0 goto use
        r1 = r10
        r1 += -8
        r0 = *(u32 *)(r1 + 0)
        goto out
use:    r0 = *(u32 *)(r1 + 0)
out:    r0 = 0
        exit
`,
  related: ['ctx.invalid-access', 'alu.arenaMixed', 'alu.differentPaths'],
  fixes: [],
};
