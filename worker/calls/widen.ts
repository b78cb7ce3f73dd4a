import { sameScalar } from '../domain/scalar.ts';
import { SCALAR_VALUE } from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import { unknownReg } from '../state/marks.ts';
import { setFrameReg, setSlot } from '../state/mutate.ts';
import type { Reg } from '../state/reg.ts';
import { isSpilledReg, Slot } from '../state/slot.ts';
import type { State } from '../state/state.ts';

/** What a scalar that changed since the last iteration is assumed to be: anything, unless its value mattered. */
function widened(env: Env, old: Reg, cur: Reg): Reg {
  if (old === cur || old.type !== SCALAR_VALUE || cur.type !== SCALAR_VALUE) return cur;
  if (old.precise || cur.precise) return cur;
  if (old.delta === cur.delta && sameScalar(old.scalar, cur.scalar)) return cur;
  return unknownReg(env);
}

/**
 * Forgets the value of imprecise scalars that differ from the previous entry of a loop, so that the loop's states
 * converge (kernel: widen_imprecise_scalars).
 */
export function widenImpreciseScalars(env: Env, old: State, cur: State): void {
  for (let f = old.frames.length - 1; f >= 0; f--) {
    const before = old.frames[f];
    for (let r = 0; r < 11; r++) {
      const reg = cur.frames[f].regs[r];
      const after = widened(env, before.regs[r], reg);
      if (after !== reg) setFrameReg(cur, f, r, after);
    }
    const slots = Math.min(before.stack.length, cur.frames[f].stack.length);
    for (let spi = 0; spi < slots; spi++) {
      const slot = cur.frames[f].stack[spi];
      if (!isSpilledReg(before.stack[spi]) || !isSpilledReg(slot)) continue;
      const after = widened(env, before.stack[spi].reg, slot.reg);
      if (after !== slot.reg) setSlot(cur, f, spi, new Slot(slot.types, after));
    }
  }
}
