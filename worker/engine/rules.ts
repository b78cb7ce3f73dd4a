import { E2BIG, EACCES, EFAULT, EINVAL, ERANGE } from '../failure/errno.ts';
import { defineRules } from '../failure/rule.ts';

export const searchRules = defineRules('search', {
  infiniteLoop: { text: 'infinite loop detected at insn %d\n', errno: EINVAL },
  tooLarge: { text: 'BPF program is too large. Processed %d insn\n', errno: E2BIG },
  endsInLoop: { text: 'verifier bug: scc exit: no visit info for call chain %s\n', errno: EFAULT },
  outOfProgram: { text: 'invalid insn idx %d insn_cnt %d\n', errno: EFAULT },
});

export const callRules = defineRules('lock', {
  callUnderLock: { text: 'function calls are not allowed while holding a lock\n', errno: EINVAL },
});

export const packetLoadRules = defineRules('ld-abs', {
  programType: { text: 'BPF_LD_[ABS|IND] instructions not allowed for this program type\n', errno: EINVAL },
  inCallback: { text: 'cannot use BPF_LD_[ABS|IND] within callback\n', errno: EINVAL },
  notSkb: { text: 'at the time of BPF_LD_ABS|IND R6 != pointer to skb\n', errno: EINVAL },
});

export const gotoxRules = defineRules('gotox', {
  notInsn: { text: 'R%d has type %s, expected PTR_TO_INSN\n', errno: EINVAL },
  minTooBig: { text: 'the sum of R%u umin_value %llu is too big\n', errno: ERANGE },
  maxTooBig: { text: 'the sum of R%u umax_value %llu is too big\n', errno: ERANGE },
  outside: { text: 'R%u points to outside of jump table: [%llu,%llu] max_entries %u\n', errno: EINVAL },
});

export const exitRules = defineRules('exit', {
  leaksAddress: { text: 'R%d leaks addr as return value\n', errno: EACCES },
  notKnown: { text: '%s the register R%d is not a known value (%s)\n', errno: EINVAL },
  notScalar: { text: 'At subprogram exit the register R0 is not a scalar value (%s)\n', errno: EINVAL },
  exceptionVoid: { text: 'exception cb cannot return void\n', errno: EINVAL },
  exceptionArgs: { text: 'exception cb only supports single integer argument\n', errno: EINVAL },
  extArgs: { text: 'freplace programs with >%d args not supported yet\n', errno: EINVAL },
});
