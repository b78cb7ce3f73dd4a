import { iterTypeId, iterTypeName } from '../../btf/iter-type.ts';
import { KF_ITER_DESTROY, KF_ITER_NEW } from '../../kernel/kfunc-flags.ts';
import { KF_bpf_iter_css_task_new } from '../../kernel/generated/special-kfuncs.ts';
import { plainTypeName } from '../../kernel/plain-types.ts';
import { PTR_TO_STACK } from '../../kernel/types.ts';
import { BPF_PROG_TYPE_LSM, BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER } from '../../kernel/uapi.ts';
import { checkMemAccess, WRITE } from '../../memory/access.ts';
import {
  isIterRegValidInit,
  isIterRegValidUninit,
  iterGetSpi,
  markStackSlotsIter,
  unmarkStackSlotsIter,
} from '../../memory/stack-objects/iter.ts';
import { argName, argOf, type Argno } from '../../state/argno.ts';
import type { Env } from '../../state/env.ts';
import { setSlot } from '../../state/mutate.ts';
import { releaseReference } from '../../state/release.ts';
import { IterExt, withExt, type Reg } from '../../state/reg.ts';
import { inSleepable } from '../../state/regions.ts';
import { Slot } from '../../state/slot.ts';
import { noteRefObj } from '../helper-args.ts';
import { argReport, type KfuncCall } from './call.ts';
import { kfuncRules as R } from './rules.ts';

const EPROTO = 71;

/** The css_task iterator holds a lock that other hooks may already hold. */
export function mayIterateCssTasks(place: Pick<Env, 'cur' | 'traits'>): boolean {
  const { progType, attachType } = place.traits;
  if (progType === BPF_PROG_TYPE_LSM) return true;
  if (progType === BPF_PROG_TYPE_TRACING && attachType === BPF_TRACE_ITER) return true;
  return inSleepable(place);
}

/** An open-coded iterator on the stack: made, used, released from or destroyed by the call (kernel: process_iter_arg). */
export function checkIter(env: Env, call: KfuncCall, reg: Reg, argno: Argno): void {
  if (call.kfunc.special === KF_bpf_iter_css_task_new && !mayIterateCssTasks(env)) env.fail(R.cssTaskIter);
  if (reg.type !== PTR_TO_STACK) {
    env.fail(
      R.iterPointer,
      [argName(argno)],
      argReport(
        env,
        call,
        argno,
        `iterator state must live in verifier-tracked stack memory, but ${argName(argno)} is ${plainTypeName(reg.type)}`,
        'Pass the address of a stack iterator object for iterator new, next, and destroy calls.',
      ),
    );
  }
  const { btf } = call.func;
  const id = iterTypeId(btf, call.func.proto, argOf(argno) - 1);
  if (id === 0) {
    env.fail(
      R.iterType,
      [argName(argno)],
      argReport(
        env,
        call,
        argno,
        'the kfunc expects a recognized iterator state pointer, but this argument does not match a valid iterator type',
        'Pass the exact iterator state type expected by this kfunc.',
      ),
    );
  }
  const slots = btf.type(id).size / 8;
  if (call.kfunc.flags & KF_ITER_NEW) makeIter(env, call, reg, argno, id, slots);
  else useIter(env, call, reg, argno, id, slots);
}

function makeIter(env: Env, call: KfuncCall, reg: Reg, argno: Argno, id: number, slots: number): void {
  const { btf } = call.func;
  if (!isIterRegValidUninit(env, reg, slots)) {
    env.fail(R.iterInitialized, [iterTypeName(btf, id), argName(argno)], {
      kind: 'resource',
      insn: call.pc,
      problem: 'iterator is already initialized',
      reason:
        'Iterator creation requires an uninitialized iterator stack object, but this stack range already contains iterator state.',
      suggestion:
        'Use a fresh iterator stack slot, or destroy the existing iterator before reusing the slot.',
    });
  }
  for (let off = 0; off < slots * 8; off += 8)
    checkMemAccess(env, call.pc, reg, argno, off, 8, WRITE, -1, false, false);
  markStackSlotsIter(env, call.meta, reg, call.pc, btf, id, slots);
}

function useIter(env: Env, call: KfuncCall, reg: Reg, argno: Argno, id: number, slots: number): void {
  const { btf } = call.func;
  const { meta } = call;
  const errno = isIterRegValidInit(env, reg, btf, id, slots);
  if (errno === EPROTO) {
    env.fail(R.iterRcu, [call.func.name], {
      kind: 'ctx-required',
      insn: call.pc,
      operation: call.func.name,
      context: 'rcu',
      suggestion:
        'Wrap iterator use in bpf_rcu_read_lock() and bpf_rcu_read_unlock(), keeping all exit paths balanced.',
    });
  }
  if (errno !== 0) {
    env.fail(R.iterUninitialized, [iterTypeName(btf, id), argName(argno)], {
      kind: 'resource',
      insn: call.pc,
      problem: 'uninitialized iterator use',
      reason:
        'This iterator operation requires an initialized iterator state object, but the stack range does not contain a live iterator on this path.',
      suggestion:
        'Call the matching iterator new kfunc on every path before calling next or destroy, and do not destroy the iterator before this use.',
    });
  }
  const spi = iterGetSpi(env, reg, slots);
  for (let i = 0; i < slots; i++) env.scratchSlot(spi - i);
  meta.iterSpi = spi;
  meta.iterFrameno = reg.num;
  noteRefObj(meta.refObj, env.cur.frames[reg.num].stack[spi].reg);

  if (call.kfunc.flags & KF_ITER_DESTROY) {
    // what the last _next acquired goes before the iterator itself
    releaseAcquired(env, reg.num, spi);
    unmarkStackSlotsIter(env, reg, slots);
  } else if (argOf(argno) === meta.releaseRegno && env.model.forbidsFault) {
    if (!releaseAcquired(env, reg.num, spi)) {
      env.fail(R.noAcquired, [], {
        kind: 'resource',
        insn: call.pc,
        problem: 'iterator holds nothing to release',
        reason:
          "This call releases the reference returned by the iterator's next kfunc, but no such reference is held on this path.",
        suggestion: 'Call the release kfunc at most once after each successful call of the next kfunc.',
      });
    }
  }
}

/**
 * Ends the reference that the iterator's last `_next` acquired, if it is still held (kf-forbid-fault: an iterator slot
 * remembers it). The slot forgets it whether or not the release succeeds.
 */
export function releaseAcquired(env: Env, frameno: number, spi: number): boolean {
  const slot = env.cur.frames[frameno].stack[spi];
  const iter = slot.reg.ext as IterExt;
  const id = iter.acquiredId;
  if (id === 0) return false;
  setAcquired(env, frameno, spi, 0);
  releaseReference(env, id);
  return true;
}

/** Remembers in an iterator's slot which reference its `_next` acquired. */
export function setAcquired(env: Env, frameno: number, spi: number, id: number): void {
  const slot = env.cur.frames[frameno].stack[spi];
  const iter = slot.reg.ext as IterExt;
  setSlot(
    env.cur,
    frameno,
    spi,
    new Slot(slot.types, withExt(slot.reg, new IterExt(iter.btf, iter.id, iter.state, iter.depth, id))),
  );
}
