import type { RulePage } from '../page.ts';

export const notTrusted: RulePage = {
  rules: ['kfunc.notTrusted'],
  title: 'The pointer is not trusted',
  explanation:
    'Kfuncs take pointers that are surely valid: the arguments of tracepoints, LSM hooks and struct_ops members, what was acquired, and a few fields of them that are marked as trusted. A pointer that was read by walking from struct to struct, or cast, is not. Acquire the object first, or find it in another way.',
  rationale:
    'A pointer that was read some time ago may lead to memory that was freed since. The function would follow it.',
  failing: `.prog   lsm.s/file_open
main:   call bpf_get_current_task_btf
        r1 = *(u64 *)(r0 + 1560)        // task->parent
        call bpf_get_task_exe_file
        if r0 == 0 goto out
        r1 = r0
        call bpf_put_file
out:    r0 = 0
        exit
`,
  fixed: `.prog   lsm.s/file_open
main:   call bpf_get_current_task_btf
        r1 = r0
        call bpf_get_task_exe_file
        if r0 == 0 goto out
        r1 = r0
        call bpf_put_file
out:    r0 = 0
        exit
`,
  related: ['kfunc.notRcu', 'kfunc.possiblyNull', 'kfunc.wrongPointer'],
  fixes: [],
};
