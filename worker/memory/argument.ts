import { isZero } from '../domain/scalar.ts';
import { SCALAR_VALUE } from '../kernel/types.ts';
import { regOf, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import type { Reg } from '../state/reg.ts';

/** The register or on-stack argument of the current frame that `argno` names (kernel: get_func_arg_reg). */
export function argReg(env: Env, argno: Argno): Reg {
  const regno = regOf(argno);
  return regno >= 0 ? env.reg(regno) : env.frame().stackArgs[-argno - 6];
}

/** Is it the number 0, which is NULL? (kernel: bpf_register_is_null) */
export function isNull(reg: Reg): boolean {
  return reg.type === SCALAR_VALUE && isZero(reg.scalar);
}

/** Would using the register's value as a number reveal an address to someone who may not know it? (kernel: is_pointer_value) */
export function isPointerValue(env: Env, reg: Reg): boolean {
  return reg.type > SCALAR_VALUE && !env.caps.allowPtrLeaks;
}
