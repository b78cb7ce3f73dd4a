import { isVoid, resolveSize, skipModifiers, isStructOrUnion } from '../btf/walk.ts';
import { BTF_KIND_STRUCT } from '../btf/btf.ts';
import { BPF_KPTR_PERCPU, BPF_RES_SPIN_LOCK, BPF_SPIN_LOCK } from '../btf/fields.ts';
import { AUX_NON_SLEEPABLE } from '../cfg/facts.ts';
import { checkResourceLeak } from '../context/leaks.ts';
import { constBigint, constNumber, isConst, umaxNumber } from '../domain/scalar.ts';
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
  baseType,
  BPF_DYNPTR_TYPE_INVALID,
  BPF_DYNPTR_TYPE_SKB,
  BPF_DYNPTR_TYPE_SKB_META,
  CONST_PTR_TO_MAP,
  MEM_ALLOC,
  MEM_PERCPU,
  MEM_RCU,
  MEM_RDONLY,
  MEM_UNINIT,
  OBJ_RELEASE,
  PTR_MAYBE_NULL,
  PTR_TO_BTF_ID,
  PTR_TO_MAP_VALUE,
  PTR_TO_MEM,
  PTR_TO_SOCKET,
  PTR_TO_SOCK_COMMON,
  PTR_TO_TCP_SOCK,
  PTR_TO_XDP_SOCK,
  regTypeStr,
  RET_INTEGER,
  RET_PTR_TO_BTF_ID,
  RET_PTR_TO_MAP_VALUE,
  RET_PTR_TO_MEM,
  RET_PTR_TO_MEM_OR_BTF_ID,
  RET_PTR_TO_SOCKET,
  RET_PTR_TO_SOCK_COMMON,
  RET_PTR_TO_TCP_SOCK,
  RET_VOID,
  SCALAR_VALUE,
  typeFlag,
  typeMayBeNull,
} from '../kernel/types.ts';
import {
  BPF_CGROUP_GETSOCKOPT,
  BPF_LSM_CGROUP,
  BPF_MAP_TYPE_PROG_ARRAY,
  BPF_MAP_TYPE_SOCKHASH,
  BPF_MAP_TYPE_SOCKMAP,
  BPF_MAP_TYPE_XSKMAP,
  BPF_MODIFY_RETURN,
  BPF_PROG_TYPE_CGROUP_SOCKOPT,
  BPF_PROG_TYPE_KPROBE,
  BPF_PROG_TYPE_LSM,
  BPF_PROG_TYPE_TRACING,
  BPF_TRACE_FENTRY,
  BPF_TRACE_FEXIT,
  BPF_TRACE_FSESSION,
} from '../kernel/uapi.ts';
import { isNull } from '../memory/pointer-offset.ts';
import { fillStackUnknown } from '../memory/stack-write.ts';
import { unmarkStackSlotsDynptr } from '../memory/stack-objects/dynptr.ts';
import { markChainPrecision } from '../precision/mark.ts';
import { CallMeta } from '../state/call-meta.ts';
import type { Env } from '../state/env.ts';
import { recordWrite } from '../state/events.ts';
import type { RetvalRange } from '../state/frame.ts';
import type { MapInfo } from '../state/map-info.ts';
import { unknownReg } from '../state/marks.ts';
import { setFrameReg } from '../state/mutate.ts';
import { pushState } from '../state/pending.ts';
import { hasField } from '../state/record.ts';
import { acquireReference, findReference, isReferenced } from '../state/refs.ts';
import { inRcuCs, inSleepableContext, nonSleepableDescription } from '../state/regions.ts';
import { clearAllPktPointers, convertAllocToRcuProtected, releaseReference } from '../state/release.ts';
import { BtfRef, NOT_INIT_REG, pointerReg, scalarReg, withExt, withId, withMapUid, withParent, withType, type Reg } from '../state/reg.ts';
import { NEXT, UPDATED, type Step } from '../state/step.ts';
import { ZERO } from '../domain/scalar.ts';
import { setFindVmaCallback, setLoopCallback, setMapElemCallback, setTimerCallback, setUserRingbufCallback } from './callback-setup.ts';
import { pushCallback } from './callbacks.ts';
import { canElideNullness, constString } from './const-args.ts';
import { isFormatString } from './format-string.ts';
import { clearCallerSaved, invalidateOutgoingStackArgs } from './func-entry.ts';
import { leaveFunction } from './func-exit.ts';
import { checkHelperArg } from './helper-args.ts';
import * as F from './helper-ids.ts';
import { checkMapHelperCompat } from './map-compat.ts';
import { reportContextForbidden, reportPolicy } from './reports.ts';
import { failOutOfRange, retvalWithin } from './retval-range.ts';
import { lsmCgroupRetval, refineRetval } from './retval-refine.ts';
import { callRules as R } from './rules.ts';

const MAX_ERRNO = 4095;
const BPF_F_RDONLY_PROG = 1 << 7;

/** Walks a helper call (kernel: check_helper_call). */
export function stepHelperCall(env: Env, pc: number): Step {
  const id = env.insns.imm[pc];
  const fn = lookUp(env, pc, id);
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
  env.setReg(0, resultReg(env, id, fn, meta, effects.percpuObject));
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

/** The prototype that this program gets, or a rejection. */
function lookUp(env: Env, pc: number, id: number): HelperProto {
  const { model } = env;
  const name = model.helperName(id);
  const operation = `helper ${name}#${id}`;
  switch (model.helperRefusal(id, env.traits)) {
    case 'unknown-id':
      return env.fail(R.invalidHelper, [name, id]);
    case 'not-for-this-program':
      return env.fail(
        R.helperNotForProgram,
        [name, id],
        reportPolicy(
          pc,
          operation,
          'this program type does not allow the helper',
          'Use a helper allowed for this program type, or move the logic to a compatible program type.',
        ),
      );
    case 'gpl-only':
      return env.fail(
        R.gplOnly,
        [],
        reportPolicy(
          pc,
          operation,
          'this helper is restricted to GPL-compatible programs',
          'Use a GPL-compatible license, or replace the helper with one that is available to non-GPL programs.',
        ),
      );
    case 'not-allowed':
      return env.fail(
        R.notAllowedInProbe,
        [],
        reportPolicy(
          pc,
          operation,
          'the helper-specific policy callback rejected this program',
          'Use the helper only from an allowed attach point or program configuration.',
        ),
      );
    case null:
      return model.helper(id, env.traits)!;
  }
}

/** Which argument is filled by the call, and which is released by it. */
function noteProto(fn: HelperProto, meta: CallMeta): void {
  for (let arg = 0; arg < 5; arg++) {
    const type = fn.args[arg];
    if (type === 0) break;
    const base = baseType(type);
    if ((base === ARG_PTR_TO_MEM || base === ARG_PTR_TO_MAP_VALUE) && type & MEM_UNINIT) meta.rawMemRegno = arg + 1;
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

interface Effects {
  readonly changesData: boolean;
  /** The result is the program's own per-CPU object. */
  readonly percpuObject: boolean;
}
const PLAIN: Effects = { changesData: false, percpuObject: false };

/** What single helpers ask beyond their prototype. */
function specialHelper(env: Env, pc: number, id: number, meta: CallMeta): Effects {
  switch (id) {
    case F.BPF_FUNC_tail_call:
      checkResourceLeak(env, false, true, 'tail_call');
      return PLAIN;
    case F.BPF_FUNC_get_local_storage:
      // it cannot return an error, so its flags must be right
      if (!isNull(env.reg(2))) env.fail(R.storageFlags);
      markChainPrecision(env, 2);
      return PLAIN;
    case F.BPF_FUNC_for_each_map_elem:
      pushCallback(env, pc, meta.subprogno, setMapElemCallback, false);
      return PLAIN;
    case F.BPF_FUNC_timer_set_callback:
      pushCallback(env, pc, meta.subprogno, setTimerCallback, true);
      return PLAIN;
    case F.BPF_FUNC_find_vma:
      pushCallback(env, pc, meta.subprogno, setFindVmaCallback, false);
      return PLAIN;
    case F.BPF_FUNC_user_ringbuf_drain:
      pushCallback(env, pc, meta.subprogno, setUserRingbufCallback, false);
      return PLAIN;
    case F.BPF_FUNC_loop:
      loop(env, pc, meta);
      return PLAIN;
    case F.BPF_FUNC_snprintf:
      checkSnprintf(env);
      return PLAIN;
    case F.BPF_FUNC_dynptr_from_mem:
      if (env.reg(1).type !== PTR_TO_MAP_VALUE) env.fail(R.dynptrFromMem, [regTypeStr(env.reg(1).type)]);
      return PLAIN;
    case F.BPF_FUNC_set_retval:
      checkSetRetval(env);
      return PLAIN;
    case F.BPF_FUNC_dynptr_write:
      if (meta.dynptrType === BPF_DYNPTR_TYPE_INVALID) env.fail(R.dynptrUnknown);
      // writing to a packet may move it
      return {
        changesData: meta.dynptrType === BPF_DYNPTR_TYPE_SKB || meta.dynptrType === BPF_DYNPTR_TYPE_SKB_META,
        percpuObject: false,
      };
    case F.BPF_FUNC_per_cpu_ptr:
    case F.BPF_FUNC_this_cpu_ptr: {
      const reg = env.reg(1);
      if (!(reg.type & MEM_RCU)) return PLAIN;
      const { btf, id: typeId } = reg.ext as BtfRef;
      if (!isStructOrUnion(btf.type(typeId))) env.fail(R.percpuType);
      return { changesData: false, percpuObject: true };
    }
    default:
      return PLAIN;
  }
}

/** bpf_loop: the callback is simulated until its count is reached or its states converge. */
function loop(env: Env, pc: number, meta: CallMeta): void {
  noteLoopInlining(env, pc, meta.subprogno);
  markChainPrecision(env, 1);
  if (env.frame().callbackDepth < umaxNumber(env.reg(1).scalar)) {
    pushCallback(env, pc, meta.subprogno, setLoopCallback, false);
    return;
  }
  env.cur.writable(env.cur.curframe).callbackDepth = 0;
  if (env.messages.level === 2) env.say('frame%d bpf_loop iteration limit reached\n', env.cur.curframe);
}

/** What the kernel remembers of a bpf_loop call to inline it later; it relies on R4 being 0. */
interface LoopInline {
  fit: boolean;
  subprogno: number;
}

function noteLoopInlining(env: Env, pc: number, subprogno: number): void {
  const known = env.facts.extra.get(pc)?.loopInline as LoopInline | undefined;
  if (known !== undefined && !known.fit) return;
  const flagsAreZero = isNull(env.reg(4));
  if (flagsAreZero) markChainPrecision(env, 4);
  if (known === undefined) {
    const extra = env.facts.extra.get(pc) ?? {};
    extra.loopInline = { fit: flagsAreZero, subprogno } satisfies LoopInline;
    env.facts.extra.set(pc, extra);
  } else known.fit = flagsAreZero && known.subprogno === subprogno;
}

function checkSnprintf(env: Env): void {
  const fmt = env.reg(3);
  const bytes = constNumber(env.reg(5).scalar);
  if (bytes % 8 !== 0) env.fail(R.strDataLength);
  const text = constString(fmt.ext as MapInfo, constNumber(fmt.scalar));
  if (text === null || !isFormatString(text, bytes / 8)) env.fail(R.strFormat);
}

function checkSetRetval(env: Env): void {
  const r1 = env.reg(1);
  if (r1.type !== SCALAR_VALUE) env.fail(R.setRetvalScalar);
  const { progType, attachType } = env.traits;
  if (progType === BPF_PROG_TYPE_CGROUP_SOCKOPT && attachType === BPF_CGROUP_GETSOCKOPT) return;
  let range: RetvalRange = { min: -MAX_ERRNO, max: 0, return32bit: true };
  if (progType === BPF_PROG_TYPE_LSM && attachType === BPF_LSM_CGROUP) {
    const hook = lsmCgroupRetval(env);
    if (hook === null) env.fail(R.setRetvalVoid);
    range = { ...range, min: hook.min, max: hook.max };
  }
  markChainPrecision(env, 1);
  if (!retvalWithin(range, env.reg(1))) failOutOfRange(env, env.reg(1), range, 'At bpf_set_retval', 'R1');
}

/** Attach types whose programs run in a trampoline. */
const TRAMPOLINES: readonly number[] = [BPF_TRACE_FENTRY, BPF_TRACE_FEXIT, BPF_MODIFY_RETURN, BPF_TRACE_FSESSION];

function checkGetFuncIp(env: Env, id: number): void {
  const { progType, attachType } = env.traits;
  const name = env.model.helperName(id);
  if (progType === BPF_PROG_TYPE_KPROBE) return;
  if (progType !== BPF_PROG_TYPE_TRACING) env.fail(R.funcIpProgram, [name, id, progType]);
  if (!TRAMPOLINES.includes(attachType)) env.fail(R.funcIpTrampoline, [name, id]);
}

/** What the prototype says of R0 (kernel: the return part of check_helper_call). */
function resultReg(env: Env, id: number, fn: HelperProto, meta: CallMeta, percpuObject: boolean): Reg {
  const flags = typeFlag(fn.ret);
  let reg: Reg;
  switch (baseType(fn.ret)) {
    case RET_INTEGER:
      return unknownReg(env);
    case RET_VOID:
      return NOT_INIT_REG;
    case RET_PTR_TO_MAP_VALUE:
      reg = mapValueResult(env, id, flags, meta);
      break;
    case RET_PTR_TO_SOCKET:
      reg = pointerReg(PTR_TO_SOCKET | flags);
      break;
    case RET_PTR_TO_SOCK_COMMON:
      reg = pointerReg(PTR_TO_SOCK_COMMON | flags);
      break;
    case RET_PTR_TO_TCP_SOCK:
      reg = pointerReg(PTR_TO_TCP_SOCK | flags);
      break;
    case RET_PTR_TO_MEM:
      reg = pointerReg(PTR_TO_MEM | flags, meta.retMemSize);
      break;
    case RET_PTR_TO_MEM_OR_BTF_ID:
      reg = memOrObjectResult(env, flags, meta, percpuObject);
      break;
    case RET_PTR_TO_BTF_ID:
      reg = objectResult(env, id, fn, flags, meta);
      break;
    default:
      return env.fail(R.unknownReturnType, [baseType(fn.ret), env.model.helperName(id), id]);
  }
  return typeMayBeNull(reg.type) && reg.id === 0 ? withId(reg, env.newId()) : reg;
}

/** A map's value; what a lookup finds in a map of maps or sockets is not memory but the thing itself. */
function mapValueResult(env: Env, id: number, flags: number, meta: CallMeta): Reg {
  const map = meta.map;
  if (map === null) throw new Error('a map value is returned without a map');
  const known =
    id === F.BPF_FUNC_map_lookup_elem && canElideNullness(map) && meta.constMapKey >= 0 && meta.constMapKey < map.maxEntries;
  const flag = known ? flags & ~PTR_MAYBE_NULL : flags;
  const identified = typeMayBeNull(flag) || hasField(map.record, BPF_SPIN_LOCK | BPF_RES_SPIN_LOCK);
  const reg = withMapUid(pointerReg(PTR_TO_MAP_VALUE | flag, 0, map, identified ? env.newId() : 0), meta.mapUid);
  const maybeNull = flag & PTR_MAYBE_NULL;
  if (map.inner !== null) return withMapUid(withExt(withType(reg, CONST_PTR_TO_MAP | maybeNull), map.inner), reg.id);
  if (map.type === BPF_MAP_TYPE_XSKMAP) return asSocket(reg, PTR_TO_XDP_SOCK | maybeNull);
  if (map.type === BPF_MAP_TYPE_SOCKMAP || map.type === BPF_MAP_TYPE_SOCKHASH) return asSocket(reg, PTR_TO_SOCKET | maybeNull);
  return reg;
}

/** The map that a socket was found in stays with it: states whose sockets come from different places are not equal. */
function asSocket(reg: Reg, type: number): Reg {
  return withMapUid(withType(reg, type), 0);
}

/** A per-CPU variable: a struct is an object, anything else is memory. */
function memOrObjectResult(env: Env, flags: number, meta: CallMeta, percpuObject: boolean): Reg {
  const btf = meta.retBtf!;
  const t = skipModifiers(btf, meta.retBtfId);
  if (!isStructOrUnion(t)) {
    const resolved = resolveSize(btf, t.id);
    if (resolved === null || isVoid(t)) return env.fail(R.unresolvedSize, [t.name, -22]);
    return pointerReg(PTR_TO_MEM | flags, resolved.size);
  }
  const ref = new BtfRef(btf, meta.retBtfId);
  if (percpuObject) return pointerReg(PTR_TO_BTF_ID | MEM_ALLOC | MEM_RCU, 0, ref);
  return pointerReg(PTR_TO_BTF_ID | (flags & ~MEM_RDONLY), 0, ref);
}

function objectResult(env: Env, id: number, fn: HelperProto, flags: number, meta: CallMeta): Reg {
  let type = PTR_TO_BTF_ID | flags;
  if (id === F.BPF_FUNC_kptr_xchg) {
    const field = meta.kptrField!;
    const { btf, typeId } = field.kptr!;
    if (btf === env.program.btf) type |= MEM_ALLOC | (field.kind === BPF_KPTR_PERCPU ? MEM_PERCPU : 0);
    return pointerReg(type, 0, new BtfRef(btf, typeId));
  }
  const btf = env.model.btf();
  const typeId = fn.retBtf === null ? 0 : btf.find(fn.retBtf, BTF_KIND_STRUCT);
  if (typeId === 0) return env.fail(R.invalidReturnType, [RET_PTR_TO_BTF_ID, env.model.helperName(id), id]);
  return pointerReg(type, 0, new BtfRef(btf, typeId));
}

/**
 * A cast of a referenced object shares its reference, and its NULL result is a path of its own, because the reference's
 * id cannot tell NULL. A call that acquires gives R0 a new reference. Returns what the call replaces in R0, as history
 * has it: a cast writes R0 twice.
 */
function castOrAcquire(env: Env, pc: number, traits: number, meta: CallMeta, frameno: number, before: Reg): Reg {
  if (traits & HELPER_PTR_CAST && findReference(env.cur, meta.refObj.id)) {
    if (meta.refObj.count > 1) throw new Error('a cast of more than one referenced object');
    const cast = env.reg(0);
    recordWrite(env, frameno, 'reg', 0, before, cast);
    const branch = pushState(env, pc + 1, pc, false);
    setFrameReg(branch, frameno, 0, scalarReg(ZERO));
    env.setReg(0, withId(withType(cast, cast.type & ~PTR_MAYBE_NULL), meta.refObj.id));
    return cast;
  }
  const fromSockmap = meta.map !== null && (meta.map.type === BPF_MAP_TYPE_SOCKMAP || meta.map.type === BPF_MAP_TYPE_SOCKHASH);
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
