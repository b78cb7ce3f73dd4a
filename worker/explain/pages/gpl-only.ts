import type { RulePage } from '../page.ts';

export const gplOnly: RulePage = {
  rules: ['call.gplOnly', 'cfg.kfuncLicense'],
  title: 'Only for GPL programs',
  explanation:
    'The function may be called by programs with a GPL compatible licence only. The licence is a string in the object: char LICENSE[] SEC("license") = "GPL"; here: .license GPL.',
  rationale:
    'These functions open internals of the kernel, like those that are exported for GPL modules only.',
  failing: `.prog   kprobe/do_unlinkat
.license Proprietary
main:   *(u64 *)(r10 - 8) = 0
        r1 = r10
        r1 += -8
        r2 = 8
        call bpf_trace_printk
        r0 = 0
        exit
`,
  fixed: `.prog   kprobe/do_unlinkat
.license GPL
main:   *(u64 *)(r10 - 8) = 0
        r1 = r10
        r1 += -8
        r2 = 8
        call bpf_trace_printk
        r0 = 0
        exit
`,
  related: ['object.not-gpl', 'attach.lsmLicense', 'call.helperNotForProgram'],
  fixes: [],
};
