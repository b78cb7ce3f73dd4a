import type { RulePage } from '../page.ts';

export const returnRange: RulePage = {
  rules: ['call.valueOutOfRange', 'exit.notKnown'],
  title: 'This value may not be returned',
  explanation:
    'What the program returns means something to whoever called it, and only certain values are allowed: 0 or 1 for most cgroup programs, 0 for fentry and fexit, 0 or a negative errno for LSM hooks. What is known of r0 (or of a callback’s result) allows for others, or it is no number at all. Set r0 to a constant right before exit, on every path.',
  rationale:
    'The kernel takes the value as it is. An LSM hook that returned 5 would make a system call return nonsense.',
  failing: `.prog   fentry/__x64_sys_getpgid
main:   r0 = 1
        exit
`,
  fixed: `.prog   fentry/__x64_sys_getpgid
main:   r0 = 0
        exit
`,
  related: ['exit.leaksAddress', 'call.callbackReturn', 'exit.notScalar'],
  fixes: [],
};
