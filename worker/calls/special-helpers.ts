import { callRules as R } from './rules.ts';
import { isStructOrUnion } from '../btf/walk.ts';
import { checkResourceLeak } from '../context/leaks.ts';
import { constNumber, umaxNumber } from '../domain/scalar.ts';
import {
  BPF_DYNPTR_TYPE_INVALID,
  BPF_DYNPTR_TYPE_SKB,
  BPF_DYNPTR_TYPE_SKB_META,
  MEM_RCU,
  PTR_TO_MAP_VALUE,
  SCALAR_VALUE,
  regTypeStr,
} from '../kernel/types.ts';
import {
  BPF_CGROUP_GETSOCKOPT,
  BPF_LSM_CGROUP,
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
import { markChainPrecision } from '../precision/chain.ts';
import type { CallMeta } from '../state/call-meta.ts';
import type { Env } from '../state/env.ts';
import type { RetvalRange } from '../state/frame.ts';
import type { MapInfo } from '../state/map-info.ts';
import type { BtfRef } from '../state/reg.ts';
import {
  setFindVmaCallback,
  setLoopCallback,
  setMapElemCallback,
  setTimerCallback,
  setUserRingbufCallback,
} from './callback-setup.ts';
import { pushCallback } from './callbacks.ts';
import { constString } from './const-args.ts';
import { isFormatString } from './format-string.ts';
import * as F from './helper-ids.ts';
import { failOutOfRange, retvalWithin } from './retval-range.ts';
import { lsmCgroupRetval } from './retval-refine.ts';

const MAX_ERRNO = 4095;

/** What a helper does beside its result. */
export interface Effects {
  readonly changesData: boolean;
  /** The result is the program's own per-CPU object. */
  readonly percpuObject: boolean;
}
const PLAIN: Effects = { changesData: false, percpuObject: false };

/** What single helpers ask beyond their prototype. */
export function specialHelper(env: Env, pc: number, id: number, meta: CallMeta): Effects {
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
function noteLoopInlining(env: Env, pc: number, subprogno: number): void {
  const { loopInlines } = env.facts;
  const known = loopInlines.get(pc);
  if (known !== undefined && !known.fit) return;
  const flagsAreZero = isNull(env.reg(4));
  if (flagsAreZero) markChainPrecision(env, 4);
  const same = known === undefined || known.subprogno === subprogno;
  loopInlines.set(pc, { fit: flagsAreZero && same, subprogno: known?.subprogno ?? subprogno });
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
const TRAMPOLINES: readonly number[] = [
  BPF_TRACE_FENTRY,
  BPF_TRACE_FEXIT,
  BPF_MODIFY_RETURN,
  BPF_TRACE_FSESSION,
];

export function checkGetFuncIp(env: Env, id: number): void {
  const { progType, attachType } = env.traits;
  const name = env.model.helperName(id);
  if (progType === BPF_PROG_TYPE_KPROBE) return;
  if (progType !== BPF_PROG_TYPE_TRACING) env.fail(R.funcIpProgram, [name, id, progType]);
  if (!TRAMPOLINES.includes(attachType)) env.fail(R.funcIpTrampoline, [name, id]);
}
