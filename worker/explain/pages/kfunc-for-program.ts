import type { RulePage } from '../page.ts';

export const kfuncForProgram: RulePage = {
  rules: ['kfunc.notAllowed'],
  title: 'Not a kfunc for this program',
  explanation:
    'Kfuncs are registered for certain program types. This one is not registered for the type of the program (or for the struct_ops member, attach type or hook).',
  rationale: 'Where programs of this type run, what the function needs is not there, or it could do harm.',
  failing: `.prog   tc
main:   call bpf_get_current_task_btf
        r1 = r0
        call bpf_get_task_exe_file
        r0 = 0
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
  related: ['call.helperNotForProgram', 'cfg.kfuncLicense', 'kfunc.programNotSleepable'],
  fixes: [],
};
