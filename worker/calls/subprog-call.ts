import { subprogAt } from '../cfg/subprogs.ts';
import { inRcuCs, inSleepableContext, nonSleepableDescription } from '../state/regions.ts';
import { recordScrub, recordWrite } from '../state/events.ts';
import type { Env } from '../state/env.ts';
import { markRegUnknown } from '../state/marks.ts';
import { pushState } from '../state/pending.ts';
import { clearAllPktPointers } from '../state/release.ts';
import { NEXT, PATH_END, UPDATED, type Step } from '../state/step.ts';
import { checkResourceLeak } from '../context/leaks.ts';
import { clearCallerSaved, enterFunction, invalidateOutgoingStackArgs, passArguments } from './func-entry.ts';
import { reportContextActive, reportContextForbidden } from './reports.ts';
import { callRules as R } from './rules.ts';
import { matchSubprogArgs, returnsVoid } from './subprog-args.ts';
import type { Subprog } from '../cfg/facts.ts';
import type { Rejection } from '../failure/rule.ts';

/** On-stack arguments that a function takes. */
function incomingStackArgs(sub: Subprog): number {
  return Math.max(0, sub.argCnt - 5);
}

/**
 * Walks a call of another function of the program: a static one is entered, a global one is verified on its own and
 * only its prototype counts here (kernel: check_func_call).
 */
export function stepFuncCall(env: Env, pc: number): Step {
  const sub = subprogAt(env.facts, pc + env.insns.imm[pc] + 1);
  const mismatch = matchSubprogArgs(env, sub);
  if (sub.isGlobal) return callGlobal(env, pc, sub, mismatch);

  const frameno = env.cur.curframe;
  const callerSub = env.facts.subprogs[env.cur.frames[frameno].subprogno];
  callerSub.stackArgCnt = Math.max(
    callerSub.stackArgCnt,
    incomingStackArgs(callerSub) + incomingStackArgs(sub),
  );

  enterFunction(env, sub.index, pc, passArguments, env.cur);
  recordScrub(env, frameno, 'reg', 0, env.cur.frames[frameno].regs[0], 'caller-saved');
  clearCallerSaved(env, frameno);
  env.insnIdx = sub.start;
  if (env.walk !== null) {
    env.say('caller:\n');
    env.walk.frame(env.cur, frameno);
    env.say('callee:\n');
    env.walk.frame(env.cur, frameno + 1);
  }
  return UPDATED;
}

function callGlobal(env: Env, pc: number, sub: Subprog, mismatch: Rejection | null): Step {
  if (env.cur.activeLocks !== 0) {
    env.fail(
      R.globalUnderLock,
      [],
      reportContextActive(
        pc,
        `global function ${sub.name}()`,
        'lock',
        'Release the lock before calling the global function, or use a static function instead.',
      ),
    );
  }
  if (sub.mightSleep && !inSleepableContext(env)) {
    env.fail(
      R.sleepableGlobal,
      [sub.name, nonSleepableDescription(env)],
      reportContextForbidden(
        pc,
        `sleepable global function ${sub.name}()`,
        'Move the call outside the critical section, or use a non-sleepable function.',
      ),
    );
  }
  if (mismatch !== null) env.fail(R.globalArguments, [sub.index, sub.name], null, mismatch.errno);
  env.say("Func#%d ('%s') is global and assumed valid.\n", sub.index, sub.name);
  // a nofault region is no RCU section: what is called from one is verified as in a sleepable program
  sub.called[inRcuCs(env) ? 0 : 1] = true;

  const isVoid = returnsVoid(env, sub);
  if (sub.changesPktData) clearAllPktPointers(env);
  const frameno = env.cur.curframe;
  const before = env.reg(0);
  if (isVoid) recordScrub(env, frameno, 'reg', 0, before, 'caller-saved');
  clearCallerSaved(env, frameno);
  invalidateOutgoingStackArgs(env, frameno);
  if (!isVoid) {
    markRegUnknown(env, 0);
    recordWrite(env, frameno, 'reg', 0, before, env.reg(0));
  }

  if (sub.mightThrow) {
    pushState(env, pc + 1, pc, false);
    checkResourceLeak(env, true, true, 'bpf_throw');
    return PATH_END;
  }
  return NEXT;
}
