import { sameScalar } from '../domain/scalar.ts';
import type { Reg } from '../state/reg.ts';
import type { Slot } from '../state/slot.ts';

/** Do both say the same, whatever their identity? */
export function sameRegs(a: Reg, b: Reg): boolean {
  return (
    a === b ||
    (a.type === b.type &&
      a.id === b.id &&
      a.link === b.link &&
      a.delta === b.delta &&
      a.parentId === b.parentId &&
      a.mapUid === b.mapUid &&
      a.num === b.num &&
      a.ext === b.ext &&
      a.precise === b.precise &&
      sameScalar(a.scalar, b.scalar))
  );
}

export function sameSlots(a: Slot, b: Slot): boolean {
  return a === b || (a.types === b.types && sameRegs(a.reg, b.reg));
}
