import { callRules as R } from './rules.ts';
import { AUX_NON_SLEEPABLE } from '../cfg/facts.ts';
import { ZERO, constBigint, isConst } from '../domain/scalar.ts';
import {
  HELPER_ACQUIRE,
  HELPER_ACQUIRES_FROM_SOCKMAP,
  HELPER_CHANGES_PKT_DATA,
  HELPER_PTR_CAST,
  type HelperProto,
} from '../kernel/helpers.ts';
import {
  ARG_PTR_TO_MAP_VALUE,
  ARG_PTR_TO_MEM,
  MEM_ALLOC,
  MEM_PERCPU,
  MEM_UNINIT,
  OBJ_RELEASE,
  PTR_MAYBE_NULL,
  SCALAR_VALUE,
  baseType,
} from '../kernel/types.ts';
import { BPF_MAP_TYPE_PROG_ARRAY, BPF_MAP_TYPE_SOCKHASH, BPF_MAP_TYPE_SOCKMAP } from '../kernel/uapi.ts';
import { isNull } from '../memory/pointer-offset.ts';
import { unmarkStackSlotsDynptr } from '../memory/stack-objects/dynptr.ts';
import { fillStackUnknown } from '../memory/stack-write.ts';
import { markChainPrecision } from '../precision/chain.ts';
import { CallMeta } from '../state/call-meta.ts';
import type { Env } from '../state/env.ts';
import { recordWrite } from '../state/events.ts';
import { unknownReg } from '../state/marks.ts';
import { setFrameReg } from '../state/mutate.ts';
import { pushState } from '../state/pending.ts';
import { acquireReference, findReference, isReferenced } from '../state/refs.ts';
import { type Reg, scalarReg, withId, withParent, withType } from '../state/reg.ts';
import { inRcuCs, inSleepableContext, nonSleepableDescription } from '../state/regions.ts';
import { clearAllPktPointers, convertAllocToRcuProtected, releaseReference } from '../state/release.ts';
import { NEXT, type Step, UPDATED } from '../state/step.ts';
import { clearCallerSaved, invalidateOutgoingStackArgs } from './func-entry.ts';
import { leaveFunction } from './func-exit.ts';
import { checkHelperArg } from './helper-args.ts';
import * as F from './helper-ids.ts';
import { checkMapHelperCompat } from './map-compat.ts';
import { reportContextForbidden } from './reports.ts';
import { refineRetval } from './retval-refine.ts';
import { helperProto } from './helper-proto.ts';
import { helperResult } from './helper-result.ts';
import { checkGetFuncIp, specialHelper } from './special-helpers.ts';

const BPF_F_RDONLY_PROG = 1 << 7;

/** Walks a helper call (kernel: check_helper_call). */
export function stepHelperCall(env: Env, pc: number): Step {
  const id = env.insns.imm[pc];
  const fn = helperProto(env, pc, id);
  const traits = env.model.helperRow(id)!.traits;
  const meta = new CallMeta();
  meta.funcId = id;
  meta.fn = fn;
  noteProto(fn, meta);

  const name = env.model.helperName(id);
  if (fn.mightSleep && !inSleepableContext(env)) {
    env.fail(
      R.sleepableHelper,
      [name, id, nonSleepableDescription(env)],
      reportContextForbidden(
        pc,
        `sleepable helper ${name}#${id}`,
        'Move the helper call outside the critical section, or use a non-sleepable helper.',
      ),
    );
  }
  if (!inSleepableContext(env)) env.facts.flags[pc] |= AUX_NON_SLEEPABLE;

  for (let arg = 0; arg < 5; arg++) checkHelperArg(env, arg, meta, pc);
  recordMap(env, pc, id, meta);
  recordTailCallKey(env, id, meta);
  fillRawMemory(env, pc, meta);
  releaseArgument(env, id, meta);
  const effects = specialHelper(env, pc, id, meta);
  let changesData = effects.changesData || (traits & HELPER_CHANGES_PKT_DATA) !== 0;

  const frameno = env.cur.curframe;
  const before = env.reg(0);
  clearCallerSaved(env, frameno);
  invalidateOutgoingStackArgs(env, frameno);
  env.setReg(0, helperResult(env, id, fn, meta, effects.percpuObject));
  const replaced = castOrAcquire(env, pc, traits, meta, frameno, before);
  if (id === F.BPF_FUNC_dynptr_data) env.setReg(0, withParent(env.reg(0), meta.dynptrId));
  refineRetval(env, id, fn.ret, meta);
  recordWrite(env, frameno, 'reg', 0, replaced, env.reg(0));

  checkMapHelperCompat(env, meta.map, id);
  if (id === F.BPF_FUNC_get_func_ip) checkGetFuncIp(env, id);
  if (id === F.BPF_FUNC_tail_call) {
    if (env.cur.curframe > 0) return tailCallFromFunction(env, pc);
    changesData = false;
  }
  if (changesData) clearAllPktPointers(env);
  return NEXT;
}

/** Which argument is filled by the call, and which is released by it. */
function noteProto(fn: HelperProto, meta: CallMeta): void {
  for (let arg = 0; arg < 5; arg++) {
    const type = fn.args[arg];
    if (type === 0) break;
    const base = baseType(type);
    if ((base === ARG_PTR_TO_MEM || base === ARG_PTR_TO_MAP_VALUE) && type & MEM_UNINIT)
      meta.rawMemRegno = arg + 1;
    if (type & OBJ_RELEASE) meta.releaseRegno = arg + 1;
  }
}

/** Helpers that work on a map's contents. */
const MAP_CALLS: ReadonlySet<number> = new Set([
  F.BPF_FUNC_tail_call,
  F.BPF_FUNC_map_lookup_elem,
  F.BPF_FUNC_map_update_elem,
  F.BPF_FUNC_map_delete_elem,
  F.BPF_FUNC_map_push_elem,
  F.BPF_FUNC_map_pop_elem,
  F.BPF_FUNC_map_peek_elem,
  F.BPF_FUNC_for_each_map_elem,
  F.BPF_FUNC_redirect_map,
  F.BPF_FUNC_map_lookup_percpu_elem,
]);
const MAP_CHANGES: ReadonlySet<number> = new Set([
  F.BPF_FUNC_map_delete_elem,
  F.BPF_FUNC_map_update_elem,
  F.BPF_FUNC_map_push_elem,
  F.BPF_FUNC_map_pop_elem,
]);

/** Read-only maps are not changed by helpers either (kernel: record_func_map). */
function recordMap(env: Env, pc: number, id: number, meta: CallMeta): void {
  if (!MAP_CALLS.has(id)) return;
  if (meta.map === null) throw new Error(`helper ${id} works on a map but got none`);
  if (meta.map.flags & BPF_F_RDONLY_PROG && MAP_CHANGES.has(id)) env.fail(R.writeIntoMap);
  if (id !== F.BPF_FUNC_tail_call) return;
  const { tailCallMaps } = env.facts;
  const known = tailCallMaps.get(pc);
  tailCallMaps.set(pc, known === undefined || known === meta.map ? meta.map : null);
}

/** A tail call with a known index relies on its value (kernel: record_func_key). */
function recordTailCallKey(env: Env, id: number, meta: CallMeta): void {
  if (id !== F.BPF_FUNC_tail_call) return;
  if (meta.map === null || meta.map.type !== BPF_MAP_TYPE_PROG_ARRAY) env.fail(R.tailCallMap);
  const index = env.reg(3);
  if (index.type !== SCALAR_VALUE || !isConst(index.scalar)) return;
  if (constBigint(index.scalar) < BigInt(meta.map.maxEntries)) markChainPrecision(env, 3);
}

/** Memory that the call fills was allowed to be uninitialised; from here on it is written. */
function fillRawMemory(env: Env, pc: number, meta: CallMeta): void {
  // only the stack may be uninitialised
  if (meta.rawMemSize !== 0) fillStackUnknown(env, env.reg(meta.rawMemRegno), meta.rawMemSize, pc);
}

function releaseArgument(env: Env, id: number, meta: CallMeta): void {
  if (meta.releaseRegno === 0) return;
  const reg = env.reg(meta.releaseRegno);
  if (isNull(reg)) return;
  if (meta.dynptrId !== 0) unmarkStackSlotsDynptr(env, reg);
  else if (id === F.BPF_FUNC_kptr_xchg && inRcuCs(env) && reg.type & MEM_ALLOC && reg.type & MEM_PERCPU) {
    if (!convertAllocToRcuProtected(env, reg.id)) env.fail(R.releaseFailed);
  } else if (isReferenced(env, reg)) releaseReference(env, reg.id);
  else env.fail(R.releaseFailed);
}

/**
 * A cast of a referenced object shares its reference, and its NULL result is a path of its own, because the reference's
 * id cannot tell NULL. A call that acquires gives R0 a new reference. Returns what the call replaces in R0, as history
 * has it: a cast writes R0 twice.
 */
function castOrAcquire(
  env: Env,
  pc: number,
  traits: number,
  meta: CallMeta,
  frameno: number,
  before: Reg,
): Reg {
  if (traits & HELPER_PTR_CAST && findReference(env.cur, meta.refObj.id)) {
    if (meta.refObj.count > 1) throw new Error('a cast of more than one referenced object');
    const cast = env.reg(0);
    recordWrite(env, frameno, 'reg', 0, before, cast);
    const branch = pushState(env, pc + 1, pc, false);
    setFrameReg(branch, frameno, 0, scalarReg(ZERO));
    env.setReg(0, withId(withType(cast, cast.type & ~PTR_MAYBE_NULL), meta.refObj.id));
    return cast;
  }
  const fromSockmap =
    meta.map !== null && (meta.map.type === BPF_MAP_TYPE_SOCKMAP || meta.map.type === BPF_MAP_TYPE_SOCKHASH);
  if (traits & HELPER_ACQUIRE || (traits & HELPER_ACQUIRES_FROM_SOCKMAP && fromSockmap)) {
    env.setReg(0, withId(env.reg(0), acquireReference(env, pc, 0)));
  }
  return before;
}

/** A tail call within a function that was taken returns from it, with anything in R0; one that failed goes on behind the call. */
function tailCallFromFunction(env: Env, pc: number): Step {
  if (env.frame().inCallbackFn) env.fail(R.tailCallInCallback);
  env.scratchReg(0);
  pushState(env, pc + 1, pc, false);
  clearAllPktPointers(env);
  env.setReg(0, unknownReg(env));
  env.insnIdx = leaveFunction(env);
  // packet pointers of what is left behind went with the frame
  clearAllPktPointers(env);
  return UPDATED;
}
