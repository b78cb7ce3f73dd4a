import type { RulePage } from '../page.ts';

export const leaksAddress: RulePage = {
  rules: [
    'exit.leaksAddress',
    'call.leaksAddress',
    'memory.leaks-into-map',
    'memory.leaks-into-mem',
    'memory.leaks-into-ctx',
    'memory.leaks-into-packet',
  ],
  title: 'A pointer would become known to others',
  explanation:
    'A pointer of the kernel is about to be returned, passed as a number, or stored where it can be read as one. Programs loaded without CAP_PERFMON may not do that. Often the register was meant to hold a number and was overwritten, or not set on this path.',
  rationale:
    'Addresses of the kernel tell an attacker where to aim: hiding them is what makes many holes useless.',
  failing: `.prog   socket
.unprivileged
main:   r0 = r10
        exit
`,
  fixed: `.prog   socket
.unprivileged
main:   r0 = 0
        exit
`,
  related: ['branch.pointerComparison', 'stack.leak-spilled-pointer', 'exit.notKnown', 'alu.partialCopy'],
  fixes: [],
};
