import { isZero, smaxNumber, sminNumber } from '../domain/scalar.ts';
import { SCALAR_VALUE } from '../kernel/types.ts';
import { markChainPrecision } from '../precision/chain.ts';
import type { Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import { setSlot } from '../state/mutate.ts';
import type { Reg } from '../state/reg.ts';
import {
  STACK_INVALID,
  STACK_MISC,
  STACK_POISON,
  STACK_SPILL,
  STACK_ZERO,
  byteType,
  isSpilledReg,
  withByte,
} from '../state/slot.ts';
import { isNull } from './argument.ts';
import { READ } from './kinds.ts';
import { STACK_RULES } from './rules.ts';
import { checkStackRangeInitialized } from './stack-range.ts';
import { markRegStackRead } from './stack-bytes.ts';
import { checkFastcallContract, isStoreImm, plainSlot, typesWithoutObject } from './stack-slots.ts';
import { destroyIfDynptrStackSlot } from './stack-objects/dynptr.ts';

/**
 * Writes somewhere within a range of the stack: every slot in it may have been written, none surely was
 * (kernel: check_stack_write_var_off).
 */
export function checkStackWriteVar(
  env: Env,
  reg: Reg,
  off: number,
  size: number,
  valueRegno: number,
  insnIdx: number,
): void {
  const { caps } = env;
  const frameno = reg.num;
  const min = sminNumber(reg.scalar) + off;
  const max = smaxNumber(reg.scalar) + off + size;
  const value = valueRegno >= 0 ? env.reg(valueRegno) : null;
  const writingZero =
    value !== null ? isNull(value) : isStoreImm(env, insnIdx) && env.insns.imm[insnIdx] === 0;
  // Some byte stays zero only because zero is written.
  let zeroUsed = false;

  for (let i = min; i < max; i++) destroyIfDynptrStackSlot(env, frameno, (-i - 1) >> 3);
  checkFastcallContract(env, env.cur.frames[frameno].subprogno, insnIdx, min);
  for (let i = min; i < max; i++) {
    const at = -i - 1;
    const spi = at >> 3;
    const pos = at & 7;
    const slot = env.cur.frames[frameno].stack[spi];
    let type = byteType(slot.types, pos);
    env.scratchSlot(spi);
    if (!caps.allowPtrLeaks && type !== STACK_MISC && type !== STACK_ZERO)
      env.fail(STACK_RULES['var-write-spilled'], [insnIdx, i]);
    if (
      writingZero &&
      type === STACK_SPILL &&
      isSpilledReg(slot) &&
      slot.reg.type === SCALAR_VALUE &&
      isZero(slot.reg.scalar)
    ) {
      zeroUsed = true;
      continue;
    }
    const types = typesWithoutObject(slot.types);
    type = byteType(types, pos);
    let after = STACK_MISC;
    if (writingZero && type === STACK_ZERO) {
      after = STACK_ZERO;
      zeroUsed = true;
    }
    if ((type === STACK_INVALID || type === STACK_POISON) && !caps.allowUninitStack) {
      env.fail(STACK_RULES['var-write-uninit'], [insnIdx, i]);
    }
    setSlot(env.cur, frameno, spi, plainSlot(withByte(types, pos, after)));
  }
  if (zeroUsed && valueRegno >= 0) markChainPrecision(env, valueRegno);
  if (env.obs !== null) {
    const frameId = env.cur.frames[frameno].diagFrameId;
    env.obs.modified(
      { frameno, frameId, kind: 'stack-range', no: min, end: max },
      null,
      null,
      'var-write',
      null,
    );
  }
}

/** Reads somewhere within a range of the stack, all of which must be initialised (kernel: check_stack_read_var_off). */
export function checkStackReadVar(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  dstRegno: number,
): void {
  checkStackRangeInitialized(env, reg, argno, off, size, false, READ, null);
  const min = sminNumber(reg.scalar) + off;
  const max = smaxNumber(reg.scalar) + off;
  markRegStackRead(env, reg.num, min, max + size, dstRegno);
  checkFastcallContract(env, env.cur.frames[reg.num].subprogno, env.insnIdx, min);
}
