import { ASKS } from '../kernel/families.ts';
import type { Env } from '../state/env.ts';
import { pushAsyncCallback, pushState } from '../state/pending.ts';
import { enterFunction, type CalleeSetup } from './func-entry.ts';
import { matchSubprogArgs } from './subprog-args.ts';

/**
 * A call that takes a callback: the callback is put aside to be walked later, and the current path goes on behind the
 * call as if it had never run (kernel: push_callback_call). An asynchronous callback starts with an empty stack.
 */
export function pushCallback(
  env: Env,
  insnIdx: number,
  subprogno: number,
  setup: CalleeSetup,
  asynchronous: boolean,
): void {
  const sub = env.facts.subprogs[subprogno];
  matchSubprogArgs(env, sub);
  sub.isCb = true;
  const depth = env.cur.curframe;
  if (asynchronous) {
    sub.isAsyncCb = true;
    // timers never sleep; workqueue and task work callbacks always may
    const kfunc = env.facts.kfuncs.get(insnIdx)?.kfunc;
    const sleepable = kfunc !== undefined && kfunc !== null && (kfunc.families & ASKS.asyncCallback) !== 0;
    const state = pushAsyncCallback(env, sub.start, insnIdx, subprogno, sleepable);
    const caller = env.cur.frames[depth];
    state.frames[0].asyncEntryCnt = caller.asyncEntryCnt + 1;
    setup(env, caller, state.frames[0], insnIdx);
    return;
  }
  const state = pushState(env, sub.start, insnIdx, false);
  enterFunction(env, subprogno, insnIdx, setup, state);
  state.callbackUnrollDepth++;
  state.writable(state.curframe - 1).callbackDepth++;
  env.cur.writable(depth).callbackDepth = 0;
}
