import {
  BPF_KPTR_UNREF,
  BPF_REFCOUNT,
  BPF_RES_SPIN_LOCK,
  BPF_SPIN_LOCK,
  BPF_TASK_WORK,
  BPF_TIMER,
  BPF_WORKQUEUE,
} from '../../btf/fields.ts';
import { AUX_ITER_NEXT, AUX_NON_SLEEPABLE } from '../../cfg/facts.ts';
import { checkResourceLeak } from '../../context/leaks.ts';
import { narrowS32, UNKNOWN } from '../../domain/scalar.ts';
import { Rejection } from '../../failure/rule.ts';
import {
  ASKS,
  FAMILY_OBJ_DROP,
  FAMILY_PERCPU_OBJ_DROP,
  FAMILY_RBTREE_ADD,
  FAMILY_RES_LOCK,
  FAMILY_TASK_WORK,
  FAMILY_WQ_CALLBACK,
} from '../../kernel/families.ts';
import {
  KF_bpf_rcu_read_lock,
  KF_bpf_rcu_read_unlock,
  KF_bpf_throw,
  KF_bpf_xdp_pull_data,
} from '../../kernel/generated/special-kfuncs.ts';
import { KF_ACQUIRE, KF_ITER_NEXT, KF_RELEASE } from '../../kernel/kfunc-flags.ts';
import {
  BPF_PROG_TYPE_KPROBE,
  BPF_PROG_TYPE_PERF_EVENT,
  BPF_PROG_TYPE_RAW_TRACEPOINT,
  BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE,
  BPF_PROG_TYPE_TRACEPOINT,
  BPF_PROG_TYPE_TRACING,
  BPF_TRACE_ITER,
} from '../../kernel/uapi.ts';
import { isNull } from '../../memory/pointer-offset.ts';
import { unmarkStackSlotsDynptr } from '../../memory/stack-objects/dynptr.ts';
import { CallMeta } from '../../state/call-meta.ts';
import type { Env } from '../../state/env.ts';
import { recordCallerSaved, recordWrite } from '../../state/events.ts';
import { unknownReg } from '../../state/marks.ts';
import { mapRegs } from '../../state/mutate.ts';
import { pushState } from '../../state/pending.ts';
import { isReferenced } from '../../state/refs.ts';
import { inRcuCs, inSleepableContext } from '../../state/regions.ts';
import {
  clearAllPktPointers,
  endReference,
  invalidateRcuProtectedRefs,
  releaseReference,
} from '../../state/release.ts';
import { NOT_INIT_REG, withId, withScalar } from '../../state/reg.ts';
import { NEXT, PATH_END, type Step } from '../../state/step.ts';
import { nonOwning, setRbtreeAddCallback, setTaskWorkCallback, setTimerCallback } from '../callback-setup.ts';
import { pushCallback } from '../callbacks.ts';
import { invalidateOutgoingStackArgs } from '../func-entry.ts';
import { inRbtreeLockRequiredCallback } from '../lock-callbacks.ts';
import { checkKfuncArgs } from './args.ts';
import type { KfuncCall } from './call.ts';
import {
  applyRegion,
  BEFORE_ARGUMENTS,
  REGION_EFFECTS,
  regionDepth,
  REGISTERED,
  REQUIRES_RCU,
  refusedUnderLock,
  SLEEPABLE_WITHIN,
  type Gate,
} from './gates.ts';
import { releaseAcquired } from './iter-args.ts';
import { iterNext } from './iter-next.ts';
import { setKfuncResult } from './result.ts';
import { kfuncRules as R } from './rules.ts';

const MAX_ERRNO = 4095;

/** Is the kfunc call at `pc` refused because a lock is held? Unknown kfuncs are. */
export function kfuncRefusedUnderLock(env: Env, pc: number): boolean {
  return refusedUnderLock(env, env.facts.kfuncs.get(pc)?.kfunc ?? null);
}

/**
 * Walks a kfunc call (kernel: check_kfunc_call). `checkReturn`: judges a register as the program's result, which an
 * exception's cookie is when there is no exception callback.
 */
export function stepKfuncCall(
  env: Env,
  pc: number,
  checkReturn: (regno: number, name: string) => void,
): Step {
  const func = env.facts.kfuncs.get(pc);
  // left without a function by the loader: in dead code only, which a later pass makes sure of
  if (func === undefined) return NEXT;
  const { kfunc } = func;
  if (kfunc === null || !func.allowed)
    return env.fail(REGISTERED.rule, REGISTERED.args(env, func.name), REGISTERED.report(pc, func.name));
  const meta = new CallMeta();
  meta.btf = func.btf;
  meta.funcId = func.id;
  meta.funcName = func.name;
  meta.funcProto = func.proto;
  meta.kfunc = kfunc;
  meta.kfuncFlags = kfunc.flags;
  if (kfunc.flags & KF_RELEASE) meta.releaseRegno = 1;
  const call: KfuncCall = { pc, func, kfunc, params: func.proto.params, meta };
  if (kfunc.flags & KF_ITER_NEXT) env.facts.flags[pc] |= AUX_ITER_NEXT;

  if (kfunc.families & FAMILY_RES_LOCK) forkFailedLock(env, pc);
  for (let i = 0; i < BEFORE_ARGUMENTS.length; i++) pass(env, call, BEFORE_ARGUMENTS[i]);
  if (!inSleepableContext(env)) env.facts.flags[pc] |= AUX_NON_SLEEPABLE;

  checkKfuncArgs(env, call);
  checkNmiSafeDrop(env, call);
  pushCallbacks(env, call);
  changeRegions(env, call);
  checkRegions(env, call);
  // an acquiring _next gives back what the one before took
  if (kfunc.flags & KF_ITER_NEXT && kfunc.flags & KF_ACQUIRE)
    releaseAcquired(env, meta.iterFrameno, meta.iterSpi);
  releaseArgument(env, call);
  if (kfunc.families & ASKS.convertsOwning) convertOwning(env, env.reg(2).id);
  if (kfunc.special === KF_bpf_throw) {
    env.seenException = true;
    if (env.facts.exceptionCallbackSubprog === 0) checkReturn(1, 'R1');
  }

  const frameno = env.cur.curframe;
  const before = env.reg(0);
  recordCallerSaved(env);
  for (let regno = 0; regno <= 5; regno++) env.setReg(regno, NOT_INIT_REG);
  invalidateOutgoingStackArgs(env, frameno);
  setKfuncResult(env, call);
  if (kfunc.special === KF_bpf_xdp_pull_data) clearAllPktPointers(env);
  noteStackArgs(env, call);
  recordWrite(env, frameno, 'reg', 0, before, env.reg(0));

  if (kfunc.flags & KF_ITER_NEXT) iterNext(env, call);
  if (kfunc.special === KF_bpf_throw) {
    checkResourceLeak(env, true, true, 'bpf_throw');
    return PATH_END;
  }
  return NEXT;
}

/** Taking a resilient lock may fail: that path is put aside with an error in R0. */
function forkFailedLock(env: Env, pc: number): void {
  const failed = pushState(env, pc + 1, pc, false);
  const frame = failed.writable(failed.curframe);
  for (let regno = 0; regno <= 5; regno++) frame.regs[regno] = NOT_INIT_REG;
  frame.regs[0] = withScalar(unknownReg(env), narrowS32(UNKNOWN, -MAX_ERRNO, -1));
}

/** Rejects the call if the rule refuses it. */
function pass(env: Env, call: KfuncCall, gate: Gate): void {
  const { name } = call.func;
  if (gate.refuses(env, call.kfunc)) env.fail(gate.rule, gate.args(env, name), gate.report(call.pc, name));
}

/** Tracing programs may run in an NMI. */
const NMI_PROGRAMS: readonly number[] = [
  BPF_PROG_TYPE_KPROBE,
  BPF_PROG_TYPE_TRACEPOINT,
  BPF_PROG_TYPE_PERF_EVENT,
  BPF_PROG_TYPE_RAW_TRACEPOINT,
  BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE,
];

/** Special fields that may be freed in an NMI. */
const NMI_SAFE_FIELDS =
  BPF_SPIN_LOCK |
  BPF_RES_SPIN_LOCK |
  BPF_TIMER |
  BPF_WORKQUEUE |
  BPF_TASK_WORK |
  BPF_KPTR_UNREF |
  BPF_REFCOUNT;

function checkNmiSafeDrop(env: Env, call: KfuncCall): void {
  if (!(call.kfunc.families & (FAMILY_OBJ_DROP | FAMILY_PERCPU_OBJ_DROP))) return;
  const { progType, attachType, sleepable } = env.traits;
  const mayBeNmi =
    NMI_PROGRAMS.includes(progType) ||
    (progType === BPF_PROG_TYPE_TRACING && attachType !== BPF_TRACE_ITER && !sleepable);
  if (!mayBeNmi || call.meta.argBtf !== env.program.btf) return;
  const record = env.structRecords.get(call.meta.argBtfId);
  if (record !== undefined && (record.fieldMask & ~NMI_SAFE_FIELDS) !== 0)
    env.fail(R.nmiUnsafe, [call.func.name]);
}

function pushCallbacks(env: Env, call: KfuncCall): void {
  const { families } = call.kfunc;
  const { subprogno } = call.meta;
  try {
    if (families & FAMILY_RBTREE_ADD) pushCallback(env, call.pc, subprogno, setRbtreeAddCallback, false);
    if (families & FAMILY_WQ_CALLBACK) pushCallback(env, call.pc, subprogno, setTimerCallback, true);
    if (families & FAMILY_TASK_WORK) pushCallback(env, call.pc, subprogno, setTaskWorkCallback, true);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    env.fail(R.callbackFailed, [call.func.name, call.func.id], null, error.errno);
  }
}

/** RCU and preempt sections open and close. */
function changeRegions(env: Env, call: KfuncCall): void {
  const effect = REGION_EFFECTS.get(call.kfunc.special);
  if (effect === undefined) return;
  const { name } = call.func;
  const { region, opens, unmatched, suggestion } = effect;
  if (!opens && regionDepth(env.cur, region) === 0)
    env.fail(unmatched, [name], {
      kind: 'ctx-underflow',
      insn: call.pc,
      operation: name,
      context: region,
      suggestion,
    });
  const depth = applyRegion(env.cur, effect);
  if (env.obs !== null) env.obs.region(call.pc, region, opens, depth);
  if (!opens && !inRcuCs(env)) invalidateRcuProtectedRefs(env);
}

/** What the regions that are active after the call's own effect forbid or require. */
function checkRegions(env: Env, call: KfuncCall): void {
  const { special } = call.kfunc;
  pass(env, call, SLEEPABLE_WITHIN);
  if (
    (special === KF_bpf_rcu_read_lock || special === KF_bpf_rcu_read_unlock) &&
    inRbtreeLockRequiredCallback(env)
  ) {
    env.fail(R.rcuInRbtreeCallback);
  }
  pass(env, call, REQUIRES_RCU);
}

/** A releasing kfunc ends the reference in R1; one that is given an iterator has done so already. */
function releaseArgument(env: Env, call: KfuncCall): void {
  const { meta } = call;
  if (meta.releaseRegno === 0 || call.func.args[0]?.kind === 'iter') return;
  const reg = env.reg(meta.releaseRegno);
  if (isNull(reg)) return;
  if (meta.dynptrId !== 0) unmarkStackSlotsDynptr(env, reg);
  else if (isReferenced(env, reg)) releaseReference(env, reg.id);
  else env.fail(R.releaseFailed);
}

/** What was put into a list or tree is borrowed from it for as long as the lock is held (kernel: ref_convert_owning_non_owning). */
function convertOwning(env: Env, id: number): void {
  endReference(env, id);
  mapRegs(env.cur, (reg) => (reg.id === id ? nonOwning(env, withId(reg, 0)) : reg));
}

/** On-stack arguments of the call count towards the caller's frame. */
function noteStackArgs(env: Env, call: KfuncCall): void {
  const outgoing = call.params.length - 5;
  if (outgoing <= 0) return;
  const sub = env.subprog();
  sub.stackArgCnt = Math.max(sub.stackArgCnt, Math.max(0, sub.argCnt - 5) + outgoing);
}
