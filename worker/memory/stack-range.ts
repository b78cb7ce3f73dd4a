import { EACCES, EFAULT, EINVAL } from '../failure/errno.ts';
import { constNumber, isConst, smaxNumber, sminNumber } from '../domain/scalar.ts';
import { SCALAR_VALUE } from '../kernel/types.ts';
import { argName, regOf, type Argno } from '../state/argno.ts';
import type { CallMeta } from '../state/call-meta.ts';
import type { Env } from '../state/env.ts';
import { setSlot } from '../state/mutate.ts';
import { NOT_INIT_REG, type Reg } from '../state/reg.ts';
import {
  MISC_SLOT,
  isSpilledReg,
  Slot,
  STACK_INVALID,
  STACK_MISC,
  STACK_POISON,
  STACK_ZERO,
  byteType,
  withByte,
} from '../state/slot.ts';
import { MAX_VAR_OFF, tnumText } from './bounds.ts';
import { MAX_BPF_STACK, READ, WRITE, type Access } from './kinds.ts';
import { STACK_RULES } from './rules.ts';
import { growStack, plainSlot, scrubbedTypes } from './stack-slots.ts';

/**
 * May `size` bytes at `off` from a stack pointer be touched as far as the stack's size goes? Grows the stack to what
 * is used (kernel: check_stack_access_within_bounds).
 */
export function checkStackWithinBounds(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  access: Access,
): void {
  const { scalar } = reg;
  const fixed = isConst(scalar);
  let min: number;
  let max: number;
  if (fixed) {
    min = constNumber(scalar) + off;
    max = min + size;
  } else {
    min = sminNumber(scalar);
    max = smaxNumber(scalar);
    if (max >= MAX_VAR_OFF || min <= -MAX_VAR_OFF)
      env.fail(STACK_RULES.unbounded, [verb(access), argName(argno)]);
    min += off;
    max += off + size;
  }
  const lowest =
    access === WRITE || env.caps.allowUninitStack
      ? -MAX_BPF_STACK
      : -(env.cur.frames[reg.num].stack.length << 3);
  if (min < lowest || min > -1 || max > 0 || size < 0) {
    const errno = min < lowest || min > -1 ? EACCES : max > 0 ? EINVAL : EFAULT;
    if (fixed) {
      env.fail(STACK_RULES['out-of-bounds'], [verb(access), argName(argno), BigInt(min), size], null, errno);
    }
    env.fail(
      STACK_RULES['var-out-of-bounds'],
      [verb(access), argName(argno), tnumText(scalar), off, size],
      null,
      errno,
    );
  }
  growStack(env, reg.num, -min);
}

function verb(access: Access): string {
  return access === READ ? ' read from' : ' write to';
}

/**
 * May a call use `size` bytes of stack? What is read must be initialised, what may be written loses its contents.
 * A negative size is a global function's argument, whose body was shown not to read poisoned slots. `meta`: a call
 * that fills its raw memory argument completely need not find it initialised (kernel: check_stack_range_initialized).
 */
export function checkStackRangeInitialized(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  zeroAllowed: boolean,
  access: Access,
  meta: CallMeta | null,
): void {
  const clobber = access === WRITE;
  const allowPoison = size < 0 || clobber;
  const bytes = Math.abs(size);
  const { scalar } = reg;
  const fixed = isConst(scalar);
  if (bytes === 0 && !zeroAllowed) env.fail(STACK_RULES['zero-sized-read']);
  checkStackWithinBounds(env, reg, argno, off, bytes, access);
  let min: number;
  let max: number;
  if (fixed) {
    min = max = constNumber(scalar) + off;
    if (meta !== null && meta.rawMemRegno !== 0 && meta.rawMemRegno === regOf(argno)) {
      meta.rawMemSize = bytes;
      return;
    }
  } else {
    if (!env.caps.bypassSpecV1) env.fail(STACK_RULES['var-off-unpriv'], [argName(argno), tnumText(scalar)]);
    min = sminNumber(scalar) + off;
    max = smaxNumber(scalar) + off;
  }

  const frameno = reg.num;
  const end = max + bytes;
  for (let i = min; i < end; i++) {
    const at = -i - 1;
    const spi = at >> 3;
    const { stack } = env.cur.frames[frameno];
    if (stack.length << 3 <= at) env.fail(STACK_RULES['allocated-too-small']);
    const slot = stack[spi];
    if (slot === MISC_SLOT) {
      i = -(spi << 3) - 1; // its highest byte
      continue;
    }
    const type = byteType(slot.types, at & 7);
    if (type === STACK_MISC) continue;
    if (type === STACK_ZERO || (type === STACK_INVALID && env.caps.allowUninitStack)) {
      if (clobber) setSlot(env.cur, frameno, spi, withMisc(slot, at & 7));
      continue;
    }
    if (isSpilledReg(slot) && (slot.reg.type === SCALAR_VALUE || env.caps.allowPtrLeaks)) {
      if (clobber) setSlot(env.cur, frameno, spi, plainSlot(scrubbedTypes(slot.types)));
      else i = -(spi << 3) - 1; // whatever its bytes are, they may be read
      continue;
    }
    if (type === STACK_POISON) {
      if (allowPoison) continue;
      env.fail(STACK_RULES['range-poisoned'], [argName(argno), min, i - min, bytes]);
    }
    if (fixed) env.fail(STACK_RULES['range-uninit'], [argName(argno), min, i - min, bytes]);
    env.fail(STACK_RULES['range-uninit-var'], [argName(argno), tnumText(scalar), i - min, bytes]);
  }
}

/** The slot with one of its bytes made misc. */
function withMisc(slot: Slot, byte: number): Slot {
  const types = withByte(slot.types, byte, STACK_MISC);
  return slot.reg === NOT_INIT_REG ? plainSlot(types) : new Slot(types, slot.reg);
}
