import { EINVAL, ERANGE } from '../../failure/errno.ts';
import { constLo, isConst } from '../../domain/scalar.ts';
import type { Env } from '../../state/env.ts';
import type { Reg } from '../../state/reg.ts';
import { allBytes, type Slot } from '../../state/slot.ts';

/**
 * The first slot of an object of `slots` slots that a stack pointer points to. Negative: the errno, after saying why
 * (-EINVAL), or silently if the stack was never used that deep (-ERANGE) (kernel: stack_slot_obj_get_spi).
 */
export function objectSpi(env: Env, reg: Reg, kind: string, slots: number): number {
  if (!isConst(reg.scalar)) {
    env.say('%s has to be at a constant offset\n', kind);
    return -EINVAL;
  }
  const off = constLo(reg.scalar);
  const spi = (-off - 1) >> 3;
  if (off >= 0 || (off & 7) !== 0 || spi + 1 < slots) {
    env.say('cannot pass in %s at an offset=%d\n', kind, off);
    return -EINVAL;
  }
  return spi < env.cur.frames[reg.num].stack.length ? spi : -ERANGE;
}

/** Is any byte of the slot of this type? */
export function hasByte(slot: Slot, type: number): boolean {
  for (let types = slot.types, i = 0; i < 8; i++, types >>= 3) if ((types & 7) === type) return true;
  return false;
}

/** Are all bytes of the slot of this type? */
export function isWhole(slot: Slot, type: number): boolean {
  return slot.types === allBytes(type);
}
