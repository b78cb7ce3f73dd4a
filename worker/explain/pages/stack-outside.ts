import type { RulePage } from '../page.ts';

export const stackOutside: RulePage = {
  rules: ['stack.out-of-bounds', 'stack.var-out-of-bounds', 'stack.unbounded'],
  title: 'Outside of the stack',
  explanation:
    'The stack of a function is the 512 bytes below r10: offsets from -512 to -1. The access is above, below, or so far reaching that it leaves it; with an offset that is not constant, what is known of the offset must keep it inside. Reading below the lowest byte that any instruction of the function writes counts as outside, too: nothing was ever written there.',
  rationale: 'What lies beyond belongs to the caller and to the kernel: return addresses among it.',
  failing: `.prog   tc
main:   *(u64 *)(r10 + 0) = 0
        r0 = 0
        exit
`,
  fixed: `.prog   tc
main:   *(u64 *)(r10 - 8) = 0
        r0 = 0
        exit
`,
  related: ['stack.read-uninit', 'after.subprogStack', 'memory.misaligned'],
  fixes: [],
};
