import { checkNull } from '../fixes/values.ts';
import type { RulePage } from '../page.ts';

export const possiblyNull: RulePage = {
  rules: ['kfunc.possiblyNull', 'call.possiblyNullHelper'],
  title: 'This argument may be NULL',
  explanation:
    'The function wants a pointer that is surely there. The value passed may be NULL, because what made it may fail. Compare it with 0 and leave on that way; on the other one the verifier knows that it is not NULL.',
  rationale: 'Inside, the function follows the pointer without asking.',
  failing: `.prog   tp_btf/task_newtask
main:   r1 = *(u64 *)(r1 + 0)
        call bpf_task_acquire
        r1 = r0
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
  related: ['memory.invalid-access', 'alu.nullable', 'kfunc.notTrusted'],
  fixes: [checkNull],
};
