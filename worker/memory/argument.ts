import { isZero } from '../domain/scalar.ts';
import { SCALAR_VALUE } from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import type { Reg } from '../state/reg.ts';

/** Is it the number 0, which is NULL? (kernel: bpf_register_is_null) */
export function isNull(reg: Reg): boolean {
  return reg.type === SCALAR_VALUE && isZero(reg.scalar);
}

/** Would using the register's value as a number reveal an address to someone who may not know it? (kernel: is_pointer_value) */
export function isPointerValue(env: Env, reg: Reg): boolean {
  return reg.type > SCALAR_VALUE && !env.caps.allowPtrLeaks;
}
