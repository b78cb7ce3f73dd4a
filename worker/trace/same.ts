import { sameScalar } from '../domain/scalar.ts';
import { sameReg, withScalar, type Reg } from '../state/reg.ts';
import type { Slot } from '../state/slot.ts';

/** Do both say the same, whatever their identity and the handle of their value? */
export function sameRegs(a: Reg, b: Reg): boolean {
  return a === b || (sameScalar(a.scalar, b.scalar) && sameReg(withScalar(a, b.scalar), b));
}

export function sameSlots(a: Slot, b: Slot): boolean {
  return a === b || (a.types === b.types && sameRegs(a.reg, b.reg));
}
