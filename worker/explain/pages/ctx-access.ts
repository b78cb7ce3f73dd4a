import type { RulePage } from '../page.ts';

export const ctxAccess: RulePage = {
  rules: ['ctx.invalid-access'],
  title: 'Not a field of the ctx',
  explanation:
    'What r1 points to at the beginning is not memory but a window: a struct like __sk_buff or xdp_md, whose fields the kernel translates to its own one by one. An access must match a field that this program type has, in a size that the field may be read (or written) in. Some fields exist for certain attach types only, some are read-only.',
  rationale:
    'The kernel’s own structs look different in each version, and parts of them are not for programs to see.',
  failing: `.prog   tc
main:   r0 = *(u64 *)(r1 + 0)
        r0 = 0
        exit
`,
  fixed: `.prog   tc
main:   r0 = *(u32 *)(r1 + 0)
        r0 = 0
        exit
`,
  related: ['memory.var-off', 'memory.modified-pointer', 'atomic.store', 'memory.socket'],
  fixes: [],
};
