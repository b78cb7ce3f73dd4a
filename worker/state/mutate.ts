import type { Reg } from './reg.ts';
import { Slot } from './slot.ts';
import type { State } from './state.ts';

/** Writes register `regno` of frame `frameno` of a state. */
export function setFrameReg(state: State, frameno: number, regno: number, reg: Reg): void {
  const frame = state.writable(frameno);
  frame.regs[regno] = reg;
  if (reg.precise) frame.mayHavePrecise = true;
}

/** Writes slot `spi` of frame `frameno`, which must be within the stack in use. */
export function setSlot(state: State, frameno: number, spi: number, slot: Slot): void {
  const frame = state.writable(frameno);
  frame.ownStack();
  frame.stack[spi] = slot;
  if (slot.reg.precise) frame.mayHavePrecise = true;
}

/**
 * Replaces every register, spilled register and on-stack argument of every frame by `change(reg)`, which
 * returns its argument to leave it alone. `slots`: also offers slots whose entry 7 has a type in this bit mask
 * (kernel: bpf_for_each_reg_in_vstate_mask); spills only by default.
 */
export function mapRegs(
  state: State,
  change: (reg: Reg, frameno: number, kind: 'reg' | 'slot' | 'stack-arg', no: number) => Reg,
  slotMask = 1 << 1,
): void {
  for (let f = 0; f < state.frames.length; f++) {
    let frame = state.frames[f];
    for (let r = 0; r < 11; r++) {
      const before = frame.regs[r];
      const after = change(before, f, 'reg', r);
      if (after !== before) {
        setFrameReg(state, f, r, after);
        frame = state.frames[f];
      }
    }
    for (let spi = 0; spi < frame.stack.length; spi++) {
      const slot = frame.stack[spi];
      if (((1 << (slot.types >> 21)) & slotMask) === 0) continue;
      const after = change(slot.reg, f, 'slot', spi);
      // the callback may itself have rewritten the slot's types: start from what is there now
      const now = state.frames[f].stack[spi];
      if (after !== now.reg) setSlot(state, f, spi, new Slot(now.types, after));
      frame = state.frames[f];
    }
    for (let a = 0; a < frame.stackArgs.length; a++) {
      const before = frame.stackArgs[a];
      if (before.type === 0) continue;
      const after = change(before, f, 'stack-arg', a);
      if (after === before) continue;
      const writable = state.writable(f);
      const args = writable.stackArgs.slice();
      args[a] = after;
      writable.stackArgs = args;
      frame = writable;
    }
  }
}
