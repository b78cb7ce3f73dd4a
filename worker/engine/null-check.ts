import { ZERO, smaxNumber, sminNumber } from '../domain/scalar.ts';
import {
  baseType,
  CONST_PTR_TO_MAP,
  PTR_MAYBE_NULL,
  PTR_TO_BTF_ID,
  PTR_TO_BUF,
  PTR_TO_MAP_KEY,
  PTR_TO_MAP_VALUE,
  PTR_TO_MEM,
  PTR_TO_SOCKET,
  PTR_TO_SOCK_COMMON,
  PTR_TO_TCP_SOCK,
  PTR_TO_XDP_SOCK,
  PTR_UNTRUSTED,
  typeMayBeNull,
} from '../kernel/types.ts';
import { MAX_VAR_OFF } from '../memory/bounds.ts';
import { isTrustedReg } from '../memory/trust.ts';
import type { Env } from '../state/env.ts';
import { mapRegs } from '../state/mutate.ts';
import { REF_PTR } from '../state/reference.ts';
import { releaseReferenceEntry } from '../state/refs.ts';
import { scalarReg, withType, type Reg } from '../state/reg.ts';
import type { State } from '../state/state.ts';

const NEVER_NULL: readonly number[] = [
  PTR_TO_SOCKET,
  PTR_TO_TCP_SOCK,
  PTR_TO_XDP_SOCK,
  PTR_TO_BUF,
  PTR_TO_MAP_VALUE,
  PTR_TO_MAP_KEY,
  PTR_TO_SOCK_COMMON,
  CONST_PTR_TO_MAP,
];

/** Is the pointer certainly not NULL (kernel: reg_not_null)? An offset out of bounds could wrap around to it. */
export function isNotNull(env: Env, reg: Reg): boolean {
  if (typeMayBeNull(reg.type)) return false;
  if (sminNumber(reg.scalar) <= -MAX_VAR_OFF || smaxNumber(reg.scalar) >= MAX_VAR_OFF) return false;
  const base = baseType(reg.type);
  if (base === PTR_TO_BTF_ID) return isTrustedReg(env, reg);
  if (base === PTR_TO_MEM) return !(reg.type & PTR_UNTRUSTED);
  return NEVER_NULL.includes(base);
}

/** The pointer without the doubt that it may be NULL. */
export function notNull(reg: Reg): Reg {
  return withType(reg, reg.type & ~PTR_MAYBE_NULL);
}

/**
 * A NULL check of register `regno` was decided for the path of `state`: all pointers of its identity are NULL, and the
 * reference that came with it never was, or they are not (kernel: mark_ptr_or_null_regs).
 */
export function settleNullness(env: Env, state: State, regno: number, isNull: boolean): void {
  const { id } = state.top().regs[regno];
  if (isNull) {
    const index = state.refs.findIndex((r) => r.type === REF_PTR && r.id === id);
    if (index >= 0) releaseReferenceEntry(state, index);
  }
  const zero = scalarReg(ZERO, !env.caps.bpfCapable);
  mapRegs(state, (reg) => {
    if (reg.id !== id || !typeMayBeNull(reg.type)) return reg;
    return isNull ? zero : notNull(reg);
  });
}
