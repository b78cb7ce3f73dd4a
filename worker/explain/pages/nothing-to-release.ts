import { removeCall } from '../fixes/move-call.ts';
import type { RulePage } from '../page.ts';

export const nothingToRelease: RulePage = {
  rules: ['kfunc.noAcquired'],
  title: 'The iterator holds nothing that could be released',
  explanation:
    'A _release kfunc gives back what the last _next acquired. Here it was given back before, or _next did not return anything.',
  rationale: 'Releasing twice would drop a lock or count that belongs to somebody else.',
  failing: `.prog   fentry.s/__x64_sys_getpgid
.semantics kf-forbid-fault
main:   call bpf_get_current_task_btf
        r6 = r10
        r6 += -8
        r1 = r6
        r2 = r0
        r3 = 0
        call bpf_iter_task_vma_new
        r1 = r6
        call bpf_iter_task_vma_next
        if r0 == 0 goto done
        r1 = r6
        call bpf_iter_task_vma_release
        r1 = r6
        call bpf_iter_task_vma_release
done:   r1 = r6
        call bpf_iter_task_vma_destroy
        r0 = 0
        exit
`,
  fixed: `.prog   fentry.s/__x64_sys_getpgid
.semantics kf-forbid-fault
main:   call bpf_get_current_task_btf
        r6 = r10
        r6 += -8
        r1 = r6
        r2 = r0
        r3 = 0
        call bpf_iter_task_vma_new
        r1 = r6
        call bpf_iter_task_vma_next
        if r0 == 0 goto done
        r1 = r6
        call bpf_iter_task_vma_release
done:   r1 = r6
        call bpf_iter_task_vma_destroy
        r0 = 0
        exit
`,
  related: ['kfunc.releaseUnreferenced', 'context.referenceLeak'],
  fixes: [removeCall],
};
