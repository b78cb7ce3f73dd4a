import type { RulePage } from '../page.ts';

export const tooManyJumps: RulePage = {
  rules: ['search.tooManyJumps', 'search.tooManyAsyncJumps'],
  title: 'Too many branches wait to be walked',
  explanation:
    'At each branch the verifier follows one way and puts the other aside. Here 8192 ways were put aside in a row, without one of them being taken up: usually a loop with a branch in it that runs thousands of rounds on one path. Use bpf_loop, an iterator or may_goto for long loops.',
  rationale: 'Each way that waits is a copy of all that is known: registers, stack, references.',
  failing: `.prog   tc
main:   r6 = 0
loop:   call bpf_get_prandom_u32
        if r0 == 7 goto out
        r6 += 1
        if r6 < 100000 goto loop
out:    r0 = r6
        exit
`,
  fixed: `.prog   tc
main:   r6 = 0
loop:   call bpf_get_prandom_u32
        if r0 == 7 goto out
        r6 += 1
        may_goto out
        goto loop
out:    r0 = 0
        exit
`,
  related: ['search.tooLarge', 'search.infiniteLoop'],
  fixes: [],
};
