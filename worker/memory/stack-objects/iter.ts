import type { Btf } from '../../btf/btf.ts';
import { EINVAL, EPROTO, ERANGE } from '../../failure/errno.ts';
import { KF_RCU_PROTECTED } from '../../kernel/kfunc-flags.ts';
import { MEM_RCU, PTR_TO_STACK, PTR_UNTRUSTED } from '../../kernel/types.ts';
import type { CallMeta } from '../../state/call-meta.ts';
import type { Env } from '../../state/env.ts';
import { setSlot } from '../../state/mutate.ts';
import { acquireReference } from '../../state/refs.ts';
import { ITER_ACTIVE, ITER_INVALID, IterExt, pointerReg, type Reg } from '../../state/reg.ts';
import { inRcuCs } from '../../state/regions.ts';
import { releaseReference } from '../../state/release.ts';
import { INVALID_SLOT, Slot, STACK_ITER, allBytes } from '../../state/slot.ts';
import { STACK_OBJECT_RULES } from '../rules.ts';
import { hasByte, isWhole, objectSpi } from './place.ts';

const ITER_BYTES = allBytes(STACK_ITER);

/** First slot of the iterator that a stack pointer points to, or a negative errno: see {@link objectSpi}. */
export function iterGetSpi(env: Env, reg: Reg, slots: number): number {
  return objectSpi(env, reg, 'iter', slots);
}

/** A constructor made an iterator of type `(btf, id)` in `slots` slots (kernel: mark_stack_slots_iter). */
export function markStackSlotsIter(
  env: Env,
  meta: CallMeta,
  reg: Reg,
  insnIdx: number,
  btf: Btf,
  btfId: number,
  slots: number,
): void {
  const spi = iterGetSpi(env, reg, slots);
  if (spi < 0) env.fail(STACK_OBJECT_RULES.misplaced, [], null, -spi);
  const id = acquireReference(env, insnIdx, 0);
  let type = PTR_TO_STACK; // there is no register type of its own
  if (meta.kfuncFlags & KF_RCU_PROTECTED) type |= inRcuCs(env) ? MEM_RCU : PTR_UNTRUSTED;
  for (let i = 0; i < slots; i++) {
    const ext = new IterExt(btf, btfId, i === 0 ? ITER_ACTIVE : ITER_INVALID, 0, 0);
    setSlot(env.cur, reg.num, spi - i, new Slot(ITER_BYTES, pointerReg(type, 0, ext, i === 0 ? id : 0)));
    env.scratchSlot(spi - i);
  }
}

/** A destructor ended the iterator (kernel: unmark_stack_slots_iter). */
export function unmarkStackSlotsIter(env: Env, reg: Reg, slots: number): void {
  const spi = iterGetSpi(env, reg, slots);
  if (spi < 0) env.fail(STACK_OBJECT_RULES.misplaced, [], null, -spi);
  releaseReference(env, env.cur.frames[reg.num].stack[spi].reg.id);
  for (let i = 0; i < slots; i++) {
    setSlot(env.cur, reg.num, spi - i, INVALID_SLOT);
    env.scratchSlot(spi - i);
  }
}

/** May an iterator be made here: is none of its slots part of one? (kernel: is_iter_reg_valid_uninit) */
export function isIterRegValidUninit(env: Env, reg: Reg, slots: number): boolean {
  const spi = iterGetSpi(env, reg, slots);
  if (spi < 0) return spi === -ERANGE;
  const { stack } = env.cur.frames[reg.num];
  for (let i = 0; i < slots; i++) if (hasByte(stack[spi - i], STACK_ITER)) return false;
  return true;
}

/**
 * Is there an initialised iterator of type `(btf, id)`? 0, or EPROTO if it was made in an RCU section that is over,
 * or EINVAL (kernel: is_iter_reg_valid_init).
 */
export function isIterRegValidInit(env: Env, reg: Reg, btf: Btf, btfId: number, slots: number): number {
  const spi = iterGetSpi(env, reg, slots);
  if (spi < 0) return EINVAL;
  const { stack } = env.cur.frames[reg.num];
  for (let i = 0; i < slots; i++) {
    const slot = stack[spi - i];
    const st = slot.reg;
    if (st.type & PTR_UNTRUSTED) return EPROTO;
    if ((st.id !== 0) !== (i === 0)) return EINVAL;
    if (!(st.ext instanceof IterExt) || st.ext.btf !== btf || st.ext.id !== btfId) return EINVAL;
    if (!isWhole(slot, STACK_ITER)) return EINVAL;
  }
  return 0;
}
