import type { Env } from '../state/env.ts';
import { recordCallerSaved, recordScrub } from '../state/events.ts';
import type { Frame } from '../state/frame.ts';
import { newFrame } from '../state/pending.ts';
import { NOT_INIT_REG } from '../state/reg.ts';
import type { State } from '../state/state.ts';
import { callRules as R } from './rules.ts';

/** Depth of the call stack (kernel: MAX_CALL_FRAMES). */
const MAX_CALL_FRAMES = 16;

/** Fills the registers of a new frame from its caller's. */
export type CalleeSetup = (env: Env, caller: Frame, callee: Frame, insnIdx: number) => void;

/** A called function sees its caller's R1..R5. */
export const passArguments: CalleeSetup = (_env, caller, callee) => {
  for (let regno = 1; regno <= 5; regno++) callee.regs[regno] = caller.regs[regno];
};

/** Adds the frame of a called function or callback to `state` (kernel: setup_func_entry). */
export function enterFunction(
  env: Env,
  subprogno: number,
  callsite: number,
  setup: CalleeSetup,
  state: State,
): void {
  const depth = state.frames.length;
  if (depth >= MAX_CALL_FRAMES) env.fail(R.callStackTooDeep, [depth + 1]);
  const callee = newFrame(env, callsite, depth, subprogno);
  setup(env, state.frames[depth - 1], callee, callsite);
  callee.mayHavePrecise = callee.regs.some((r) => r.precise);
  state.frames.push(callee);
}

/** A call leaves nothing in R0..R5 of frame `frameno` (kernel: clear_caller_saved_regs). */
export function clearCallerSaved(env: Env, frameno: number): void {
  if (frameno === env.cur.curframe) recordCallerSaved(env);
  else
    for (let regno = 1; regno <= 5; regno++)
      recordScrub(env, frameno, 'reg', regno, env.cur.frames[frameno].regs[regno], 'caller-saved');
  const frame = env.cur.writable(frameno);
  for (let regno = 0; regno <= 5; regno++) {
    frame.regs[regno] = NOT_INIT_REG;
    env.scratchReg(regno);
  }
}

/** On-stack arguments do not outlive the call that they were for. */
export function invalidateOutgoingStackArgs(env: Env, frameno: number): void {
  const args = env.cur.frames[frameno].stackArgs;
  if (args.length === 0) return;
  args.forEach((reg, i) => recordScrub(env, frameno, 'stack-arg', i, reg, 'caller-saved'));
  env.cur.writable(frameno).stackArgs = args.map(() => NOT_INIT_REG);
}
