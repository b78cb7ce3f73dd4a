import { AUX_NOSPEC_RESULT } from '../cfg/facts.ts';
import { constLo, constantS32, isConst } from '../domain/scalar.ts';
import type { Report } from '../failure/report.ts';
import { PTR_TO_STACK, SCALAR_VALUE } from '../kernel/types.ts';
import { markChainPrecision } from '../precision/chain.ts';
import { pushHistory } from '../precision/history.ts';
import type { Env } from '../state/env.ts';
import { locate, recordScrub, recordWrite } from '../state/events.ts';
import { HIST_STACK_ACCESS } from '../state/history.ts';
import { setSlot } from '../state/mutate.ts';
import { scalarReg, withId, type Reg } from '../state/reg.ts';
import {
  MISC_SLOT,
  isSpilledReg,
  Slot,
  STACK_DYNPTR,
  STACK_MISC,
  STACK_ZERO,
  byteType,
} from '../state/slot.ts';
import { isNull } from './argument.ts';
import { fitsBytes } from './bounds.ts';
import { STACK_RULES } from './rules.ts';
import { withScalarId } from './scalar-id.ts';
import {
  checkFastcallContract,
  isStoreImm,
  plainSlot,
  spillTypes,
  typesWithoutObject,
} from './stack-slots.ts';
import { destroyIfDynptrStackSlot } from './stack-objects/dynptr.ts';
import { checkStackWriteVar } from './stack-var.ts';

/**
 * Writes `size` bytes at `off` from a stack pointer: register `valueRegno`, or with -1 the immediate of a store or an
 * unknown value. Bounds and alignment were checked (kernel: check_stack_write).
 */
export function checkStackWrite(
  env: Env,
  reg: Reg,
  off: number,
  size: number,
  valueRegno: number,
  insnIdx: number,
): void {
  if (isConst(reg.scalar)) writeFixed(env, reg.num, off + constLo(reg.scalar), size, valueRegno, insnIdx);
  else checkStackWriteVar(env, reg, off, size, valueRegno, insnIdx);
}

function writeFixed(
  env: Env,
  frameno: number,
  off: number,
  size: number,
  valueRegno: number,
  insnIdx: number,
): void {
  const { caps } = env;
  const frame = env.cur.frames[frameno];
  const last = -off - 1;
  const spi = last >> 3;
  // Byte entries of the slot that the write covers: `last & 7` down to `low`.
  const low = (last & 7) - size + 1;
  let slot = frame.stack[spi];
  if (!caps.allowPtrLeaks && size !== 8 && isSpilledReg(slot) && slot.reg.type !== SCALAR_VALUE) {
    env.fail(STACK_RULES['corrupt-spilled-pointer'], [], corruptReport(insnIdx, size, off));
  }
  const value = valueRegno >= 0 ? env.reg(valueRegno) : null;
  if (
    !caps.bypassSpecV4 &&
    ((value !== null && value.type > SCALAR_VALUE) || !initialised(slot, low, size))
  ) {
    env.facts.flags[insnIdx] |= AUX_NOSPEC_RESULT;
  }
  if ((slot.types & 7) === STACK_DYNPTR) {
    destroyIfDynptrStackSlot(env, frameno, spi);
    slot = env.cur.frames[frameno].stack[spi];
  }
  checkFastcallContract(env, frame.subprogno, insnIdx, off);
  env.scratchSlot(spi);

  if (value !== null && value.type === SCALAR_VALUE && (off & 7) === 0 && caps.bpfCapable) {
    if (fitsBytes(value.scalar, size)) {
      const identified = withScalarId(env, value);
      if (identified !== value) env.setReg(valueRegno, identified);
      spill(env, frameno, spi, slot, identified, size, valueRegno);
    } else {
      // Only part of the value is kept: what is learned of it does not hold for the register.
      spill(env, frameno, spi, slot, withId(value, 0), size, valueRegno);
    }
  } else if (value === null && (off & 7) === 0 && caps.bpfCapable && isStoreImm(env, insnIdx)) {
    const imm = env.insns.imm[insnIdx];
    spill(env, frameno, spi, slot, scalarReg(constantS32(imm)), size, -1);
  } else if (value !== null && value.type > SCALAR_VALUE) {
    if (size !== 8) {
      env.messages.sourceLine(insnIdx, '; ');
      env.fail(STACK_RULES['spill-size']);
    }
    if (value.type === PTR_TO_STACK && frameno !== env.cur.frames.length - 1)
      env.fail(STACK_RULES['spill-to-caller']);
    spill(env, frameno, spi, slot, value, size, valueRegno);
  } else {
    if (env.obs !== null && isSpilledReg(slot)) recordScrub(env, frameno, 'slot', spi, slot.reg, 'write');
    let byte = STACK_MISC;
    if (value !== null ? isNull(value) : isStoreImm(env, insnIdx) && env.insns.imm[insnIdx] === 0) {
      // The zero is kept as bytes, which backtracking cannot follow: the register must really be zero.
      if (value !== null) markChainPrecision(env, valueRegno);
      byte = STACK_ZERO;
    }
    const mask = ((1 << (3 * size)) - 1) << (3 * low);
    const types = (typesWithoutObject(slot.types) & ~mask) | ((byte * 0o11111111) & mask);
    const after = plainSlot(types);
    if (after !== slot) setSlot(env.cur, frameno, spi, after);
    return; // no spill: nothing for the history
  }
  pushHistory(env, env.cur, HIST_STACK_ACCESS, spi, frameno, null);
}

/**
 * A call writes something to `bytes` bytes from a stack pointer at a constant offset, whose bounds were checked: as if
 * unknown bytes were stored one by one.
 */
export function fillStackUnknown(env: Env, reg: Reg, bytes: number, insnIdx: number): void {
  const { caps } = env;
  const frameno = reg.num;
  const start = constLo(reg.scalar);
  const end = start + bytes;
  if (bytes !== 0) checkFastcallContract(env, env.cur.frames[frameno].subprogno, insnIdx, start);
  for (let off = start; off < end;) {
    const spi = (-off - 1) >> 3;
    const next = Math.min(-(spi << 3), end);
    const size = next - off;
    const low = -next & 7;
    let slot = env.cur.frames[frameno].stack[spi];
    env.scratchSlot(spi);
    if (slot !== MISC_SLOT) {
      if (!caps.allowPtrLeaks && isSpilledReg(slot) && slot.reg.type !== SCALAR_VALUE) {
        env.fail(STACK_RULES['corrupt-spilled-pointer'], [], corruptReport(insnIdx, 1, off));
      }
      if (!caps.bypassSpecV4 && !initialised(slot, low, size)) env.facts.flags[insnIdx] |= AUX_NOSPEC_RESULT;
      if ((slot.types & 7) === STACK_DYNPTR) {
        destroyIfDynptrStackSlot(env, frameno, spi);
        slot = env.cur.frames[frameno].stack[spi];
      }
      if (env.obs !== null && isSpilledReg(slot)) recordScrub(env, frameno, 'slot', spi, slot.reg, 'write');
      const mask = ((1 << (3 * size)) - 1) << (3 * low);
      setSlot(
        env.cur,
        frameno,
        spi,
        plainSlot((typesWithoutObject(slot.types) & ~mask) | (MISC_SLOT.types & mask)),
      );
    }
    off = next;
  }
}

/** Are all bytes misc or zero, so that a speculative load of the old value tells nothing? */
function initialised(slot: Slot, low: number, size: number): boolean {
  for (let i = low; i < low + size; i++) {
    const type = byteType(slot.types, i);
    if (type !== STACK_MISC && type !== STACK_ZERO) return false;
  }
  return true;
}

function spill(
  env: Env,
  frameno: number,
  spi: number,
  slot: Slot,
  reg: Reg,
  size: number,
  fromRegno: number,
): void {
  const types = spillTypes(slot.types, size);
  if (slot.reg !== reg || slot.types !== types) setSlot(env.cur, frameno, spi, new Slot(types, reg));
  if (env.obs !== null) {
    const origin = fromRegno >= 0 ? locate(env, env.cur.frames.length - 1, 'reg', fromRegno) : null;
    recordWrite(env, frameno, 'slot', spi, slot.reg, reg, 'spill', origin);
  }
}

function corruptReport(insn: number, size: number, off: number): Report {
  return {
    kind: 'memory',
    insn,
    problem: 'stack spill corruption',
    reason: `This store writes ${size} bytes at stack offset ${off} into a stack slot that currently holds a spilled pointer. Partial writes to spilled pointers are rejected because they can corrupt pointer metadata and leak kernel pointers.`,
    suggestion:
      'Write the full 8-byte spilled pointer slot, or use a separate stack slot for scalar data before overwriting only part of it.',
  };
}
