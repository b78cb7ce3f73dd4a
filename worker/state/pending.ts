import { E2BIG } from '../failure/errno.ts';
import { defineRules } from '../failure/rule.ts';
import { pointerReg } from './reg.ts';
import { PTR_TO_STACK } from '../kernel/types.ts';
import { Pending, type Env } from './env.ts';
import { Frame } from './frame.ts';
import { State } from './state.ts';

/** Paths put aside at once (kernel: BPF_COMPLEXITY_LIMIT_JMP_SEQ). */
export const PENDING_LIMIT = 8192;

export const pendingRules = defineRules('search', {
  tooManyJumps: { text: 'The sequence of %d jumps is too complex.\n', errno: E2BIG },
  tooManyAsyncJumps: { text: 'The sequence of %d jumps is too complex for async cb.\n', errno: E2BIG },
});

/**
 * Puts a copy of the current state aside, to go on at `insnIdx` later (kernel: push_stack).
 * Returns the copy, which the caller may still change.
 */
export function pushState(env: Env, insnIdx: number, prevInsnIdx: number, speculative: boolean): State {
  const cur = env.cur;
  const state = cur.copy();
  put(env, state, insnIdx, prevInsnIdx);
  if (speculative) state.speculative = true;
  if (env.pendingCount > PENDING_LIMIT) env.fail(pendingRules.tooManyJumps, [env.pendingCount]);
  if (state.parent !== null) state.parent.branches++;
  return state;
}

/** Puts a fresh state aside that enters function `subprogno` as an asynchronous callback (kernel: push_async_cb). */
export function pushAsyncCallback(env: Env, insnIdx: number, prevInsnIdx: number, subprogno: number, sleepable: boolean): State {
  const state = new State([newFrame(env, -1, 0, subprogno)]);
  state.inSleepable = sleepable;
  put(env, state, insnIdx, prevInsnIdx);
  if (env.pendingCount > PENDING_LIMIT) env.fail(pendingRules.tooManyAsyncJumps, [env.pendingCount]);
  return state;
}

/** A frame as on function entry: nothing known but the frame pointer (kernel: init_func_state). */
export function newFrame(env: Env, callsite: number, frameno: number, subprogno: number): Frame {
  const frame = new Frame(callsite, frameno, subprogno);
  frame.diagFrameId = ++env.frameIdGen;
  frame.regs[10] = pointerReg(PTR_TO_STACK, frameno);
  env.scratchAll();
  return frame;
}

function put(env: Env, state: State, insnIdx: number, prevInsnIdx: number): void {
  env.pending = new Pending(state, insnIdx, prevInsnIdx, env.pending);
  env.pendingCount++;
  if (env.obs !== null) env.obs.pushed(state, insnIdx, prevInsnIdx);
}
