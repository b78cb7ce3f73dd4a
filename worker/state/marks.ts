import type { Btf } from '../btf/btf.ts';
import { ZERO } from '../domain/scalar.ts';
import { PTR_MAYBE_NULL, PTR_TO_BTF_ID, PTR_TO_MEM, SCALAR_VALUE } from '../kernel/types.ts';
import type { Env } from './env.ts';
import { BtfRef, LINK_NONE, NOT_INIT_REG, Reg, UNKNOWN_PRECISE_REG, UNKNOWN_REG, pointerReg } from './reg.ts';

/** A scalar of which nothing is known; precise from the start in unprivileged programs. */
export function unknownReg(env: Env): Reg {
  return env.caps.bpfCapable ? UNKNOWN_REG : UNKNOWN_PRECISE_REG;
}

/** Makes a register of the current frame an unknown scalar (kernel: mark_reg_unknown). */
export function markRegUnknown(env: Env, regno: number): void {
  env.setReg(regno, unknownReg(env));
}

/** Makes a register of the current frame unreadable. */
export function markRegNotInit(env: Env, regno: number): void {
  env.setReg(regno, NOT_INIT_REG);
}

/** Keeps the type of a register of the current frame and makes value and offset zero, without identity. */
export function markRegKnownZero(env: Env, regno: number): void {
  const reg = env.reg(regno);
  env.setReg(regno, new Reg(reg.type, ZERO, 0, LINK_NONE, 0, 0, 0, 0, null, reg.precise));
}

/** The scalar 0 as the verifier assumes it after a store of zeros (kernel: __mark_reg_const_zero). */
export function constZeroReg(env: Env): Reg {
  return new Reg(SCALAR_VALUE, ZERO, 0, LINK_NONE, 0, 0, 0, 0, null, !env.caps.bpfCapable);
}

/**
 * Gives a register of the current frame what a load through BTF yields: a scalar, a pointer to `(btf, id)` with
 * `flag`s, or memory of size 0 (kernel: mark_btf_ld_reg). `type` is the base register type.
 */
export function markBtfLdReg(env: Env, regno: number, type: number, btf: Btf | null, id: number, flag: number): void {
  switch (type) {
    case SCALAR_VALUE:
      markRegUnknown(env, regno);
      return;
    case PTR_TO_BTF_ID:
      if (btf === null) throw new Error('a load of a BTF pointer without BTF');
      env.setReg(regno, pointerReg(PTR_TO_BTF_ID | flag, 0, new BtfRef(btf, id), flag & PTR_MAYBE_NULL ? env.newId() : 0));
      return;
    case PTR_TO_MEM:
      env.setReg(regno, pointerReg(PTR_TO_MEM | flag));
      return;
    default:
      throw new Error(`a load through BTF cannot yield register type ${type}`);
  }
}
