import type { RulePage } from '../page.ts';

export const iteratorState: RulePage = {
  rules: ['kfunc.iterUninitialized', 'kfunc.iterInitialized'],
  title: 'The iterator is not in the state that this needs',
  explanation:
    'An iterator lives in a stack slot: bpf_iter_…_new makes it, _next moves it on, _destroy ends it, each exactly in that order on every path. Here the slot holds none where one is needed (or one is there where a new one should be made). It must be destroyed also on paths that leave the loop early.',
  rationale: 'An iterator holds locks and references that only its own functions keep in order.',
  failing: `.prog   tc
main:   r1 = r10
        r1 += -8
        call bpf_iter_num_next
        r0 = 0
        exit
`,
  fixed: `.prog   tc
main:   r1 = r10
        r1 += -8
        r2 = 0
        r3 = 3
        call bpf_iter_num_new
loop:   r1 = r10
        r1 += -8
        call bpf_iter_num_next
        if r0 != 0 goto loop
        r1 = r10
        r1 += -8
        call bpf_iter_num_destroy
        r0 = 0
        exit
`,
  related: ['kfunc.iterPointer', 'kfunc.noAcquired', 'context.referenceLeak'],
  fixes: [],
};
