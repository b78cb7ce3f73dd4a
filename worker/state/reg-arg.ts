import { EACCES } from '../failure/errno.ts';
import { defineRules } from '../failure/rule.ts';
import { BPF_REG_FP } from '../isa/opcodes.ts';
import { NOT_INIT } from '../kernel/types.ts';
import type { Env } from './env.ts';
import { markRegUnknown } from './marks.ts';

/** The register is read. */
export const SRC_OP = 0;
/** The register is written and becomes an unknown scalar. */
export const DST_OP = 1;
/** The register is written; the caller says what it holds. */
export const DST_OP_NO_MARK = 2;

export const regArgRules = defineRules('reg', {
  notReadable: { text: 'R%d !read_ok\n', errno: EACCES },
  fpReadOnly: { text: 'frame pointer is read only\n', errno: EACCES },
});

/** An instruction uses a register of the current frame: may it be read, or written (kernel: check_reg_arg)? */
export function checkRegArg(env: Env, regno: number, how: number): void {
  env.scratchedRegs |= 1 << regno;
  if (how === SRC_OP) {
    if (env.reg(regno).type === NOT_INIT) env.fail(regArgRules.notReadable, [regno], { kind: 'unreadable-reg', insn: env.insnIdx, regno });
    return;
  }
  if (regno === BPF_REG_FP) env.fail(regArgRules.fpReadOnly);
  if (how === DST_OP) markRegUnknown(env, regno);
}
