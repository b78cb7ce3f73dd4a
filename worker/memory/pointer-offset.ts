import { constNumber, isConst, sminIsNegative } from '../domain/scalar.ts';
import { PTR_TO_BTF_ID, PTR_UNTRUSTED, regTypeStr, typeFlag } from '../kernel/types.ts';
import { argName, regOf, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import type { Reg } from '../state/reg.ts';
import { constSigned, tnumText } from './bounds.ts';
import { MEMORY_RULES } from './rules.ts';

export { isNull, isPointerValue } from './argument.ts';

/** Must loads through the pointer be prepared for a fault? Then nothing may be written (kernel: bpf_may_fault_on_deref). */
export function mayFaultOnDeref(type: number): boolean {
  return type === PTR_TO_BTF_ID || (typeFlag(type) & PTR_UNTRUSTED) !== 0;
}

const BPF_PROG_TYPE_SYSCALL = 31;

/** Is the ctx plain memory into which an offset may vary? (kernel: is_var_ctx_off_allowed) */
export function isVarCtxOffAllowed(env: Env): boolean {
  return env.traits.progType === BPF_PROG_TYPE_SYSCALL;
}

/**
 * Pointers that stand for an object as a whole must not have been moved within it; `fixedOffOk` allows a constant
 * distance (kernel: __check_ptr_off_reg).
 */
export function checkPtrOffReg(env: Env, reg: Reg, argno: Argno, fixedOffOk: boolean): void {
  const { scalar } = reg;
  if (!isConst(scalar)) env.fail(MEMORY_RULES['var-off'], [regTypeStr(reg.type), tnumText(scalar)]);
  if (sminIsNegative(scalar)) {
    env.fail(MEMORY_RULES['negative-off'], [regTypeStr(reg.type), argName(argno), constSigned(scalar)]);
  }
  if (!fixedOffOk && constNumber(scalar) !== 0) {
    const offset = constSigned(scalar);
    env.fail(MEMORY_RULES['modified-pointer'], [regTypeStr(reg.type), argName(argno), offset], {
      kind: 'invalid-deref',
      insn: env.insnIdx,
      regno: regOf(argno),
      regName: argName(argno),
      reg,
      deref: 'modified',
      offset,
    });
  }
}
