import type { RulePage } from '../page.ts';

export const combinedStack: RulePage = {
  rules: ['after.combinedStack', 'after.subprogStack'],
  title: 'The functions use too much stack together',
  explanation:
    'Functions that call each other are on the stack at once; their frames may take 512 bytes together. Each counts with the lowest offset that it uses, rounded up to 16. Put large buffers into a map (a per-CPU array of one element), pass a buffer down instead of having one in each function, or do one after the other.',
  rationale: 'The kernel’s stack has 16 KB for everything: the system call, interrupts, and the program.',
  failing: `.prog   tc
main:   *(u64 *)(r10 - 400) = 0
        call helper
        r0 = 0
        exit
.func int helper(void)
helper: *(u64 *)(r10 - 200) = 0
        r0 = 0
        exit
`,
  fixed: `.prog   tc
main:   *(u64 *)(r10 - 200) = 0
        call helper
        r0 = 0
        exit
.func int helper(void)
helper: *(u64 *)(r10 - 200) = 0
        r0 = 0
        exit
`,
  related: ['stack.out-of-bounds', 'after.callDepth', 'after.tailCallDepth'],
  fixes: [],
};
