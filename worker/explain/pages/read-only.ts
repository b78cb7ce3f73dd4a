import type { RulePage } from '../page.ts';

export const readOnly: RulePage = {
  rules: ['memory.cannot-write', 'map.write-forbidden', 'packet.read-only'],
  title: 'This memory is read-only',
  explanation:
    'The pointer may be read through but not written through: a read-only map (.rodata), a string, memory that a function lent for reading, or a packet in a program type that may only look.',
  rationale:
    'Others rely on it not to change, the verifier among them: it uses constants of read-only maps as known values.',
  failing: `.prog   tc
.c
const int limit = 5;
.endc
main:   r1 = limit ll
        *(u32 *)(r1 + 0) = 6
        r0 = 0
        exit
`,
  fixed: `.prog   tc
.c
int limit = 5;
.endc
main:   r1 = limit ll
        *(u32 *)(r1 + 0) = 6
        r0 = 0
        exit
`,
  related: ['object.read-only', 'map.key-write', 'call.writeIntoMap'],
  fixes: [],
};
