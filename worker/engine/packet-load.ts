import { leaveFunction } from '../calls/func-exit.ts';
import { checkResourceLeak } from '../context/leaks.ts';
import * as op from '../isa/opcodes.ts';
import { PTR_TO_CTX } from '../kernel/types.ts';
import { BPF_PROG_TYPE_SCHED_ACT, BPF_PROG_TYPE_SCHED_CLS, BPF_PROG_TYPE_SOCKET_FILTER } from '../kernel/uapi.ts';
import { checkPtrOffReg } from '../memory/pointer-offset.ts';
import { argnoFromReg } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import { recordCallerSaved, recordWrite } from '../state/events.ts';
import { markRegKnownZero, markRegNotInit, markRegUnknown } from '../state/marks.ts';
import { pushState } from '../state/pending.ts';
import { checkRegArg, DST_OP_NO_MARK, SRC_OP } from '../state/reg-arg.ts';
import { NEXT, UPDATED, type Step } from '../state/step.ts';
import { packetLoadRules as R } from './rules.ts';

const CTX_REG = 6;

/**
 * Walks a legacy packet load: a hidden call that needs the skb in R6, scratches R1..R5, and ends the function with 0
 * if the packet is too short (kernel: check_ld_abs).
 */
export function stepPacketLoad(env: Env, pc: number): Step {
  const prog = env.traits.progType;
  if (prog !== BPF_PROG_TYPE_SOCKET_FILTER && prog !== BPF_PROG_TYPE_SCHED_CLS && prog !== BPF_PROG_TYPE_SCHED_ACT) env.fail(R.programType);
  for (let f = env.cur.curframe; f > 0; f--) if (env.cur.frames[f].inCallbackFn) env.fail(R.inCallback);
  checkRegArg(env, CTX_REG, SRC_OP);
  checkResourceLeak(env, false, true, 'BPF_LD_[ABS|IND]');
  if (env.reg(CTX_REG).type !== PTR_TO_CTX) env.fail(R.notSkb);
  if (op.modeOf(env.insns.code[pc]) === op.BPF_IND) checkRegArg(env, env.insns.src[pc], SRC_OP);
  checkPtrOffReg(env, env.reg(CTX_REG), argnoFromReg(CTX_REG), false);

  recordCallerSaved(env);
  const before = env.reg(0);
  for (let r = 0; r <= 5; r++) {
    markRegNotInit(env, r);
    checkRegArg(env, r, DST_OP_NO_MARK);
  }
  markRegUnknown(env, 0);
  recordWrite(env, env.cur.curframe, 'reg', 0, before, env.reg(0));
  if (env.cur.curframe === 0) return NEXT;

  env.scratchReg(0);
  pushState(env, pc + 1, pc, false);
  markRegKnownZero(env, 0);
  env.insnIdx = leaveFunction(env);
  return UPDATED;
}
