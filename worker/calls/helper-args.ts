import { BPF_TIMER } from '../btf/fields.ts';
import { contextRules } from '../context/rules.ts';
import { processSpinLock } from '../context/spin-lock.ts';
import {
  ARG_ANYTHING,
  ARG_CONST_ALLOC_SIZE_OR_ZERO,
  ARG_CONST_MAP_PTR,
  ARG_DONTCARE,
  ARG_KPTR_XCHG_DEST,
  ARG_MEM_SIZE,
  ARG_MEM_SIZE_OR_ZERO,
  ARG_PTR_TO_BTF_ID,
  ARG_PTR_TO_BTF_ID_SOCK_COMMON,
  ARG_PTR_TO_CONST_STR,
  ARG_PTR_TO_DYNPTR,
  ARG_PTR_TO_FUNC,
  ARG_PTR_TO_MAP_KEY,
  ARG_PTR_TO_MAP_VALUE,
  ARG_PTR_TO_MEM,
  ARG_PTR_TO_PERCPU_BTF_ID,
  ARG_PTR_TO_SPIN_LOCK,
  ARG_PTR_TO_TIMER,
  baseType,
  MEM_ALIGNED,
  MEM_FIXED_SIZE,
  MEM_WRITE,
  OBJ_RELEASE,
  typeIsPktPointer,
  typeMayBeNull,
} from '../kernel/types.ts';
import { BPF_MAP_TYPE_BLOOM_FILTER, BPF_MAP_TYPE_SOCKHASH, BPF_MAP_TYPE_SOCKMAP } from '../kernel/uapi.ts';
import { READ, WRITE } from '../memory/access.ts';
import { checkPtrAlignment } from '../memory/alignment.ts';
import { checkHelperMemAccess, checkMemReg, checkMemSizeReg } from '../memory/helper-mem.ts';
import { mayAccessPacket } from '../memory/packet.ts';
import { isNull, isPointerValue } from '../memory/pointer-offset.ts';
import { markChainPrecision } from '../precision/chain.ts';
import { argName, argnoFromReg } from '../state/argno.ts';
import type { CallMeta, RefObj } from '../state/call-meta.ts';
import type { Env } from '../state/env.ts';
import type { MapInfo } from '../state/map-info.ts';
import { checkRegArg, SRC_OP } from '../state/reg-arg.ts';
import { isReferenced } from '../state/refs.ts';
import type { BtfRef, Reg } from '../state/reg.ts';
import { checkFuncArgRegOff } from './arg-offset.ts';
import { checkRegType } from './arg-types.ts';
import { canElideNullness, checkConstStrArg, constantMapKey, processAllocSizeArg } from './const-args.ts';
import { processDynptrArg } from './dynptr-arg.ts';
import { processKptrArg, processMapFieldArg } from './field-args.ts';
import { BPF_FUNC_map_peek_elem, BPF_FUNC_spin_lock } from './helper-ids.ts';
import { inRbtreeLockRequiredCallback } from './lock-callbacks.ts';
import { callArgReport } from './reports.ts';
import { callRules as R } from './rules.ts';

/** Remembers the referenced object that the call is about. */
export function noteRefObj(refObj: RefObj, reg: Reg): void {
  refObj.id = reg.id;
  refObj.parentId = reg.parentId;
  refObj.count++;
}

/** A map value argument is a socket for sockmaps, and an input for bloom filters. */
function resolveMapValueArg(env: Env, meta: CallMeta, argType: number): number {
  if (meta.map === null) throw new Error('a map value argument before its map');
  switch (meta.map.type) {
    case BPF_MAP_TYPE_SOCKMAP:
    case BPF_MAP_TYPE_SOCKHASH:
      if (argType === ARG_PTR_TO_MAP_VALUE) return ARG_PTR_TO_BTF_ID_SOCK_COMMON;
      return env.fail(R.sockmapArgument);
    case BPF_MAP_TYPE_BLOOM_FILTER:
      return meta.funcId === BPF_FUNC_map_peek_elem ? ARG_PTR_TO_MAP_VALUE : argType;
    default:
      return argType;
  }
}

/** The map of the call: with a timer or the like before it, it must be the map that holds that one (kernel: process_map_ptr_arg). */
export function processMapPtrArg(env: Env, reg: Reg, regno: number, meta: CallMeta): void {
  const map = reg.ext as MapInfo;
  if (meta.map !== null && (meta.map !== map || meta.mapUid !== reg.mapUid)) {
    const record = meta.map.record!;
    const object = record.timerOff >= 0 ? 'timer' : record.taskWorkOff >= 0 ? 'bpf_task_work' : 'workqueue';
    env.fail(R.mapUidMismatch, [object, argName(regno - 1), meta.mapUid, argName(regno), reg.mapUid]);
  }
  meta.map = map;
  meta.mapUid = reg.mapUid;
}

/** Checks argument `arg` (0..4) of a helper call against its prototype (kernel: check_func_arg). */
export function checkHelperArg(env: Env, arg: number, meta: CallMeta, insnIdx: number): void {
  const fn = meta.fn!;
  const regno = arg + 1;
  let argType = fn.args[arg];
  if (argType === ARG_DONTCARE) return;
  checkRegArg(env, regno, SRC_OP);
  const reg = env.reg(regno);
  if (argType === ARG_ANYTHING) {
    if (isPointerValue(env, reg)) env.fail(R.leaksAddress, [regno]);
    return;
  }
  if (typeIsPktPointer(reg.type) && !mayAccessPacket(env, fn, READ)) env.fail(R.packetAccess);
  if (baseType(argType) === ARG_PTR_TO_MAP_VALUE) argType = resolveMapValueArg(env, meta, argType);

  const argno = argnoFromReg(regno);
  const name = env.model.helperName(meta.funcId);
  if (isNull(reg) && typeMayBeNull(argType)) markChainPrecision(env, regno);
  else {
    const base = baseType(argType);
    const expected = base === ARG_PTR_TO_BTF_ID || base === ARG_PTR_TO_SPIN_LOCK ? fn.argBtf[arg] : null;
    checkRegType(env, reg, argno, argType, expected, meta, name);
    checkFuncArgRegOff(env, reg, argno, argType);
  }

  const referenced = isReferenced(env, reg);
  if (argType & OBJ_RELEASE && baseType(argType) !== ARG_PTR_TO_DYNPTR && !referenced && !isNull(reg)) {
    env.fail(
      R.releaseUnreferenced,
      [name, argName(argno)],
      callArgReport(
        env,
        argno,
        name,
        'release helpers require a value that owns a live resource returned by a matching acquire helper',
        'Pass the resource-owning pointer returned by the matching acquire helper, and avoid calling the release helper after ownership has already been transferred or released.',
      ),
    );
  }
  if (referenced) noteRefObj(meta.refObj, reg);

  switch (baseType(argType)) {
    case ARG_CONST_MAP_PTR:
      processMapPtrArg(env, reg, regno, meta);
      break;
    case ARG_PTR_TO_MAP_KEY: {
      if (meta.map === null) throw new Error('a map key argument before its map');
      checkHelperMemAccess(env, reg, argno, meta.map.keySize, READ, false, null);
      if (canElideNullness(meta.map)) meta.constMapKey = constantMapKey(env, reg, meta.map.keySize);
      else meta.constMapKey = 0;
      break;
    }
    case ARG_PTR_TO_MAP_VALUE:
      if (typeMayBeNull(argType) && isNull(reg)) return;
      if (meta.map === null) throw new Error('a map value argument before its map');
      if (meta.funcId === BPF_FUNC_map_peek_elem && meta.map.type === BPF_MAP_TYPE_BLOOM_FILTER)
        meta.rawMemRegno = 0;
      checkHelperMemAccess(
        env,
        reg,
        argno,
        meta.map.valueSize,
        argType & MEM_WRITE ? WRITE : READ,
        false,
        meta,
      );
      break;
    case ARG_PTR_TO_PERCPU_BTF_ID: {
      const pointee = reg.ext as BtfRef;
      if (pointee.id === 0) env.fail(R.percpuWithoutType, [regno]);
      meta.retBtf = pointee.btf;
      meta.retBtfId = pointee.id;
      break;
    }
    case ARG_PTR_TO_SPIN_LOCK:
      if (inRbtreeLockRequiredCallback(env)) env.fail(contextRules.lockInRbtreeCallback);
      processSpinLock(env, reg, argno, {
        take: meta.funcId === BPF_FUNC_spin_lock,
        resilient: false,
        irq: false,
      });
      break;
    case ARG_PTR_TO_TIMER:
      processMapFieldArg(env, reg, argno, BPF_TIMER, meta);
      break;
    case ARG_PTR_TO_FUNC:
      meta.subprogno = reg.num;
      break;
    case ARG_PTR_TO_MEM:
      // memory with a size argument is checked there
      if (argType & MEM_FIXED_SIZE) {
        const size = fn.argSizes[arg];
        checkMemReg(env, reg, argno, size, argType & MEM_WRITE ? WRITE : READ, meta);
        if (argType & MEM_ALIGNED) checkPtrAlignment(env, reg, 0, size, true);
      }
      break;
    case ARG_MEM_SIZE:
    case ARG_MEM_SIZE_OR_ZERO: {
      const access = fn.args[arg - 1] & MEM_WRITE ? WRITE : READ;
      const zeroAllowed = baseType(argType) === ARG_MEM_SIZE_OR_ZERO;
      checkMemSizeReg(
        env,
        env.reg(regno - 1),
        reg,
        argnoFromReg(regno - 1),
        argno,
        access,
        zeroAllowed,
        meta,
      );
      break;
    }
    case ARG_PTR_TO_DYNPTR:
      processDynptrArg(env, reg, argno, insnIdx, name, argType, meta.refObj, meta);
      break;
    case ARG_CONST_ALLOC_SIZE_OR_ZERO:
      processAllocSizeArg(env, reg, argno, meta);
      break;
    case ARG_PTR_TO_CONST_STR:
      checkConstStrArg(env, reg, argno);
      break;
    case ARG_KPTR_XCHG_DEST:
      processKptrArg(env, regno, meta);
      break;
  }
}
