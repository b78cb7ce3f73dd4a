import { leaveFunction } from '../calls/func-exit.ts';
import { checkResourceLeak } from '../context/leaks.ts';
import type { Env } from '../state/env.ts';
import { PATH_END, UPDATED, type Step } from '../state/step.ts';
import { checkGlobalReturnCode, checkReturnCode } from './return-code.ts';

/** Walks an exit: back to the caller, or the end of the path (kernel: process_bpf_exit_full). */
export function stepExit(env: Env): Step {
  const frame = env.frame();
  checkResourceLeak(env, false, env.cur.curframe === 0, 'BPF_EXIT instruction in main prog');
  if (env.cur.curframe !== 0) {
    env.insnIdx = leaveFunction(env);
    return UPDATED;
  }
  if (frame.subprogno !== 0 && !frame.inAsyncCallbackFn && !frame.inExceptionCallbackFn) checkGlobalReturnCode(env);
  else checkReturnCode(env, 0, 'R0');
  if (env.obs !== null) env.obs.exited(env.cur);
  return PATH_END;
}
