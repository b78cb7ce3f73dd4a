import { MASK_WORDS } from '../cfg/stack-mask.ts';
import type { Env } from '../state/env.ts';
import type { Mirror } from './mirror.ts';

/** What of a frame may still be read from a step on. */
export interface FrameLife {
  /** R0 to R10, a bit each. */
  readonly regs: number;
  /** Half slots, two bits a slot; null: all of them. */
  readonly slots: Int32Array | null;
}

/** What may still be read from an instruction on, by frame. Facts of the code: the values do not matter. */
export function lifeAt(env: Env, { frames }: Mirror, insn: number): FrameLife[] {
  const { facts, liveness } = env;
  liveness?.queryInit({ frames: frames.map((frame) => frame.facts), insnIdx: insn });
  return frames.map((_, f) => {
    const at = f === frames.length - 1 ? insn : frames[f + 1].facts.callsite;
    const slots = liveness?.alive(f) ?? null;
    return {
      regs: facts.liveRegs[at] | (1 << 10),
      slots: slots === null ? null : slots.slice(0, MASK_WORDS),
    };
  });
}

/** May any byte of a slot still be read? */
export function slotLives({ slots }: FrameLife, spi: number): boolean {
  return slots === null || ((slots[spi >> 4] >>> (2 * (spi & 15))) & 3) !== 0;
}
