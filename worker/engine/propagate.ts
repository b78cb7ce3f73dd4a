import { SCALAR_VALUE } from '../kernel/types.ts';
import { tracePrecision } from '../precision/trace.ts';
import { wantReg, wantSlot } from '../precision/wanted.ts';
import type { Env } from '../state/env.ts';
import { isSpilledReg } from '../state/slot.ts';
import type { State } from '../state/state.ts';

/**
 * What had to be exact in the explored state must be exact on the way to the one that it covers. True: something new
 * was marked (kernel: propagate_precision).
 */
export function propagatePrecision(env: Env, old: State, cur: State): boolean {
  const verbose = env.messages.level === 2;
  for (let f = old.frames.length - 1; f >= 0; f--) {
    const frame = old.frames[f];
    if (!frame.mayHavePrecise) continue;
    let text = '';
    for (let r = 0; r < 10; r++) {
      const reg = frame.regs[r];
      if (reg.type !== SCALAR_VALUE || !reg.precise) continue;
      if (verbose) text += text === '' ? `frame ${f}: propagating r${r}` : `,r${r}`;
      wantReg(f, r);
    }
    for (let spi = 0; spi < frame.stack.length; spi++) {
      const slot = frame.stack[spi];
      if (!isSpilledReg(slot) || slot.reg.type !== SCALAR_VALUE || !slot.reg.precise) continue;
      const at = -(spi + 1) * 8;
      if (verbose) text += text === '' ? `frame ${f}: propagating fp${at}` : `,fp${at}`;
      wantSlot(f, spi);
    }
    if (text !== '') env.messages.text(text + '\n');
  }
  return tracePrecision(env, cur, -1);
}
