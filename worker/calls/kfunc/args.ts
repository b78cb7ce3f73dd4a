import { BPF_TASK_WORK, BPF_TIMER, BPF_WORKQUEUE } from '../../btf/fields.ts';
import { paramHasSuffix } from '../../btf/match.ts';
import { shownTypeName } from '../../btf/show-name.ts';
import { skipModifiers } from '../../btf/walk.ts';
import { BTF_KIND_PTR } from '../../btf/btf.ts';
import { pointsToKernelStruct, type KfuncArg, type KfuncArgKind } from '../../cfg/kfunc-args.ts';
import {
  KF_bpf_cast_to_kern_ctx,
  KF_bpf_dynptr_clone,
  KF_bpf_dynptr_file_discard,
  KF_bpf_dynptr_from_file,
  KF_bpf_dynptr_from_skb,
  KF_bpf_dynptr_from_skb_meta,
  KF_bpf_dynptr_from_xdp,
} from '../../kernel/generated/special-kfuncs.ts';
import {
  ARG_DONTCARE,
  ARG_PTR_TO_BTF_ID,
  ARG_PTR_TO_CTX,
  ARG_PTR_TO_DYNPTR,
  baseType,
  CONST_PTR_TO_MAP,
  dynptrTypeFlag,
  DYNPTR_TYPE_FILE,
  DYNPTR_TYPE_SKB,
  DYNPTR_TYPE_SKB_META,
  DYNPTR_TYPE_XDP,
  MEM_UNINIT,
  OBJ_RELEASE,
  PTR_TO_ARENA,
  PTR_TO_CTX,
  PTR_TO_FUNC,
  PTR_TO_MAP_VALUE,
  regTypeStr,
  SCALAR_VALUE,
  typeMayBeNull,
} from '../../kernel/types.ts';
import { isNull } from '../../memory/pointer-offset.ts';
import { checkOutgoingStackArgs, markArgPrecision } from '../../memory/stack-args.ts';
import { argReg } from '../../state/arg-reg.ts';
import { argName, argnoFromArg, regOf, type Argno } from '../../state/argno.ts';
import type { Env } from '../../state/env.ts';
import { isReferenced } from '../../state/refs.ts';
import type { Reg } from '../../state/reg.ts';
import { checkFuncArgRegOff } from '../arg-offset.ts';
import { checkConstStrArg } from '../const-args.ts';
import { processDynptrArg } from '../dynptr-arg.ts';
import { processMapFieldArg } from '../field-args.ts';
import { noteRefObj, processMapPtrArg } from '../helper-args.ts';
import { argReport, itIs, requireScalar, type KfuncCall } from './call.ts';
import { checkListHead, checkListNode, checkRbNode, checkRbRoot } from './graph-args.ts';
import { checkIrqFlag, checkResLock } from './irq-args.ts';
import { checkIter } from './iter-args.ts';
import { kernCtxType } from './kern-ctx.ts';
import { checkAllocObj, checkBtfId, checkRefcounted, checkSizedMem } from './object-args.ts';
import { kfuncRules as R } from './rules.ts';
import { checkAllocSize, checkConst, checkConstMemSize, checkMemSize } from './scalar-args.ts';

/** Judges one argument of its kind. */
type Check = (env: Env, call: KfuncCall, reg: Reg, argno: Argno, index: number) => void;

/** One row per kind of argument; a new kind is a row. */
const CHECKS: Readonly<Record<KfuncArgKind, Check>> = {
  const: checkConst,
  anything: requireScalar,
  'const-alloc-size-or-zero': checkAllocSize,
  'const-mem-size': checkConstMemSize,
  'mem-size': checkMemSize,
  ctx: checkCtx,
  arena: checkArena,
  'alloc-obj': checkAllocObj,
  'refcounted-kptr': checkRefcounted,
  'btf-id': checkBtfId,
  mem: checkMem,
  dynptr: checkDynptr,
  iter: checkIter,
  'list-head': checkListHead,
  'list-node': checkListNode,
  'rb-root': checkRbRoot,
  'rb-node': checkRbNode,
  callback: checkCallback,
  'const-str': checkConstStr,
  'const-map': checkConstMap,
  timer: (env, call, reg, argno) => checkMapField(env, call, reg, argno, BPF_TIMER),
  workqueue: (env, call, reg, argno) => checkMapField(env, call, reg, argno, BPF_WORKQUEUE),
  'task-work': (env, call, reg, argno) => checkMapField(env, call, reg, argno, BPF_TASK_WORK),
  'irq-flag': checkIrqFlag,
  'res-spin-lock': checkResLock,
};

/** Checks every argument of the call against its prototype (kernel: check_kfunc_args). */
export function checkKfuncArgs(env: Env, call: KfuncCall): void {
  checkOutgoingStackArgs(env, call.params.length, call.func.name, call.params);
  for (let i = 0; i < call.params.length; i++) checkArg(env, call, i, call.func.args[i]);
}

function checkArg(env: Env, call: KfuncCall, index: number, arg: KfuncArg | null): void {
  const argno = argnoFromArg(index + 1);
  const regno = regOf(argno);
  const param = call.params[index];
  if (pointsToKernelStruct(env, call.func.btf, param, 'bpf_prog_aux')) {
    if (call.meta.argProg) throw new Error(`${call.func.name} takes the program twice`);
    if (regno < 0) env.fail(R.auxOnStack, [argName(argno)]);
    call.meta.argProg = true;
    return;
  }
  if (arg === null) return;
  const reg = argReg(env, argno);
  const { btf } = call.func;
  const declared = skipModifiers(btf, param.type);
  const isPointer = declared.kind === BTF_KIND_PTR;

  if (isPointer && !arg.nullable && (isNull(reg) || typeMayBeNull(reg.type))) {
    env.fail(
      R.possiblyNull,
      [argName(argno)],
      argReport(
        env,
        call,
        argno,
        `the pointer may be NULL, but this kfunc requires a non-NULL value of type ${shownTypeName(btf, param.type)}`,
        'Add a NULL check and call the kfunc only on the non-NULL path.',
      ),
    );
  }
  const released = regno > 0 && regno === call.meta.releaseRegno;
  const referenced = isReferenced(env, reg);
  // a dynptr on the stack stands for what is released through it, and so may an iterator (kf-forbid-fault)
  const isIter = arg.kind === 'iter' && env.model.forbidsFault;
  if (released && arg.kind !== 'dynptr' && !isIter && !referenced && !isNull(reg)) {
    const expected = shownTypeName(btf, isPointer ? skipModifiers(btf, declared.type).id : param.type);
    env.fail(
      R.releaseUnreferenced,
      [call.func.name, argName(argno)],
      argReport(
        env,
        call,
        argno,
        `release kfuncs require a resource-owning value of type ${expected} returned by a matching acquire kfunc`,
        'Pass the resource-owning pointer returned by the matching acquire kfunc, and avoid calling the release kfunc after ownership has already been transferred or released.',
      ),
    );
  }
  if (referenced) noteRefObj(call.meta.refObj, reg);
  if (arg.nullable && isNull(reg)) {
    markArgPrecision(env, argno);
    return;
  }
  let argType = OFFSET_RULES[arg.kind] ?? ARG_DONTCARE;
  if (released && !isIter) argType |= OBJ_RELEASE;
  checkFuncArgRegOff(env, reg, argno, argType, arg.kind !== 'refcounted-kptr');
  CHECKS[arg.kind](env, call, reg, argno, index);
}

/** Kinds whose pointer's offset is judged as a helper's argument of this type would be. */
const OFFSET_RULES: Partial<Record<KfuncArgKind, number>> = {
  dynptr: ARG_PTR_TO_DYNPTR,
  ctx: ARG_PTR_TO_CTX,
  'refcounted-kptr': ARG_PTR_TO_BTF_ID,
};

function checkCtx(env: Env, call: KfuncCall, reg: Reg, argno: Argno): void {
  if (reg.type !== PTR_TO_CTX) {
    env.fail(
      R.notCtx,
      [argName(argno), regTypeStr(reg.type)],
      argReport(
        env,
        call,
        argno,
        `the kfunc expects a context pointer, but ${itIs(argno, reg)}`,
        'Pass the original program context pointer or preserve it before modifying registers.',
      ),
    );
  }
  if (call.kfunc.special === KF_bpf_cast_to_kern_ctx) {
    const type = kernCtxType(env.model, env.traits.progType);
    if (!type.isStruct) env.fail(R.kernCtx, [type.id]);
    call.meta.retBtfId = type.id;
  }
}

function checkArena(env: Env, _call: KfuncCall, reg: Reg, argno: Argno): void {
  if (reg.type !== PTR_TO_ARENA && reg.type !== SCALAR_VALUE) env.fail(R.notArena, [argName(argno)]);
}

/** Memory with a length is checked with the length. */
function checkMem(env: Env, call: KfuncCall, reg: Reg, argno: Argno, index: number): void {
  if (call.func.args[index]!.fixedSize) checkSizedMem(env, call, reg, argno, index);
}

/** Dynptr types that single kfuncs make or take. */
const DYNPTR_KFUNCS = new Map<number, number>([
  [KF_bpf_dynptr_from_skb, DYNPTR_TYPE_SKB],
  [KF_bpf_dynptr_from_xdp, DYNPTR_TYPE_XDP],
  [KF_bpf_dynptr_from_skb_meta, DYNPTR_TYPE_SKB_META],
  [KF_bpf_dynptr_from_file, DYNPTR_TYPE_FILE],
  [KF_bpf_dynptr_file_discard, DYNPTR_TYPE_FILE | OBJ_RELEASE],
]);

function checkDynptr(env: Env, call: KfuncCall, reg: Reg, argno: Argno, index: number): void {
  const uninit = paramHasSuffix(call.params[index], '__uninit');
  let type = ARG_PTR_TO_DYNPTR | (uninit ? MEM_UNINIT : 0) | (DYNPTR_KFUNCS.get(call.kfunc.special) ?? 0);
  if (call.kfunc.special === KF_bpf_dynptr_clone && uninit) type |= dynptrTypeFlag(call.meta.dynptrType);
  processDynptrArg(env, reg, argno, call.pc, call.func.name, type, call.meta.refObj, call.meta);
}

function checkCallback(env: Env, call: KfuncCall, reg: Reg, argno: Argno): void {
  if (reg.type !== PTR_TO_FUNC) env.fail(R.notFunction, [argName(argno)]);
  call.meta.subprogno = reg.num;
}

function checkConstStr(env: Env, call: KfuncCall, reg: Reg, argno: Argno): void {
  if (reg.type !== PTR_TO_MAP_VALUE) {
    env.fail(
      R.notConstString,
      [argName(argno)],
      argReport(
        env,
        call,
        argno,
        `the kfunc expects a pointer to a constant string stored in verifier-known memory, but ${itIs(argno, reg)}`,
        'Pass a constant string pointer that the verifier recognizes, such as a string stored in a read-only map value.',
      ),
    );
  }
  checkConstStrArg(env, reg, argno);
}

function checkConstMap(env: Env, call: KfuncCall, reg: Reg, argno: Argno): void {
  if (baseType(reg.type) !== CONST_PTR_TO_MAP || typeMayBeNull(reg.type))
    env.fail(R.notMapPointer, [argName(argno)]);
  processMapPtrArg(env, reg, regOf(argno), call.meta);
}

function checkMapField(env: Env, call: KfuncCall, reg: Reg, argno: Argno, kind: number): void {
  if (reg.type !== PTR_TO_MAP_VALUE) env.fail(R.notMapValue, [argName(argno)]);
  processMapFieldArg(env, reg, argno, kind, call.meta);
}
