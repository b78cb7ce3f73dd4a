import type { RulePage } from '../page.ts';

export const notOwned: RulePage = {
  rules: ['kfunc.releaseUnreferenced', 'call.releaseUnreferenced'],
  title: 'Nothing is held that this could release',
  explanation:
    'The pointer is valid, but the program does not own a reference to the object: it was borrowed from the ctx, a map or an RCU read section, or was given back already. Only what an acquiring function returned (or bpf_kptr_xchg took out) can be released, once.',
  rationale:
    'The count of an object that belongs to somebody else would go down, and it would be freed while in use.',
  failing: `.prog   tp_btf/task_newtask
main:   r1 = *(u64 *)(r1 + 0)
        call bpf_task_release
        r0 = 0
        exit
`,
  fixed: `.prog   tp_btf/task_newtask
main:   r1 = *(u64 *)(r1 + 0)
        call bpf_task_acquire
        if r0 == 0 goto out
        r1 = r0
        call bpf_task_release
out:    r0 = 0
        exit
`,
  related: ['context.referenceLeak', 'kfunc.noAcquired', 'kfunc.notTrusted'],
  fixes: [],
};
