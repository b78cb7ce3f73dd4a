import type { RulePage } from '../page.ts';

export const infiniteLoop: RulePage = {
  rules: ['search.infiniteLoop'],
  title: 'This loop would go round for ever',
  explanation:
    'The verifier came back to an instruction with exactly the state that it had there before: nothing that the program knows has changed, so the next round will be the same again.',
  rationale: 'A program that does not end would take the CPU away.',
  failing: `.prog   tc
main:   r6 = 0
loop:   if r6 == 0 goto loop
        r0 = 0
        exit
`,
  fixed: `.prog   tc
main:   r6 = 0
loop:   r6 += 1
        if r6 < 10 goto loop
        r0 = 0
        exit
`,
  related: ['cfg.backEdge', 'search.tooLarge', 'search.tooManyJumps'],
  fixes: [],
};
