import { releaseLeaked } from '../fixes/release.ts';
import { releaseOnJump } from '../fixes/release-on-jump.ts';
import type { RulePage } from '../page.ts';

export const referenceLeak: RulePage = {
  rules: ['context.referenceLeak'],
  title: 'A reference is never given back',
  explanation:
    'What a program acquires (a task, a socket, a ring buffer record, an iterator) it must release on every path, or store in a map with bpf_kptr_xchg. On the path shown the program ends while it still owns one.',
  rationale: 'The kernel counts references: an object that is never released is never freed.',
  failing: `.prog   tp_btf/task_newtask
main:   r1 = *(u64 *)(r1 + 0)
        call bpf_task_acquire
        if r0 == 0 goto out
        r6 = r0
out:    r0 = 0
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
  related: ['kfunc.releaseUnreferenced', 'reference.childLeaks', 'stack-object.overwrites-dynptr'],
  fixes: [releaseLeaked, releaseOnJump],
};
