import {
  KF_bpf_local_irq_restore,
  KF_bpf_local_irq_save,
  KF_bpf_res_spin_lock_irqsave,
  KF_bpf_res_spin_unlock_irqrestore,
} from '../../kernel/generated/special-kfuncs.ts';
import { ASKS } from '../../kernel/families.ts';
import { MEM_ALLOC, PTR_TO_BTF_ID, PTR_TO_MAP_VALUE, PTR_TO_STACK } from '../../kernel/types.ts';
import { processSpinLock } from '../../context/spin-lock.ts';
import { checkMemAccess, WRITE } from '../../memory/access.ts';
import {
  irqFlagGetSpi,
  isIrqFlagRegValidInit,
  isIrqFlagRegValidUninit,
  markStackSlotIrqFlag,
  unmarkStackSlotIrqFlag,
} from '../../memory/stack-objects/irq.ts';
import { argName, type Argno } from '../../state/argno.ts';
import type { Env } from '../../state/env.ts';
import { inRcuCs } from '../../state/regions.ts';
import { invalidateRcuProtectedRefs } from '../../state/release.ts';
import { IRQ_LOCK_KFUNC, IRQ_NATIVE_KFUNC, type Reg } from '../../state/reg.ts';
import { inRbtreeLockRequiredCallback } from '../lock-callbacks.ts';
import { argReport, itIs, type KfuncCall } from './call.ts';
import { kfuncRules as R } from './rules.ts';

/** Kfuncs that save or restore interrupt flags: which of the two, and whether with a lock. */
const IRQ_KFUNCS = new Map<number, { readonly save: boolean; readonly kfuncClass: number }>([
  [KF_bpf_local_irq_save, { save: true, kfuncClass: IRQ_NATIVE_KFUNC }],
  [KF_bpf_res_spin_lock_irqsave, { save: true, kfuncClass: IRQ_LOCK_KFUNC }],
  [KF_bpf_local_irq_restore, { save: false, kfuncClass: IRQ_NATIVE_KFUNC }],
  [KF_bpf_res_spin_unlock_irqrestore, { save: false, kfuncClass: IRQ_LOCK_KFUNC }],
]);

/** `__irq_flag`: a stack slot that keeps the interrupt flags between save and restore (kernel: process_irq_flag). */
export function checkIrqFlag(env: Env, call: KfuncCall, reg: Reg, argno: Argno): void {
  if (reg.type !== PTR_TO_STACK) {
    env.fail(
      R.irqFlagPointer,
      [argName(argno)],
      argReport(
        env,
        call,
        argno,
        `the kfunc expects a stack pointer to an IRQ flag slot, but ${itIs(argno, reg)}`,
        'Pass the same stack slot used by bpf_local_irq_save() or bpf_res_spin_lock_irqsave().',
      ),
    );
  }
  const row = IRQ_KFUNCS.get(call.kfunc.special);
  if (row === undefined)
    throw new Error(`${call.func.name} takes interrupt flags but is not known to save or restore them`);
  if (row.save) {
    if (!isIrqFlagRegValidUninit(env, reg)) {
      env.fail(R.irqFlagInitialized, [argName(argno)], {
        kind: 'resource',
        insn: env.insnIdx,
        problem: 'IRQ flag is already initialized',
        reason:
          'Saving IRQ state requires an uninitialized stack slot for the IRQ flag, but this slot already contains tracked IRQ flag state.',
        suggestion:
          'Use a fresh stack slot for this save operation, or restore the existing IRQ flag before reusing the slot.',
      });
    }
    checkMemAccess(env, env.insnIdx, reg, argno, 0, 8, WRITE, -1, false, false);
    markStackSlotIrqFlag(env, reg, env.insnIdx, row.kfuncClass);
    return;
  }
  const errno = isIrqFlagRegValidInit(env, reg);
  if (errno !== 0) {
    env.fail(
      R.irqFlagUninitialized,
      [argName(argno)],
      {
        kind: 'resource',
        insn: env.insnIdx,
        problem: 'uninitialized IRQ flag restore',
        reason:
          'Restoring IRQ state requires a stack slot that was initialized by a matching IRQ save operation on this path.',
        suggestion:
          'Pass the same stack slot that was previously initialized by the matching IRQ save kfunc.',
      },
      errno,
    );
  }
  env.scratchSlot(irqFlagGetSpi(env, reg));
  unmarkStackSlotIrqFlag(env, reg, row.kfuncClass);
  if (!inRcuCs(env)) invalidateRcuProtectedRefs(env);
}

/** A `bpf_res_spin_lock` to take or release. */
export function checkResLock(env: Env, call: KfuncCall, reg: Reg, argno: Argno): void {
  if (inRbtreeLockRequiredCallback(env)) env.fail(R.resLockInRbtreeCallback);
  if (reg.type !== PTR_TO_MAP_VALUE && reg.type !== (PTR_TO_BTF_ID | MEM_ALLOC))
    env.fail(R.resLockPointer, [argName(argno)]);
  const { families } = call.kfunc;
  if (!(families & ASKS.resLockArg)) env.fail(R.resLockKfunc);
  processSpinLock(env, reg, argno, {
    take: (families & ASKS.resLockTakes) !== 0,
    resilient: true,
    irq: (families & ASKS.resLockIrq) !== 0,
  });
}
