import { BTF_KIND_FUNC, BTF_KIND_FUNC_PROTO, BTF_KIND_PTR, BTF_KIND_TYPEDEF, type Btf, type BtfType } from '../../btf/btf.ts';
import { say } from '../../failure/messages.ts';
import { NotModelled } from '../../failure/rule.ts';
import { inFunctionSet } from '../../kernel/facts.ts';
import { LSM_HOOKS } from '../../kernel/generated/lists.ts';
import { KF_IMPLICIT_ARGS } from '../../kernel/kfunc-flags.ts';
import * as u from '../../kernel/uapi.ts';
import { reject, type Context } from '../context.ts';
import { checkFuncModel } from '../func-model.ts';
import { attachRules } from '../rules.ts';
import { FAULTABLE_TRACEPOINTS, mayFail, mayModifyReturn, modifyReturnSleeps } from './functions.ts';
import { iteratorArgs } from './iterators.ts';
import { structOpsTarget } from './struct-ops.ts';
import { NO_TARGET, type AttachTarget } from './target.ts';

const SLEEPABLE_TRACING: ReadonlySet<number> = new Set([
  u.BPF_TRACE_FENTRY,
  u.BPF_TRACE_FEXIT,
  u.BPF_MODIFY_RETURN,
  u.BPF_TRACE_ITER,
  u.BPF_TRACE_FSESSION,
  u.BPF_TRACE_RAW_TP,
  u.BPF_TRACE_FENTRY_MULTI,
  u.BPF_TRACE_FEXIT_MULTI,
  u.BPF_TRACE_FSESSION_MULTI,
]);
const SLEEPABLE_TYPES: ReadonlySet<number> = new Set([u.BPF_PROG_TYPE_KPROBE, u.BPF_PROG_TYPE_STRUCT_OPS, u.BPF_PROG_TYPE_RAW_TRACEPOINT, u.BPF_PROG_TYPE_TRACEPOINT]);
const MULTI: ReadonlySet<number> = new Set([u.BPF_TRACE_FENTRY_MULTI, u.BPF_TRACE_FEXIT_MULTI, u.BPF_TRACE_FSESSION_MULTI]);
/** Attach types that see the target's result. */
const SEES_RESULT: ReadonlySet<number> = new Set([u.BPF_MODIFY_RETURN, u.BPF_TRACE_FEXIT, u.BPF_TRACE_FEXIT_MULTI, u.BPF_TRACE_FSESSION, u.BPF_TRACE_FSESSION_MULTI]);
const AFTER_RETURN: ReadonlySet<number> = new Set([u.BPF_TRACE_FEXIT, u.BPF_TRACE_FSESSION, u.BPF_TRACE_FSESSION_MULTI, u.BPF_MODIFY_RETURN]);
/** Attach types that go to a function. */
const TO_FUNCTION: ReadonlySet<number> = new Set([
  u.BPF_MODIFY_RETURN,
  u.BPF_LSM_MAC,
  u.BPF_LSM_CGROUP,
  u.BPF_TRACE_FENTRY,
  u.BPF_TRACE_FEXIT,
  u.BPF_TRACE_FSESSION,
  ...MULTI,
]);
const TRACEPOINT_PREFIX = 'btf_trace_';
/** What `*.multi` programs attach to until they are linked. */
const MULTI_FUNC = 'bpf_multi_func';

/** May programs of this type and attach type sleep at all (kernel: can_be_sleepable)? */
function canSleep(progType: number, attachType: number): boolean {
  if (progType === u.BPF_PROG_TYPE_TRACING) return SLEEPABLE_TRACING.has(attachType);
  if (progType === u.BPF_PROG_TYPE_LSM) return attachType !== u.BPF_LSM_CGROUP;
  return SLEEPABLE_TYPES.has(progType);
}

/** Checks what the program attaches to and finds the prototype that its ctx follows (kernel: check_attach_btf_id). */
export function checkAttach(ctx: Context): AttachTarget {
  const { progType, attachType, sleepable } = ctx.traits;
  if (progType === u.BPF_PROG_TYPE_SYSCALL) {
    if (!sleepable) reject(ctx, attachRules.syscallNotSleepable);
    return NO_TARGET;
  }
  if (sleepable && !canSleep(progType, attachType)) reject(ctx, attachRules.sleepableType);
  if (progType === u.BPF_PROG_TYPE_STRUCT_OPS) return structOpsTarget(ctx);
  if (progType !== u.BPF_PROG_TYPE_TRACING && progType !== u.BPF_PROG_TYPE_LSM && progType !== u.BPF_PROG_TYPE_EXT) return NO_TARGET;
  const { attach } = ctx.program;
  if (attach?.kind === 'prog') throw new NotModelled('a program attached to another program');
  const named = attach ?? (MULTI.has(attachType) ? { kind: 'func' as const, name: MULTI_FUNC, module: null } : null);
  if (named === null) reject(ctx, attachRules.tracingNoId);
  const btf = named.module === null ? ctx.model.btf() : ctx.model.moduleBtf(named.module);
  if (btf === null) throw new NotModelled(`types of module ${named.module}`);
  const id = btf.find(named.name, named.kind === 'typedef' ? BTF_KIND_TYPEDEF : BTF_KIND_FUNC);
  if (id === 0) throw new NotModelled(`attach target ${named.name}, which is not among the types of ${btf.name}`);
  if (progType === u.BPF_PROG_TYPE_EXT) reject(ctx, attachRules.replaceKernel);
  if (attachType === u.BPF_TRACE_RAW_TP) return tracepoint(ctx, btf, id);
  if (attachType === u.BPF_TRACE_ITER) return iterator(ctx, btf, id);
  if (!TO_FUNCTION.has(attachType)) reject(ctx, attachRules.unsupported);
  return func(ctx, btf, id, named.module);
}

function target(btf: Btf, btfId: number, proto: BtfType, name: string): AttachTarget {
  return { ...NO_TARGET, btf, btfId, proto, name };
}

function tracepoint(ctx: Context, btf: Btf, id: number): AttachTarget {
  const t = btf.type(id);
  if (t.kind !== BTF_KIND_TYPEDEF) reject(ctx, attachRules.notTypedef, [id]);
  if (!t.name.startsWith(TRACEPOINT_PREFIX)) reject(ctx, attachRules.wrongTypeName, [id, t.name]);
  const name = t.name.slice(TRACEPOINT_PREFIX.length);
  if (ctx.traits.sleepable && !FAULTABLE_TRACEPOINTS.has(name)) reject(ctx, attachRules.notFaultable, [name]);
  // The function of the tracepoint's template names its parameters, the typedef does not; templates that are shared
  // by several tracepoints have a name of their own, and none of their parameters' names matter.
  const template = btf.find(`__bpf_trace_${name}`, BTF_KIND_FUNC);
  let proto = btf.type(t.type);
  if (template !== 0) proto = btf.type(btf.type(template).type);
  else if (proto.kind === BTF_KIND_PTR) proto = btf.type(proto.type);
  if (proto.kind !== BTF_KIND_FUNC_PROTO) reject(ctx, attachRules.unsupported);
  return { ...target(btf, id, proto, name), isTracepoint: true };
}

function iterator(ctx: Context, btf: Btf, id: number): AttachTarget {
  const t = btf.type(id);
  if (t.kind !== BTF_KIND_FUNC) reject(ctx, attachRules.notFunction, [id]);
  const proto = btf.type(t.type);
  checkFuncModel(ctx, btf, proto, t.name);
  const ctxArgs = iteratorArgs(ctx.model, t.name);
  if (ctxArgs === null) reject(ctx, attachRules.unsupported);
  return { ...target(btf, id, proto, t.name), ctxArgs };
}

function func(ctx: Context, btf: Btf, id: number, module: string | null): AttachTarget {
  const { progType, attachType, sleepable } = ctx.traits;
  const t = btf.type(id);
  if (t.kind !== BTF_KIND_FUNC) reject(ctx, attachRules.notFunction, [id]);
  const { name } = t;
  const proto = realProto(ctx, btf, t, module);
  const resultSize = checkFuncModel(ctx, btf, proto, name);
  if (resultSize > 8 && SEES_RESULT.has(attachType)) reject(ctx, attachRules.bigReturn, [name]);
  if (sleepable) {
    if (!sleepAllowed(progType, attachType, name)) reject(ctx, attachRules.notSleepable, [name]);
  } else if (attachType === u.BPF_MODIFY_RETURN && !mayModifyReturn(name)) reject(ctx, attachRules.notModifiable, [name]);
  if (progType === u.BPF_PROG_TYPE_LSM) checkLsm(ctx, id, name);
  else if (inFunctionSet('btf_id_deny', name)) reject(ctx, attachRules.denied, [name]);
  else if (AFTER_RETURN.has(attachType) && inFunctionSet('noreturn_deny', name)) reject(ctx, attachRules.noreturn, [name]);
  return target(btf, id, proto, name);
}

/** kernel: btf_id_allow_sleepable */
function sleepAllowed(progType: number, attachType: number, name: string): boolean {
  if (progType === u.BPF_PROG_TYPE_LSM) return inFunctionSet('sleepable_lsm_hooks', name);
  if (MULTI.has(attachType) && name === MULTI_FUNC) return true;
  return (mayFail(name) && !inFunctionSet('btf_non_sleepable_error_inject', name)) || modifyReturnSleeps(name);
}

/** Prototype of a function as it is called: kfuncs with implicit arguments show programs another (kernel: btf_attach_func_proto). */
function realProto(ctx: Context, btf: Btf, t: BtfType, module: string | null): BtfType {
  const kfunc = ctx.model.kfunc(t.name, module);
  if (kfunc === null || (kfunc.flags & KF_IMPLICIT_ARGS) === 0) return btf.type(t.type);
  const impl = btf.find(`${t.name}_impl`, BTF_KIND_FUNC);
  if (impl === 0) {
    say(ctx.messages, 'cannot find function %s in BTF\n', `${t.name}_impl`);
    reject(ctx, attachRules.unsupported);
  }
  return btf.type(btf.type(impl).type);
}

const hooks: ReadonlySet<string> = new Set(LSM_HOOKS);

/** kernel: bpf_lsm_verify_prog */
function checkLsm(ctx: Context, id: number, name: string): void {
  if (!ctx.traits.gpl) reject(ctx, attachRules.lsmLicense);
  if (inFunctionSet('bpf_lsm_disabled_hooks', name)) reject(ctx, attachRules.lsmDisabled, [id, name]);
  if (!hooks.has(name)) reject(ctx, attachRules.wrongTypeName, [id, name]);
}
