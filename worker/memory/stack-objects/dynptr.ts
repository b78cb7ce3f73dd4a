import { ERANGE } from '../../failure/errno.ts';
import { ZERO } from '../../domain/scalar.ts';
import {
  ARG_PTR_TO_DYNPTR,
  BPF_DYNPTR_TYPE_INVALID,
  CONST_PTR_TO_DYNPTR,
  PTR_TO_STACK,
  argToDynptrType,
  dynptrTypeReferenced,
} from '../../kernel/types.ts';
import type { CallMeta, RefObj } from '../../state/call-meta.ts';
import type { Env } from '../../state/env.ts';
import { setSlot } from '../../state/mutate.ts';
import { acquireReference } from '../../state/refs.ts';
import { DYNPTR_FIRST_SLOT, LINK_NONE, Reg } from '../../state/reg.ts';
import { releaseReference } from '../../state/release.ts';
import { Slot, STACK_DYNPTR, allBytes } from '../../state/slot.ts';
import { STACK_OBJECT_RULES } from '../rules.ts';
import { isWhole, objectSpi } from './place.ts';

/** Slots that a dynptr takes on the stack. */
const DYNPTR_SLOTS = 2;
const DYNPTR_BYTES = allBytes(STACK_DYNPTR);

/** First slot of the dynptr that a stack pointer points to, or a negative errno: see {@link objectSpi}. */
export function dynptrGetSpi(env: Env, reg: Reg): number {
  return objectSpi(env, reg, 'dynptr', DYNPTR_SLOTS);
}

/** What a dynptr's slot, or a const dynptr in a register, carries (kernel: __mark_dynptr_reg). */
export function dynptrReg(type: number, firstSlot: boolean, id: number, parentId: number): Reg {
  const num = type | (firstSlot ? DYNPTR_FIRST_SLOT : 0);
  return new Reg(CONST_PTR_TO_DYNPTR, ZERO, id, LINK_NONE, 0, parentId, 0, num, null, false);
}

/** Kind of a dynptr from what its slot or register carries. */
export function dynptrKind(reg: Reg): number {
  return reg.num & ~DYNPTR_FIRST_SLOT;
}

/**
 * A call made a dynptr where a stack pointer points to: whatever dynptrs were there are gone. A clone (`meta` knows
 * its original) shares the original's reference; a new one of a referenced kind acquires one
 * (kernel: mark_stack_slots_dynptr).
 */
export function markStackSlotsDynptr(
  env: Env,
  reg: Reg,
  argType: number,
  insnIdx: number,
  refObj: RefObj,
  meta: CallMeta | null,
): void {
  const frameno = reg.num;
  const spi = dynptrGetSpi(env, reg);
  if (spi < 0) env.fail(STACK_OBJECT_RULES.misplaced, [], null, -spi);
  // The two slots may belong to two different dynptrs.
  destroyIfDynptrStackSlot(env, frameno, spi);
  destroyIfDynptrStackSlot(env, frameno, spi - 1);
  const type = argToDynptrType(argType);
  if (type === BPF_DYNPTR_TYPE_INVALID) env.fail(STACK_OBJECT_RULES.misplaced);
  let parentId: number;
  if (meta === null || meta.dynptrType === BPF_DYNPTR_TYPE_INVALID) {
    parentId = refObj.id;
    if (dynptrTypeReferenced(type)) parentId = acquireReference(env, insnIdx, parentId);
  } else {
    parentId = meta.dynptrParentId;
  }
  const id = env.newId();
  setSlot(env.cur, frameno, spi, new Slot(DYNPTR_BYTES, dynptrReg(type, true, id, parentId)));
  setSlot(env.cur, frameno, spi - 1, new Slot(DYNPTR_BYTES, dynptrReg(type, false, id, parentId)));
}

/** A call ended the dynptr: with it go its slices, and all clones if it owned a reference (kernel: unmark_stack_slots_dynptr). */
export function unmarkStackSlotsDynptr(env: Env, reg: Reg): void {
  const spi = dynptrGetSpi(env, reg);
  if (spi < 0) env.fail(STACK_OBJECT_RULES.misplaced, [], null, -spi);
  const dynptr = env.cur.frames[reg.num].stack[spi].reg;
  releaseReference(env, dynptrTypeReferenced(dynptrKind(dynptr)) ? dynptr.parentId : dynptr.id);
}

/** How many dynptrs share a reference. */
function dynptrRefCount(env: Env, parentId: number): number {
  let count = 0;
  for (const frame of env.cur.frames) {
    for (const slot of frame.stack) {
      if (
        (slot.types & 7) === STACK_DYNPTR &&
        slot.reg.num & DYNPTR_FIRST_SLOT &&
        slot.reg.parentId === parentId
      )
        count++;
    }
  }
  return count;
}

/**
 * A slot is about to be overwritten: a dynptr in it ends, together with its slices. The last dynptr of a reference
 * must not be lost this way (kernel: destroy_if_dynptr_stack_slot).
 */
export function destroyIfDynptrStackSlot(env: Env, frameno: number, spi: number): void {
  const { stack } = env.cur.frames[frameno];
  if ((stack[spi].types & 7) !== STACK_DYNPTR) return;
  if ((stack[spi].reg.num & DYNPTR_FIRST_SLOT) === 0) spi++;
  const dynptr = stack[spi].reg;
  if (dynptrTypeReferenced(dynptrKind(dynptr)) && dynptrRefCount(env, dynptr.parentId) <= 1) {
    env.fail(STACK_OBJECT_RULES['overwrites-dynptr'], [], {
      kind: 'resource',
      insn: env.insnIdx,
      problem: 'referenced dynptr overwrite',
      reason:
        'This stack slot contains a dynptr that owns or protects a referenced resource. Overwriting the last dynptr for that resource would lose the verifier-tracked release path.',
      suggestion:
        'Release or clone the dynptr so another live dynptr still tracks the referenced resource before overwriting this stack slot.',
    });
  }
  releaseReference(env, dynptr.id);
  env.scratchSlot(spi);
  env.scratchSlot(spi - 1);
}

/** May a call make a dynptr here? One that is there already is overwritten (kernel: is_dynptr_reg_valid_uninit). */
export function isDynptrRegValidUninit(env: Env, reg: Reg): boolean {
  if (reg.type === CONST_PTR_TO_DYNPTR) return false;
  const spi = dynptrGetSpi(env, reg);
  return spi >= 0 || spi === -ERANGE;
}

/** Is there an initialised dynptr? (kernel: is_dynptr_reg_valid_init) */
export function isDynptrRegValidInit(env: Env, reg: Reg): boolean {
  if (reg.type === CONST_PTR_TO_DYNPTR) return true;
  const spi = dynptrGetSpi(env, reg);
  if (spi < 0) return false;
  const { stack } = env.cur.frames[reg.num];
  return (
    (stack[spi].reg.num & DYNPTR_FIRST_SLOT) !== 0 &&
    isWhole(stack[spi], STACK_DYNPTR) &&
    isWhole(stack[spi - 1], STACK_DYNPTR)
  );
}

/** Kind of the dynptr that a register is or points to (kernel: dynptr_reg_type). */
export function dynptrRegType(env: Env, reg: Reg): number {
  if (reg.type === CONST_PTR_TO_DYNPTR) return dynptrKind(reg);
  if (reg.type !== PTR_TO_STACK) return BPF_DYNPTR_TYPE_INVALID;
  const spi = dynptrGetSpi(env, reg);
  return spi < 0 ? BPF_DYNPTR_TYPE_INVALID : dynptrKind(env.cur.frames[reg.num].stack[spi].reg);
}

/** Is the dynptr of the kind that the argument asks for? */
export function isDynptrTypeExpected(env: Env, reg: Reg, argType: number): boolean {
  return argType === ARG_PTR_TO_DYNPTR || dynptrRegType(env, reg) === argToDynptrType(argType);
}
