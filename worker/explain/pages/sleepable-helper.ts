import { moveCallOut } from '../fixes/move-call.ts';
import { releaseBeforeFault } from '../fixes/release.ts';
import type { RulePage } from '../page.ts';

export const sleepableHelper: RulePage = {
  rules: ['call.sleepableHelper', 'kfunc.sleepableWithin', 'call.sleepableGlobal'],
  title: 'This may sleep, and here nothing may',
  explanation:
    'The function may have to wait: for memory, for user space pages, for a lock. That is not possible in an RCU read section, with preemption or interrupts disabled, while a lock is held, in a program that is not sleepable, or (with KF_FORBID_FAULT) while a reference is held that forbids faulting.',
  rationale:
    'Sleeping there would hang the CPU, or let what the region protects change under the program’s feet. A page fault while a VMA is held would wait for the very lock that holding it implies.',
  failing: `.prog   fentry.s/__x64_sys_getpgid
main:   *(u64 *)(r10 - 8) = 0
        call bpf_preempt_disable
        r1 = r10
        r1 += -8
        r2 = 8
        r3 = 0
        call bpf_copy_from_user
        call bpf_preempt_enable
        r0 = 0
        exit
`,
  fixed: `.prog   fentry.s/__x64_sys_getpgid
main:   *(u64 *)(r10 - 8) = 0
        call bpf_preempt_disable
        call bpf_preempt_enable
        r1 = r10
        r1 += -8
        r2 = 8
        r3 = 0
        call bpf_copy_from_user
        r0 = 0
        exit
`,
  related: ['kfunc.programNotSleepable', 'lock.callUnderLock', 'attach.sleepableType'],
  fixes: [releaseBeforeFault, moveCallOut],
};
