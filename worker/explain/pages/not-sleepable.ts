import type { RulePage } from '../page.ts';

export const notSleepable: RulePage = {
  rules: ['kfunc.programNotSleepable'],
  title: 'The program is not sleepable',
  explanation:
    'The kfunc may sleep, so only sleepable programs may call it: those whose section ends in .s (fentry.s, lsm.s, iter.s, uprobe.s, tp_btf.s on some tracepoints), syscall programs, and struct_ops members that allow it.',
  rationale:
    'Whether a program may wait is decided where it is attached: a program that was not loaded as sleepable runs inside an RCU read section.',
  failing: `.prog   fentry/__x64_sys_getpgid
main:   *(u64 *)(r10 - 8) = 0
        r1 = r10
        r1 += -8
        r2 = 8
        r3 = 0
        r4 = 0
        call bpf_copy_from_user_str
        r0 = 0
        exit
`,
  fixed: `.prog   fentry.s/__x64_sys_getpgid
main:   *(u64 *)(r10 - 8) = 0
        r1 = r10
        r1 += -8
        r2 = 8
        r3 = 0
        r4 = 0
        call bpf_copy_from_user_str
        r0 = 0
        exit
`,
  related: [
    'kfunc.sleepableWithin',
    'attach.sleepableType',
    'attach.notSleepable',
    'call.helperNotForProgram',
  ],
  fixes: [],
};
