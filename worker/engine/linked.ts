import { addLinked } from '../domain/scalar.ts';
import { SCALAR_VALUE } from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import type { LinkedReg } from '../state/history.ts';
import { setFrameReg, setSlot } from '../state/mutate.ts';
import { LINK_ADD32, LINK_NONE, Reg, withId } from '../state/reg.ts';
import { isSpilledReg, Slot } from '../state/slot.ts';
import type { State } from '../state/state.ts';

/** Registers that one branch can tell about at once (kernel: LINKED_REGS_MAX). */
const LINKED_MAX = 5;

/**
 * Adds every live register and spilled register that shares the scalar id to `found`; those that find no place lose
 * their identity (kernel: collect_linked_regs).
 */
export function collectLinked(env: Env, id: number, found: LinkedReg[]): void {
  const state = env.cur;
  for (let f = state.curframe; f >= 0; f--) {
    const live = env.facts.liveRegs[state.frameInsnIdx(f)];
    const frame = state.frames[f];
    for (let r = 0; r < 10; r++) {
      const reg = frame.regs[r];
      if (reg.id !== id || reg.type !== SCALAR_VALUE || !(live & (1 << r))) continue;
      if (found.length < LINKED_MAX) found.push({ frameno: f, isReg: true, no: r });
      else setFrameReg(state, f, r, withId(state.frames[f].regs[r], 0));
    }
    for (let spi = 0; spi < state.frames[f].stack.length; spi++) {
      const slot = state.frames[f].stack[spi];
      if (slot.reg.id !== id || slot.reg.type !== SCALAR_VALUE || !isSpilledReg(slot)) continue;
      if (found.length < LINKED_MAX) found.push({ frameno: f, isReg: false, no: spi });
      else setSlot(state, f, spi, new Slot(slot.types, withId(slot.reg, 0)));
    }
  }
}

/**
 * What was learned of `known` (register `knownRegno` of the current frame) holds for the registers linked to it, at
 * their distance (kernel: sync_linked_regs).
 */
export function syncLinked(env: Env, state: State, knownRegno: number, linked: readonly LinkedReg[]): void {
  const top = state.curframe;
  const known = state.frames[top].regs[knownRegno];
  for (const { frameno, isReg, no } of linked) {
    if (isReg && frameno === top && no === knownRegno) continue;
    const frame = state.frames[frameno];
    const reg = isReg ? frame.regs[no] : frame.stack[no].reg;
    if (reg.type !== SCALAR_VALUE || reg.id !== known.id) continue;
    // distances in 32 and in 64 bits do not add up
    if (reg.link !== LINK_NONE && known.link !== LINK_NONE && reg.link !== known.link) continue;
    const after = follow(reg, known);
    if (isReg) {
      setFrameReg(state, frameno, no, after);
      env.scratchReg(no);
    } else {
      setSlot(state, frameno, no, new Slot(frame.stack[no].types, after));
      env.scratchSlot(no);
    }
  }
}

function follow(reg: Reg, known: Reg): Reg {
  if ((reg.link === LINK_NONE && known.link === LINK_NONE) || reg.delta === known.delta) return known;
  const low32 = reg.link === LINK_ADD32 || known.link === LINK_ADD32;
  const scalar = addLinked(known.scalar, reg.delta - known.delta, low32);
  return new Reg(SCALAR_VALUE, scalar, reg.id, reg.link, reg.delta, known.parentId, known.mapUid, known.num, known.ext, known.precise);
}
