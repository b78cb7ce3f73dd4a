import { writeStack } from '../fixes/values.ts';
import type { RulePage } from '../page.ts';

export const stackUninit: RulePage = {
  rules: ['stack.out-of-bounds', 'stack.read-uninit', 'stack.range-uninit', 'stack.range-uninit-var'],
  title: 'This part of the stack was never written',
  explanation:
    'The stack of a program is not cleared: bytes may be read only after the program wrote them, on every path (privileged programs may read them anyway), and only within the 512 bytes below r10.',
  rationale: 'Old stack contents belong to whoever ran before.',
  failing: `.prog   socket
.unprivileged
main:   r0 = *(u64 *)(r10 - 8)
        exit
`,
  fixed: `.prog   socket
.unprivileged
main:   *(u64 *)(r10 - 8) = 0
        r0 = *(u64 *)(r10 - 8)
        exit
`,
  related: ['stack.zero-sized-read', 'reg.notReadable', 'stack.unbounded'],
  fixes: [writeStack],
};
