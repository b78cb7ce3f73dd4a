import { initialise } from '../fixes/values.ts';
import type { RulePage } from '../page.ts';

export const unreadableRegister: RulePage = {
  rules: ['reg.notReadable'],
  title: 'This register has no value here',
  explanation:
    'At entry only r1 (the ctx) and r10 (the frame pointer) are set; a function of the program gets its arguments. Every call takes the values of r1 to r5 away. A register must be written on each path before it is read.',
  rationale:
    'What a register happens to contain is the kernel’s business: a program that could read it would learn secrets.',
  failing: `.prog   tc
main:   r0 = r2
        exit
`,
  fixed: `.prog   tc
main:   r2 = 0
        r0 = r2
        exit
`,
  related: ['stack.read-uninit', 'kfunc.trap', 'memory.invalid-access'],
  fixes: [initialise],
};
