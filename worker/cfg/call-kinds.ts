import { isHelperCall, isKfuncCall } from '../isa/flow.ts';
import { KF_ITER_NEXT, KF_SLEEPABLE } from '../kernel/kfunc-flags.ts';
import * as special from '../kernel/generated/special-kfuncs.ts';
import { HELPER_ASYNC_CALLBACK, HELPER_SYNC_CALLBACK } from '../kernel/helpers.ts';
import type { KernelModel } from '../kernel/model.ts';
import type { Facts } from './facts.ts';

const SYNC_KFUNCS: ReadonlySet<number> = new Set([special.KF_bpf_rbtree_add, special.KF_bpf_rbtree_add_impl]);
const ASYNC_KFUNCS: ReadonlySet<number> = new Set([
  special.KF_bpf_wq_set_callback,
  special.KF_bpf_task_work_schedule_signal,
  special.KF_bpf_task_work_schedule_resume,
]);

/** The {@link special} number of the kfunc that instruction `i` calls; 0 for all other instructions. */
export function specialKfunc(facts: Facts, i: number): number {
  return isKfuncCall(facts.insns, i) ? (facts.kfuncs.get(i)?.kfunc?.special ?? 0) : 0;
}

function helperTraits(facts: Facts, model: KernelModel, i: number): number {
  return isHelperCall(facts.insns, i) ? (model.helperRow(facts.insns.imm[i])?.traits ?? 0) : 0;
}

/** Does the call run a callback before it returns (kernel: bpf_is_sync_callback_calling_insn)? */
export function callsSyncCallback(facts: Facts, model: KernelModel, i: number): boolean {
  return (helperTraits(facts, model, i) & HELPER_SYNC_CALLBACK) !== 0 || SYNC_KFUNCS.has(specialKfunc(facts, i));
}

/** Does the call arrange for a callback to run later (kernel: bpf_is_async_callback_calling_insn)? */
export function callsAsyncCallback(facts: Facts, model: KernelModel, i: number): boolean {
  return (helperTraits(facts, model, i) & HELPER_ASYNC_CALLBACK) !== 0 || ASYNC_KFUNCS.has(specialKfunc(facts, i));
}

/** Is it a call of bpf_throw (kernel: bpf_is_throw_kfunc)? */
export function isThrow(facts: Facts, i: number): boolean {
  return specialKfunc(facts, i) === special.KF_bpf_throw;
}

/** What a kfunc does to the functions that call it. */
export function kfuncEffects(flags: number, kfunc: number): { readonly iterNext: boolean; readonly sleeps: boolean; readonly changesPktData: boolean; readonly throws: boolean } {
  return {
    iterNext: (flags & KF_ITER_NEXT) !== 0,
    sleeps: (flags & KF_SLEEPABLE) !== 0,
    changesPktData: kfunc === special.KF_bpf_xdp_pull_data,
    throws: kfunc === special.KF_bpf_throw,
  };
}
