import { leaveBefore } from '../fixes/unlock.ts';
import type { RulePage } from '../page.ts';

export const insidePreempt: RulePage = {
  rules: ['context.insidePreempt'],
  title: 'Preemption is still disabled here',
  explanation:
    'Every bpf_preempt_disable needs its bpf_preempt_enable on every path before the program ends.',
  rationale: 'A CPU that nobody may preempt again belongs to one task for ever.',
  failing: `.prog   tc
main:   call bpf_preempt_disable
        r0 = 0
        exit
`,
  fixed: `.prog   tc
main:   call bpf_preempt_disable
        call bpf_preempt_enable
        r0 = 0
        exit
`,
  related: ['kfunc.unmatchedPreemptEnable', 'context.insideRcu', 'kfunc.sleepableWithin'],
  fixes: [leaveBefore],
};
