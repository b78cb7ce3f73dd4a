import type { Report } from '../failure/report.ts';
import { constLo, isConst } from '../domain/scalar.ts';
import { SCALAR_VALUE } from '../kernel/types.ts';
import { pushHistory } from '../precision/history.ts';
import type { Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import { HIST_STACK_ACCESS } from '../state/history.ts';
import { constZeroReg } from '../state/marks.ts';
import { setSlot } from '../state/mutate.ts';
import { withId, type Reg } from '../state/reg.ts';
import {
  Slot,
  STACK_INVALID,
  STACK_MISC,
  STACK_POISON,
  STACK_SPILL,
  STACK_ZERO,
  byteType,
  isSpilledReg,
  type SlotTypes,
} from '../state/slot.ts';
import { isNull, isPointerValue } from './argument.ts';
import { fitsBytes, tnumText } from './bounds.ts';
import { STACK_RULES } from './rules.ts';
import { withScalarId } from './scalar-id.ts';
import { ALL_SPILL, checkFastcallContract, spillSize } from './stack-slots.ts';
import { markRegStackRead } from './stack-bytes.ts';
import { checkStackReadVar } from './stack-var.ts';

/**
 * Reads `size` bytes at `off` from a stack pointer into register `dstRegno`, -1 if the value goes elsewhere. Bounds
 * and alignment were checked (kernel: check_stack_read).
 */
export function checkStackRead(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  dstRegno: number,
): void {
  if (isConst(reg.scalar)) {
    readFixed(env, reg.num, off + constLo(reg.scalar), size, dstRegno);
    return;
  }
  if (dstRegno < 0) {
    const varOff = tnumText(reg.scalar);
    env.fail(
      STACK_RULES['helper-var-off'],
      [varOff, off, size],
      varOffReport(env.insnIdx, varOff, off, size),
    );
  }
  checkStackReadVar(env, reg, argno, off, size, dstRegno);
}

function readFixed(env: Env, frameno: number, off: number, size: number, dstRegno: number): void {
  const last = -off - 1;
  const spi = last >> 3;
  const slot = env.cur.frames[frameno].stack[spi];
  const { types, reg } = slot;
  env.scratchSlot(spi);
  checkFastcallContract(env, env.frame().subprogno, env.insnIdx, off);

  if (!isSpilledReg(slot)) {
    checkBytesReadable(env, types, last, off, size);
    if (dstRegno >= 0) markRegStackRead(env, frameno, off, off + size, dstRegno);
    return; // no spilled register comes back: nothing for the history
  }
  if (size === 8 && types === ALL_SPILL) {
    if (dstRegno >= 0) {
      if (env.caps.bpfCapable) fill(env, frameno, spi, slot, dstRegno);
      else env.setReg(dstRegno, reg);
    } else if (isPointerValue(env, reg)) {
      // The caller wants the bytes as a number.
      env.fail(STACK_RULES['leak-spilled-pointer'], [off]);
    }
  } else {
    const spilled = spillSize(types);
    if (reg.type !== SCALAR_VALUE) {
      env.messages.sourceLine(env.insnIdx, '; ');
      env.fail(STACK_RULES['fill-size']);
    }
    if (dstRegno < 0) return;
    if (size <= spilled && (off & 7) === 0) {
      let value = reg;
      if (env.caps.bpfCapable && size === 4 && spilled === 4 && fitsBytes(reg.scalar, 4))
        value = fill(env, frameno, spi, slot, dstRegno);
      else env.setReg(dstRegno, value);
      // A narrowing fill breaks the relation; the caller cuts the value to the width.
      if (!fitsBytes(value.scalar, size)) env.setReg(dstRegno, withId(value, 0));
    } else {
      const kinds = checkBytesReadable(env, types, last, off, size);
      if (kinds === 1 << STACK_SPILL && isNull(reg)) {
        env.setReg(dstRegno, constZeroReg(env));
      } else {
        if (kinds === 1 << STACK_ZERO) env.setReg(dstRegno, constZeroReg(env));
        else markRegStackRead(env, frameno, off, off + size, dstRegno);
        return; // the spilled register does not come back
      }
    }
  }
  pushHistory(env, env.cur, HIST_STACK_ACCESS, spi, frameno, null);
}

/** Copies a spilled register back, giving slot and register a common identity. */
function fill(env: Env, frameno: number, spi: number, slot: Slot, dstRegno: number): Reg {
  const value = withScalarId(env, slot.reg);
  if (value !== slot.reg) setSlot(env.cur, frameno, spi, new Slot(slot.types, value));
  env.setReg(dstRegno, value);
  return value;
}

/**
 * May the bytes be read? Returns which kinds of bytes there are, as a mask over STACK_*; a partly spilled slot's
 * register bytes count as readable.
 */
function checkBytesReadable(env: Env, types: SlotTypes, last: number, off: number, size: number): number {
  let kinds = 0;
  const spilled = types >> 21 === STACK_SPILL;
  for (let i = 0; i < size; i++) {
    const type = byteType(types, (last - i) & 7);
    kinds |= 1 << type;
    if (type === STACK_MISC || type === STACK_ZERO || (spilled && type === STACK_SPILL)) continue;
    if (type === STACK_INVALID && env.caps.allowUninitStack) continue;
    if (type === STACK_POISON) env.fail(STACK_RULES['read-poisoned'], [off, i, size]);
    env.fail(STACK_RULES['read-uninit'], [off, i, size], uninitReport(env.insnIdx, off, i, size));
  }
  return kinds;
}

function uninitReport(insn: number, off: number, i: number, size: number): Report {
  return {
    kind: 'memory',
    insn,
    problem: 'uninitialized stack read',
    reason: `This rejected read uses ${size} bytes at stack offset ${off}, but byte ${i} in that range is uninitialized on this path. Programs loaded with CAP_PERFMON can be allowed to read uninitialized stack bytes, but this program is being rejected without that allowance.`,
    suggestion:
      'Initialize every byte in the stack range before reading it, adjust the offset and size so the read covers only initialized bytes, or load with CAP_PERFMON if uninitialized stack reads are intended.',
  };
}

function varOffReport(insn: number, varOff: string, off: number, size: number): Report {
  return {
    kind: 'memory',
    insn,
    problem: 'variable stack access',
    reason: `The helper would access the stack through variable offset ${varOff} plus fixed offset ${off} and size ${size}. Helper stack memory arguments require a constant stack offset and a precise initialized range.`,
    suggestion:
      'Use a fixed stack offset for helper memory arguments, or copy the needed bytes into a fixed stack slot first.',
  };
}
