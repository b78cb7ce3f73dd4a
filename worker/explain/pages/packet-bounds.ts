import type { RulePage } from '../page.ts';

export const packetBounds: RulePage = {
  rules: ['packet.outside'],
  under: ['memory.min-outside', 'memory.max-outside', 'memory.unbounded'],
  title: 'The packet may be too short',
  explanation:
    'Between data and data_end lies the packet, and the verifier does not know how long it is. Bytes may be accessed only where a comparison on this path has shown that the packet reaches beyond them: add the length to a copy of the pointer, compare it with data_end, leave if it is larger. The proof holds for that pointer and its copies; adding a number that is not constant begins a new one.',
  rationale: 'What lies behind the packet in memory belongs to others.',
  failing: `.prog   xdp
main:   r2 = *(u32 *)(r1 + 0)
        r3 = *(u32 *)(r1 + 4)
        r0 = *(u16 *)(r2 + 12)
out:    r0 = 2
        exit
`,
  fixed: `.prog   xdp
main:   r2 = *(u32 *)(r1 + 0)
        r3 = *(u32 *)(r1 + 4)
        r4 = r2
        r4 += 14
        if r4 > r3 goto out
        r0 = *(u16 *)(r2 + 12)
out:    r0 = 2
        exit
`,
  related: ['packet.read-only', 'memory.max-outside', 'alu.offsetUnbounded', 'call.packetAccess'],
  fixes: [],
};
