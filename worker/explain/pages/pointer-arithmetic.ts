import type { RulePage } from '../page.ts';

export const pointerArithmetic: RulePage = {
  rules: [
    'alu.pointerProhibited',
    'alu.kindProhibited',
    'alu.pointerWithPointer',
    'alu.bitwise',
    'alu.operator',
    'alu.pointer32',
    'alu.partialCopy',
    'alu.subtractFromScalar',
  ],
  title: 'Arithmetic that this pointer does not have',
  explanation:
    'Pointers to memory can be moved by adding and subtracting numbers, with 64-bit instructions. They cannot be multiplied, masked, negated or halved, and two of them cannot be added. Pointers to maps, sockets, the end of the packet and functions cannot be moved at all.',
  rationale:
    'The verifier must know at any time what a pointer points to and how far it is from the beginning.',
  failing: `.prog   socket
.unprivileged
main:   r2 = r10
        w2 += -8
        r0 = 0
        exit
`,
  fixed: `.prog   socket
.unprivileged
main:   r2 = r10
        r2 += -8
        r0 = 0
        exit
`,
  related: ['alu.nullable', 'alu.offsetUnbounded', 'memory.invalid-access'],
  fixes: [],
};
