import { AUX_CALLS_CALLBACK } from '../cfg/facts.ts';
import { PTR_TO_STACK, SCALAR_VALUE } from '../kernel/types.ts';
import { markChainPrecision } from '../precision/chain.ts';
import type { Env } from '../state/env.ts';
import { locate, recordWrite } from '../state/events.ts';
import { findPrevEntry } from '../state/explored.ts';
import { setFrameReg } from '../state/mutate.ts';
import { invalidateOutgoingStackArgs } from './func-entry.ts';
import { failOutOfRange, retvalWithin } from './retval-range.ts';
import { callRules as R } from './rules.ts';
import { widenImpreciseScalars } from './widen.ts';

/**
 * Leaves the current function for its caller and returns where to go on: behind the call, or at it again for a
 * callback, whose caller simulates the next iteration (kernel: prepare_func_exit).
 */
export function leaveFunction(env: Env): number {
  const state = env.cur;
  const depth = state.curframe;
  const callee = state.frames[depth];
  const r0 = callee.regs[0];
  // a pointer to an outer frame would be valid, but the kernel makes no difference
  if (r0.type === PTR_TO_STACK) env.fail(R.returnsStack);
  const isCallback = callee.inCallbackFn;
  if (isCallback) {
    if (r0.type !== SCALAR_VALUE) env.fail(R.callbackReturn);
    markChainPrecision(env, 0);
    const range = callee.callbackRetRange!;
    const result = state.frames[depth].regs[0];
    if (!retvalWithin(range, result)) failOutOfRange(env, result, range, 'At callback return', 'R0');
    if (!(env.facts.flags[callee.callsite] & AUX_CALLS_CALLBACK))
      throw new Error(`instruction ${callee.callsite} calls no callback`);
  } else {
    const before = state.frames[depth - 1].regs[0];
    recordWrite(
      env,
      depth - 1,
      'reg',
      0,
      before,
      r0,
      'write',
      env.obs === null ? null : locate(env, depth, 'reg', 0),
    );
    setFrameReg(state, depth - 1, 0, r0);
  }
  const next = isCallback ? callee.callsite : callee.callsite + 1;
  if (env.walk !== null) {
    env.say('returning from callee:\n');
    env.walk.frame(state, depth);
    env.say('to caller at %d:\n', next);
    env.walk.frame(state, depth - 1);
  }
  accountCallee(env, depth);
  state.frames.pop();
  // what the return does to the caller happens where it goes on
  env.insnIdx = next;
  invalidateOutgoingStackArgs(env, depth - 1);
  if (isCallback) {
    const previous = findPrevEntry(env, state, next);
    if (previous !== null) widenImpreciseScalars(env, previous, state);
  }
  return next;
}

/** What a function walked counts for its caller too (kernel: account_processed_insns). */
export function accountCallee(env: Env, depth: number): void {
  const callee = env.cur.writable(depth);
  const walked = callee.insnsSubtotal;
  env.facts.subprogs[callee.subprogno].insnsTotal += walked;
  if (depth > 0) env.cur.writable(depth - 1).insnsSubtotal += walked;
  callee.insnsSubtotal = 0;
}
