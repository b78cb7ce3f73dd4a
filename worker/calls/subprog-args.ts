import { BTF_KIND_FUNC } from '../btf/btf.ts';
import { isVoid, skipModifiers } from '../btf/walk.ts';
import { EFAULT, EINVAL } from '../failure/errno.ts';
import { Rejection } from '../failure/rule.ts';
import {
  ARG_ANYTHING,
  ARG_DONTCARE,
  ARG_PTR_TO_ARENA,
  ARG_PTR_TO_BTF_ID,
  ARG_PTR_TO_CTX,
  ARG_PTR_TO_DYNPTR,
  ARG_PTR_TO_MEM,
  baseType,
  PTR_MAYBE_NULL,
  PTR_TO_ARENA,
  PTR_TO_CTX,
  PTR_UNTRUSTED,
  SCALAR_VALUE,
  typeIsPktPointerAny,
  typeMayBeNull,
} from '../kernel/types.ts';
import type { Subprog, SubprogArg } from '../cfg/facts.ts';
import { prepareFuncArgs } from '../cfg/func-args.ts';
import { isNull } from '../memory/pointer-offset.ts';
import { READ, WRITE } from '../memory/access.ts';
import { checkMemReg } from '../memory/helper-mem.ts';
import { checkOutgoingStackArgs, markArgPrecision } from '../memory/stack-args.ts';
import { argReg } from '../state/arg-reg.ts';
import { argName, argnoFromArg, type Argno } from '../state/argno.ts';
import { CallMeta, RefObj } from '../state/call-meta.ts';
import type { Env } from '../state/env.ts';
import { isPacketSlice } from '../state/release.ts';
import type { Reg } from '../state/reg.ts';
import { checkFuncArgRegOff } from './arg-offset.ts';
import { checkRegType } from './arg-types.ts';
import { processDynptrArg } from './dynptr-arg.ts';
import { callRules as R } from './rules.ts';

/** Answers for functions whose prototype is known to say nothing; one for all, because it is asked for at every call. */
const UNRELIABLE = new Rejection(R.globalArguments, [], R.globalArguments.errno, '');

/**
 * Do the registers fit the BTF prototype of the function that is called (kernel: btf_check_subprog_call)? Returns the
 * rejection if not: it counts for global functions only, and marks the prototype as unreliable. A wrong number of
 * on-stack arguments rejects at once.
 */
export function matchSubprogArgs(env: Env, sub: Subprog): Rejection | null {
  if (env.program.funcInfo.length === 0 || sub.unreliable) return UNRELIABLE;
  try {
    checkArguments(env, sub);
    return null;
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    if (error.errno === EFAULT) throw error;
    sub.unreliable = true;
    return error;
  }
}

function checkArguments(env: Env, sub: Subprog): void {
  const btf = env.program.btf!;
  try {
    prepareFuncArgs(env, sub);
  } catch (error) {
    if (error instanceof Rejection) checkOutgoingStackArgs(env, sub.argCnt, sub.name, null);
    throw error;
  }
  const func = btf.type(env.program.funcInfo[sub.index][1]);
  if (func.kind !== BTF_KIND_FUNC) throw new Error(`function info of ${sub.name} names no function`);
  checkOutgoingStackArgs(env, sub.argCnt, sub.name, btf.type(func.type).params);
  const refObj = new RefObj();
  for (let i = 0; i < sub.argCnt; i++) {
    const argno = argnoFromArg(i + 1);
    checkArgument(env, sub, argno, argReg(env, argno), sub.args[i], refObj);
  }
}

function checkArgument(
  env: Env,
  sub: Subprog,
  argno: Argno,
  reg: Reg,
  arg: SubprogArg,
  refObj: RefObj,
): void {
  const base = baseType(arg.type);
  if (arg.type === ARG_ANYTHING) {
    if (reg.type !== SCALAR_VALUE) env.fail(R.argNotScalar, [argName(argno)]);
  } else if (arg.type & PTR_UNTRUSTED) {
    // read with caught faults, so anything goes
  } else if (arg.type === ARG_PTR_TO_CTX) {
    checkFuncArgRegOff(env, reg, argno, ARG_PTR_TO_CTX);
    if (reg.type !== PTR_TO_CTX) env.fail(R.argNotCtx, [argName(argno)]);
  } else if (base === ARG_PTR_TO_MEM) {
    checkFuncArgRegOff(env, reg, argno, ARG_DONTCARE);
    checkArgMemory(env, reg, argno, arg.memSize);
    if ((typeIsPktPointerAny(reg.type) || isPacketSlice(reg)) && sub.changesPktData) {
      env.fail(R.argPacketChanges, [argName(argno), sub.index]);
    }
    if (!(arg.type & PTR_MAYBE_NULL) && (typeMayBeNull(reg.type) || isNull(reg)))
      env.fail(R.argNull, [argName(argno)]);
  } else if (base === ARG_PTR_TO_ARENA) {
    if (reg.type !== PTR_TO_ARENA && reg.type !== SCALAR_VALUE) env.fail(R.argNotArena, [argName(argno)]);
  } else if (arg.type === ARG_PTR_TO_DYNPTR) {
    checkFuncArgRegOff(env, reg, argno, ARG_PTR_TO_DYNPTR);
    processDynptrArg(env, reg, argno, env.insnIdx, sub.name, arg.type, refObj, null);
  } else if (base === ARG_PTR_TO_BTF_ID) {
    if (isNull(reg) && typeMayBeNull(arg.type)) markArgPrecision(env, argno);
    else {
      checkRegType(env, reg, argno, arg.type, arg.btfId, new CallMeta(), sub.name);
      checkFuncArgRegOff(env, reg, argno, arg.type);
    }
  } else throw new Error(`unrecognized argument type ${arg.type} of ${sub.name}`);
}

/** Memory that is too small or not writable is an invalid argument, whatever the reason. */
function checkArgMemory(env: Env, reg: Reg, argno: Argno, size: number): void {
  try {
    checkMemReg(env, reg, argno, size, READ | WRITE, null);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    throw new Rejection(error.rule, error.args, EINVAL, error.message);
  }
}

/** Does the function return void by its prototype? */
export function returnsVoid(env: Env, sub: Subprog): boolean {
  const btf = env.program.btf!;
  const proto = btf.type(btf.type(env.program.funcInfo[sub.index][1]).type);
  return isVoid(skipModifiers(btf, proto.type));
}
