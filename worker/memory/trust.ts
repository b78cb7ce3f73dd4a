import {
  CONST_PTR_TO_MAP,
  MEM_RCU,
  PTR_TO_SOCKET,
  PTR_TO_SOCK_COMMON,
  PTR_TO_TCP_SOCK,
  REG_TRUSTED_MODIFIERS,
  baseType,
  typeFlag,
  typeHasUnsafeModifiers,
} from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import { isReferenced } from '../state/refs.ts';
import type { Reg } from '../state/reg.ts';

/** Register types that stand for kernel types and are always valid (kernel: reg2btf_ids). */
const ALWAYS_TRUSTED: ReadonlySet<number> = new Set([
  PTR_TO_SOCKET,
  PTR_TO_SOCK_COMMON,
  PTR_TO_TCP_SOCK,
  CONST_PTR_TO_MAP,
]);

/** May the pointer be handed to the kernel as valid? Owned references are, and types that say so and nothing to the contrary. */
export function isTrustedReg(env: Env, reg: Reg): boolean {
  if (isReferenced(env, reg)) return true;
  if (typeHasUnsafeModifiers(reg.type)) return false;
  return ALWAYS_TRUSTED.has(baseType(reg.type)) || (typeFlag(reg.type) & REG_TRUSTED_MODIFIERS) !== 0;
}

/** Is the pointer valid within an RCU section? */
export function isRcuReg(reg: Reg): boolean {
  return (reg.type & MEM_RCU) !== 0;
}
