import type { RulePage } from '../page.ts';

export const insideIrq: RulePage = {
  rules: ['context.insideIrqSave'],
  title: 'Interrupts are still disabled here',
  explanation:
    'Every bpf_local_irq_save needs its bpf_local_irq_restore, with the same slot, on every path before the program ends.',
  rationale: 'A CPU that takes no interrupts cannot be woken, scheduled or told anything: it hangs.',
  failing: `.prog   tc
main:   r1 = r10
        r1 += -8
        call bpf_local_irq_save
        r0 = 0
        exit
`,
  fixed: `.prog   tc
main:   r1 = r10
        r1 += -8
        call bpf_local_irq_save
        r1 = r10
        r1 += -8
        call bpf_local_irq_restore
        r0 = 0
        exit
`,
  related: ['context.insidePreempt', 'stack-object.irq-order', 'kfunc.irqFlagUninitialized'],
  fixes: [],
};
