import type { RulePage } from '../page.ts';

export const misaligned: RulePage = {
  rules: ['memory.misaligned', 'memory.misaligned-packet'],
  title: 'The access is not aligned',
  explanation:
    'The offset must be a multiple of the access’s size: always on the stack and in the ctx, for map values and packets only when the program is loaded with strict alignment (or the machine cannot do unaligned accesses).',
  rationale:
    'A value that is saved across two stack slots could not be tracked, and some CPUs cannot access it at all.',
  failing: `.prog   tc
main:   *(u64 *)(r10 - 7) = 0
        r0 = 0
        exit
`,
  fixed: `.prog   tc
main:   *(u64 *)(r10 - 8) = 0
        r0 = 0
        exit
`,
  related: ['stack.out-of-bounds', 'ctx.invalid-access'],
  fixes: [],
};
