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
  KF___bpf_trap,
  KF_bpf_preempt_disable,
  KF_bpf_preempt_enable,
  KF_bpf_rcu_read_lock,
  KF_bpf_rcu_read_unlock,
  KF_bpf_throw,
  KF_bpf_xdp_pull_data,
} from '../../kernel/generated/special-kfuncs.ts';
import {
  KF_ACQUIRE,
  KF_DESTRUCTIVE,
  KF_ITER_NEXT,
  KF_PERFMON,
  KF_RCU_PROTECTED,
  KF_RELEASE,
  KF_SLEEPABLE,
} from '../../kernel/kfunc-flags.ts';
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
import { inRcuCs, inSleepable, inSleepableContext, nonSleepableDescription } from '../../state/regions.ts';
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
import { reportContextForbidden, reportPolicy } from '../reports.ts';
import { checkKfuncArgs } from './args.ts';
import type { KfuncCall } from './call.ts';
import { releaseAcquired } from './iter-args.ts';
import { iterNext } from './iter-next.ts';
import { setKfuncResult } from './result.ts';
import { kfuncRules as R } from './rules.ts';

const MAX_ERRNO = 4095;

/** May the kfunc that instruction `pc` calls run while a lock is held? Unknown ones may not. */
export function kfuncSpinAllowed(env: Env, pc: number): boolean {
  const kfunc = env.facts.kfuncs.get(pc)?.kfunc ?? null;
  return kfunc !== null && env.model.spinAllowed(kfunc);
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
  if (kfunc === null || !func.allowed) {
    return env.fail(
      R.notAllowed,
      [func.name],
      reportPolicy(
        pc,
        `kfunc ${func.name}`,
        'this program cannot call the kfunc',
        'Use a kfunc allowed for this program type and attach point, or change the program context.',
      ),
    );
  }
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
  else if (kfunc.special === KF___bpf_trap) env.fail(R.trap);
  checkPolicy(env, call);
  const sleepable = (kfunc.flags & KF_SLEEPABLE) !== 0;
  if (sleepable && !inSleepable(env)) {
    env.fail(
      R.programNotSleepable,
      [func.name],
      reportContextForbidden(
        pc,
        `sleepable kfunc ${func.name}`,
        'Mark the program sleepable if the program type allows it, or use a non-sleepable kfunc.',
      ),
    );
  }
  if (!inSleepableContext(env)) env.facts.flags[pc] |= AUX_NON_SLEEPABLE;

  checkKfuncArgs(env, call);
  checkNmiSafeDrop(env, call);
  pushCallbacks(env, call);
  changeRegions(env, call);
  checkRegions(env, call, sleepable);
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

function checkPolicy(env: Env, call: KfuncCall): void {
  const { flags } = call.kfunc;
  const { name } = call.func;
  if (flags & KF_DESTRUCTIVE && !env.traits.capSysAdmin) {
    env.fail(
      R.destructive,
      [],
      reportPolicy(
        call.pc,
        `destructive kfunc ${name}`,
        'destructive kfuncs require CAP_SYS_BOOT',
        'Load the program with CAP_SYS_BOOT, or avoid destructive kfuncs.',
      ),
    );
  }
  if (flags & KF_PERFMON && !env.caps.allowPtrLeaks) {
    env.fail(
      R.perfmon,
      [name],
      reportPolicy(
        call.pc,
        `kfunc ${name}`,
        'the kfunc requires CAP_PERFMON',
        'Load the program with CAP_PERFMON, or avoid the kfunc.',
      ),
    );
  }
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
  const s = env.cur;
  const { name } = call.func;
  switch (call.kfunc.special) {
    case KF_bpf_rcu_read_lock:
      s.activeRcuLocks++;
      if (env.obs !== null) env.obs.region(call.pc, 'rcu', true, s.activeRcuLocks);
      return;
    case KF_bpf_preempt_disable:
      s.activePreemptLocks++;
      if (env.obs !== null) env.obs.region(call.pc, 'preempt', true, s.activePreemptLocks);
      return;
    case KF_bpf_rcu_read_unlock:
      if (s.activeRcuLocks === 0) {
        env.fail(R.unmatchedRcuUnlock, [name], {
          kind: 'ctx-underflow',
          insn: call.pc,
          operation: name,
          context: 'rcu',
          suggestion:
            'Remove the extra bpf_rcu_read_unlock() call, or ensure this path first enters an RCU read lock region.',
        });
      }
      s.activeRcuLocks--;
      if (env.obs !== null) env.obs.region(call.pc, 'rcu', false, s.activeRcuLocks);
      break;
    case KF_bpf_preempt_enable:
      if (s.activePreemptLocks === 0) {
        env.fail(R.unmatchedPreemptEnable, [name], {
          kind: 'ctx-underflow',
          insn: call.pc,
          operation: name,
          context: 'preempt',
          suggestion:
            'Remove the extra bpf_preempt_enable() call, or ensure this path first disables preemption.',
        });
      }
      s.activePreemptLocks--;
      if (env.obs !== null) env.obs.region(call.pc, 'preempt', false, s.activePreemptLocks);
      break;
    default:
      return;
  }
  if (!inRcuCs(env)) invalidateRcuProtectedRefs(env);
}

/** What the regions that are active after the call's own effect forbid or require. */
function checkRegions(env: Env, call: KfuncCall, sleepable: boolean): void {
  const { name } = call.func;
  const { special } = call.kfunc;
  if (sleepable && !inSleepableContext(env)) {
    env.fail(
      R.sleepableWithin,
      [name, nonSleepableDescription(env)],
      reportContextForbidden(
        call.pc,
        `sleepable kfunc ${name}`,
        'Move the kfunc call outside the critical section, or use a non-sleepable kfunc.',
      ),
    );
  }
  if (
    (special === KF_bpf_rcu_read_lock || special === KF_bpf_rcu_read_unlock) &&
    inRbtreeLockRequiredCallback(env)
  ) {
    env.fail(R.rcuInRbtreeCallback);
  }
  if (call.kfunc.flags & KF_RCU_PROTECTED && !inRcuCs(env)) {
    env.fail(R.requiresRcu, [name], {
      kind: 'ctx-required',
      insn: call.pc,
      operation: name,
      context: 'rcu',
      suggestion:
        'Call this kfunc between bpf_rcu_read_lock() and bpf_rcu_read_unlock(), keeping all exit paths balanced.',
    });
  }
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
