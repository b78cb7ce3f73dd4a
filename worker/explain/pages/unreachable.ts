import type { RulePage } from '../page.ts';

export const unreachable: RulePage = {
  rules: ['cfg.unreachable', 'cfg.fallsThrough', 'cfg.jumpOutOfProgram', 'cfg.jumpOutOfSubprog'],
  title: 'The program’s flow is broken',
  explanation:
    'Every instruction must be reachable, every jump must lead to an instruction of the same function, and the last instruction of a function must be exit or a jump. Here code is left that no way leads to, or a way leads out of the code.',
  rationale:
    'Code that was never walked was never proven safe; and execution must never leave what was verified.',
  failing: `.prog   tc
main:   r0 = 0
        exit
        r0 = 1
        exit
`,
  fixed: `.prog   tc
main:   r0 = 0
        exit
`,
  related: ['cfg.jumpIntoWide', 'cfg.callTarget', 'isa.unknownOpcode'],
  fixes: [],
};
