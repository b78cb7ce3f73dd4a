import type { RulePage } from '../page.ts';

export const helperForProgram: RulePage = {
  rules: ['call.helperNotForProgram', 'call.invalidHelper'],
  title: 'Not a helper for this program',
  explanation:
    'Each program type has its own set of helpers; some depend on the attach type, on being sleepable, or on privileges. This one is not in the set (or the number is that of no helper in this kernel: then it comes from a newer one, or libbpf wrote it: 195896080 where the kernel’s types have no such field or type, 2002… where it has no such kfunc). Often there is another function for the same end, or another place to attach to.',
  rationale:
    'Where programs of this type run, what the helper needs is not there: no packet, no current task, no right to sleep.',
  failing: `.prog   tc
main:   call bpf_get_current_pid_tgid
        r1 = r0
        r2 = 0
        call bpf_xdp_adjust_head
        r0 = 0
        exit
`,
  fixed: `.prog   xdp
main:   r2 = 0
        call bpf_xdp_adjust_head
        r0 = 2
        exit
`,
  related: ['kfunc.notAllowed', 'call.gplOnly', 'call.mapHelperMismatch'],
  fixes: [],
};
