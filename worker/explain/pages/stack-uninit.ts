import { writeStack } from '../fixes/values.ts';
import type { RulePage } from '../page.ts';

export const stackUninit: RulePage = {
  rules: ['stack.read-uninit', 'stack.range-uninit', 'stack.range-uninit-var'],
  title: 'This part of the stack was never written',
  explanation:
    'The stack of a program is not cleared: bytes may be read only after the program wrote them, on every path to the read. A buffer that is passed to a function must be written whole, padding included. Programs with CAP_PERFMON may read bytes that were never written directly, but some functions insist all the same.',
  rationale: 'Old stack contents belong to whoever ran before.',
  failing: `.prog   socket
.unprivileged
main:   *(u64 *)(r10 - 16) = 0
        r0 = *(u64 *)(r10 - 8)
        exit
`,
  fixed: `.prog   socket
.unprivileged
main:   *(u64 *)(r10 - 16) = 0
        *(u64 *)(r10 - 8) = 0
        r0 = *(u64 *)(r10 - 8)
        exit
`,
  related: ['reg.notReadable', 'stack.out-of-bounds', 'stack.read-poisoned'],
  fixes: [writeStack],
};
