import { argOf, regOf, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import { tracePrecision } from './trace.ts';
import { wantSlot, wantStackArg } from './wanted.ts';

/**
 * Safety depends on the exact value of a register of the current frame: marks it, and all that it was computed
 * from, in the checkpoints that the path went through (kernel: mark_chain_precision).
 */
export function markChainPrecision(env: Env, regno: number): void {
  tracePrecision(env, env.cur, regno);
}

/** As {@link markChainPrecision}, for what was asked for with `wantReg`, `wantSlot` and `wantStackArg` of `wanted.ts`. */
export function markChainPrecisionBatch(env: Env): void {
  tracePrecision(env, env.cur, -1);
}

/** The value spilled in a slot of frame `frameno` must be exact. */
export function markSlotPrecision(env: Env, frameno: number, spi: number): void {
  wantSlot(frameno, spi);
  markChainPrecisionBatch(env);
}

/** The values spilled in these slots of frame `frameno` must be exact. */
export function markStackSlotsPrecise(env: Env, frameno: number, spis: Iterable<number>): void {
  for (const spi of spis) wantSlot(frameno, spi);
  markChainPrecisionBatch(env);
}

/** The outgoing on-stack argument `slot` (0: the sixth argument) of the current frame must be exact. */
export function markStackArgPrecise(env: Env, slot: number): void {
  wantStackArg(env.cur.curframe, slot);
  markChainPrecisionBatch(env);
}

/** The argument of a call must be exact, wherever it is. */
export function markArgPrecision(env: Env, argno: Argno): void {
  const regno = regOf(argno);
  if (regno >= 0) markChainPrecision(env, regno);
  else markStackArgPrecise(env, argOf(argno) - 6);
}
