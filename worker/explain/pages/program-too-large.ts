import type { RulePage } from '../page.ts';

export const programTooLarge: RulePage = {
  rules: ['search.tooLarge'],
  title: 'The program is too large to verify',
  explanation:
    'The verifier walked a million instructions and was not done. It counts what it walks, not what the program has: each round of a loop is walked, and each branch doubles the paths until their states become the same again. Loop less often; put the body into a function for bpf_loop, or use an iterator (bpf_for) or may_goto, which need only a few rounds; make values less exact that differ between paths without need; split the program by global functions or tail calls.',
  rationale:
    'Verification runs in the kernel on behalf of whoever loads the program. Its work must be bounded.',
  failing: `.prog   tc
main:   r6 = 0
loop:   r6 += 1
        if r6 < 1000000 goto loop
        r0 = 0
        exit
`,
  fixed: `.prog   tc
main:   r6 = 0
loop:   r6 += 1
        if r6 < 10000 goto loop
        r0 = 0
        exit
`,
  related: ['search.tooManyJumps', 'search.infiniteLoop', 'cfg.livenessTooComplex'],
  fixes: [],
};
