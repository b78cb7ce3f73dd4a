import { skipModifiers } from '../btf/walk.ts';
import { BTF_KIND_PTR } from '../btf/btf.ts';
import { failOutOfRange, retvalWithin } from '../calls/retval-range.ts';
import { returnsVoid } from '../calls/subprog-args.ts';
import { PTR_TO_ARENA, SCALAR_VALUE, regTypeStr } from '../kernel/types.ts';
import * as u from '../kernel/uapi.ts';
import { checkPtrOffReg, isPointerValue } from '../memory/pointer-offset.ts';
import { markChainPrecision } from '../precision/chain.ts';
import { argnoFromReg } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import type { RetvalRange } from '../state/frame.ts';
import { checkRegArg, SRC_OP } from '../state/reg-arg.ts';
import { isReferenced } from '../state/refs.ts';
import { BtfRef } from '../state/reg.ts';
import { programRetvalRange } from './ret-range.ts';
import { exitRules } from './rules.ts';

/** The main program, or an asynchronous or exception callback, ends: may it return what is in `regno` (kernel: check_return_code)? */
export function checkReturnCode(env: Env, regno: number, regName: string): void {
  const prog = env.traits.progType;
  const frame = env.cur.frames[0];
  if (!frame.inAsyncCallbackFn && programReturnsVoid(env)) return;
  let mayReturnPointer = false;
  if (prog === u.BPF_PROG_TYPE_STRUCT_OPS) {
    const wanted = returnedStruct(env);
    mayReturnPointer = wanted !== 0;
    const reg = env.reg(regno);
    // a referenced object goes back to the kernel unchanged
    if (wanted !== 0 && reg.ext instanceof BtfRef && reg.ext.btf === env.attach!.btf && reg.ext.id === wanted && isReferenced(env, reg)) {
      checkPtrOffReg(env, reg, argnoFromReg(regno), false);
      return;
    }
  }
  checkRegArg(env, regno, SRC_OP);
  if (isPointerValue(env, env.reg(regno))) env.fail(exitRules.leaksAddress, [regno]);

  let where = 'At program exit';
  let range: RetvalRange | null;
  if (frame.inAsyncCallbackFn) {
    where = 'At async callback return';
    range = frame.callbackRetRange ?? { min: 0, max: 0, return32bit: false };
  } else {
    if (prog === u.BPF_PROG_TYPE_STRUCT_OPS && !mayReturnPointer) return;
    range = programRetvalRange(env);
  }
  if (range === null) return;

  const reg = env.reg(regno);
  if (reg.type !== SCALAR_VALUE) env.fail(exitRules.notKnown, [where, regno, regTypeStr(reg.type)]);
  markChainPrecision(env, regno);
  if (retvalWithin(range, reg)) return;
  const voidHook = env.traits.attachType === u.BPF_LSM_CGROUP && prog === u.BPF_PROG_TYPE_LSM && env.attach!.proto!.type === 0;
  try {
    failOutOfRange(env, reg, range, where, regName);
  } finally {
    if (voidHook) env.say("Note, BPF_LSM_CGROUP that attach to void LSM hooks can't modify return value!\n");
  }
}

/** A global function ends (kernel: check_global_subprog_return_code). */
export function checkGlobalReturnCode(env: Env): void {
  if (returnsVoid(env, env.subprog())) return;
  checkRegArg(env, 0, SRC_OP);
  const reg = env.reg(0);
  if (reg.type === PTR_TO_ARENA) return;
  if (isPointerValue(env, reg)) env.fail(exitRules.leaksAddress, [0]);
  if (reg.type !== SCALAR_VALUE) env.fail(exitRules.notScalar, [regTypeStr(reg.type)]);
}

function programReturnsVoid(env: Env): boolean {
  switch (env.program.progType) {
    case u.BPF_PROG_TYPE_LSM:
      return env.traits.attachType !== u.BPF_LSM_CGROUP && env.attach!.proto!.type === 0;
    case u.BPF_PROG_TYPE_STRUCT_OPS:
      return env.attach!.proto!.type === 0;
    case u.BPF_PROG_TYPE_EXT:
      return returnsVoid(env, env.facts.subprogs[0]);
    default:
      return false;
  }
}

/** The struct that a struct_ops member returns a pointer to, 0 if it returns no pointer. */
function returnedStruct(env: Env): number {
  const { btf, proto } = env.attach!;
  const result = skipModifiers(btf, proto!.type);
  return result.kind === BTF_KIND_PTR ? skipModifiers(btf, result.type).id : 0;
}
