import type { RulePage } from '../page.ts';

export const backEdge: RulePage = {
  rules: ['cfg.backEdge'],
  title: 'A loop in a program without privileges',
  explanation:
    'A jump leads back to an earlier instruction. Programs loaded without CAP_BPF may not have loops at all, whether they end or not. Unroll it, or load the program with privileges.',
  rationale:
    'To prove that a loop ends the verifier walks each of its rounds. The unprivileged do not get that much of the kernel’s time.',
  failing: `.prog   socket
.unprivileged
main:   r0 = 0
loop:   r0 += 1
        if r0 < 4 goto loop
        r0 = 0
        exit
`,
  fixed: `.prog   socket
.unprivileged
main:   r0 = 0
        r0 += 1
        r0 += 1
        r0 += 1
        r0 = 0
        exit
`,
  related: ['search.infiniteLoop', 'search.tooLarge', 'cfg.callsNotPermitted'],
  fixes: [],
};
