import { markChainPrecisionBatch } from '../precision/chain.ts';
import { wantSlot } from '../precision/wanted.ts';
import type { Env } from '../state/env.ts';
import { constZeroReg, markRegUnknown } from '../state/marks.ts';
import { STACK_SPILL, STACK_ZERO, byteType } from '../state/slot.ts';
import { isNull } from './argument.ts';

/**
 * Register `dstRegno` receives the bytes [min, max) of the stack: 0 if all are zero, else an unknown number. Zeros
 * that are spilled constants must stay zeros for whoever reuses this state (kernel: mark_reg_stack_read).
 */
export function markRegStackRead(
  env: Env,
  frameno: number,
  min: number,
  max: number,
  dstRegno: number,
): void {
  const { stack } = env.cur.frames[frameno];
  let zeroSpills: number[] | null = null;
  let i = min;
  for (; i < max; i++) {
    const at = -i - 1;
    const spi = at >> 3;
    env.scratchSlot(spi);
    const slot = stack[spi];
    const type = byteType(slot.types, at & 7);
    if (type === STACK_ZERO) continue;
    if (type !== STACK_SPILL || !isNull(slot.reg)) break;
    zeroSpills ??= [];
    if (!zeroSpills.includes(spi)) zeroSpills.push(spi);
  }
  if (i < max) {
    markRegUnknown(env, dstRegno);
    return;
  }
  env.setReg(dstRegno, constZeroReg(env));
  if (zeroSpills === null) return;
  for (const spi of zeroSpills) wantSlot(frameno, spi);
  markChainPrecisionBatch(env);
}
