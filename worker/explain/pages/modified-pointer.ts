import type { RulePage } from '../page.ts';

export const modifiedPointer: RulePage = {
  rules: ['memory.var-off', 'memory.modified-pointer', 'memory.negative-off', 'call.releaseOffset'],
  title: 'The pointer was moved',
  explanation:
    'The ctx, sockets and kernel objects are used by the pointer as it was given. Something was added to it: a constant (then write it as the offset of the load or store instead) or a number that is not known (then there is no way: choose the field by branches). A helper or kfunc that takes such an object wants the unmodified pointer, too.',
  rationale:
    'Accesses are translated field by field, and functions take the pointer for the object’s beginning.',
  failing: `.prog   tc
main:   r1 += 4
        r0 = *(u32 *)(r1 + 0)
        r0 = 0
        exit
`,
  fixed: `.prog   tc
main:   r0 = *(u32 *)(r1 + 4)
        r0 = 0
        exit
`,
  related: ['ctx.invalid-access', 'memory.different-pointers', 'alu.kindProhibited'],
  fixes: [],
};
