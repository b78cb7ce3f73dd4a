import { leaveBefore } from '../fixes/unlock.ts';
import type { RulePage } from '../page.ts';

export const insideRcu: RulePage = {
  rules: ['context.insideRcu'],
  title: 'The RCU read section is still open here',
  explanation: 'Every bpf_rcu_read_lock needs its bpf_rcu_read_unlock on every path before the program ends.',
  rationale:
    'As long as a read section is open the kernel cannot free what readers may still see: memory would never be given back.',
  failing: `.prog   tc
main:   call bpf_rcu_read_lock
        r0 = 0
        exit
`,
  fixed: `.prog   tc
main:   call bpf_rcu_read_lock
        call bpf_rcu_read_unlock
        r0 = 0
        exit
`,
  related: ['kfunc.unmatchedRcuUnlock', 'kfunc.notRcu', 'context.insidePreempt'],
  fixes: [leaveBefore],
};
