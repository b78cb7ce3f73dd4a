import type { RulePage } from '../page.ts';

export const notRcu: RulePage = {
  rules: ['kfunc.notRcu'],
  title: 'The pointer must be protected by RCU',
  explanation:
    'The kfunc takes trusted pointers, or pointers that were read inside the RCU read section that is still open, from a field that RCU protects. In sleepable programs the section must be opened with bpf_rcu_read_lock; what was read inside is untrusted again after bpf_rcu_read_unlock. Fields that are not marked for RCU give untrusted pointers everywhere.',
  rationale: 'Outside of the section the object may be freed at any time.',
  failing: `.prog   tp_btf/task_newtask
main:   r1 = *(u64 *)(r1 + 0)
        r1 = *(u64 *)(r1 + 88)          // task->last_wakee
        call bpf_task_acquire
        if r0 == 0 goto out
        r1 = r0
        call bpf_task_release
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
  related: ['kfunc.notTrusted', 'kfunc.requiresRcu', 'context.insideRcu'],
  fixes: [],
};
