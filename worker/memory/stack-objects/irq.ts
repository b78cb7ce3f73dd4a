import { EINVAL, ERANGE } from '../../failure/errno.ts';
import { PTR_TO_STACK } from '../../kernel/types.ts';
import type { Env } from '../../state/env.ts';
import { setSlot } from '../../state/mutate.ts';
import { acquireIrq, irqDepth, releaseIrq } from '../../state/refs.ts';
import { IRQ_NATIVE_KFUNC, pointerReg, type Reg } from '../../state/reg.ts';
import { INVALID_SLOT, Slot, STACK_IRQ_FLAG, allBytes } from '../../state/slot.ts';
import { STACK_OBJECT_RULES } from '../rules.ts';
import { hasByte, isWhole, objectSpi } from './place.ts';

const IRQ_BYTES = allBytes(STACK_IRQ_FLAG);

/** Slot of the saved irq flags that a stack pointer points to, or a negative errno: see {@link objectSpi}. */
export function irqFlagGetSpi(env: Env, reg: Reg): number {
  return objectSpi(env, reg, 'irq_flag', 1);
}

/** A kfunc of the class IRQ_* saved the irq flags here (kernel: mark_stack_slot_irq_flag). */
export function markStackSlotIrqFlag(env: Env, reg: Reg, insnIdx: number, kfuncClass: number): void {
  const spi = irqFlagGetSpi(env, reg);
  if (spi < 0) env.fail(STACK_OBJECT_RULES.misplaced, [], null, -spi);
  const id = acquireIrq(env, insnIdx);
  setSlot(env.cur, reg.num, spi, new Slot(IRQ_BYTES, pointerReg(PTR_TO_STACK, kfuncClass, null, id)));
  env.scratchSlot(spi);
}

function className(kfuncClass: number): string {
  return kfuncClass === IRQ_NATIVE_KFUNC ? 'native' : 'lock';
}

/** A kfunc of the class IRQ_* restored the flags: last saved, first restored (kernel: unmark_stack_slot_irq_flag). */
export function unmarkStackSlotIrqFlag(env: Env, reg: Reg, kfuncClass: number): void {
  const spi = irqFlagGetSpi(env, reg);
  if (spi < 0) env.fail(STACK_OBJECT_RULES.misplaced, [], null, -spi);
  const st = env.cur.frames[reg.num].stack[spi].reg;
  if (st.num !== kfuncClass) {
    const saved = className(st.num);
    const used = className(kfuncClass);
    env.fail(STACK_OBJECT_RULES['irq-class'], [saved, used], {
      kind: 'irq',
      insn: env.insnIdx,
      problem: 'IRQ flag restore mismatch',
      reason: `This IRQ flag was saved by ${saved} IRQ kfuncs, but the restore call belongs to the ${used} IRQ kfunc family. Save and restore operations must use the same family.`,
      suggestion:
        'Restore the flag with the matching IRQ restore kfunc for the save operation that created it.',
      depth: irqDepth(env.cur),
    });
  }
  const errno = releaseIrq(env, st.id);
  if (errno !== 0) {
    const active = env.cur.refs.find((ref) => ref.id === env.cur.activeIrqId);
    env.fail(
      STACK_OBJECT_RULES['irq-order'],
      [env.cur.activeIrqId, active?.insnIdx ?? 0],
      {
        kind: 'irq',
        insn: env.insnIdx,
        problem: 'IRQ flag restore out of order',
        reason:
          'IRQ-disabled regions must be restored in last-in, first-out order, but this restore does not match the currently active IRQ flag.',
        suggestion: 'Restore nested IRQ flags in the reverse order they were saved.',
        depth: irqDepth(env.cur),
      },
      errno,
    );
  }
  setSlot(env.cur, reg.num, spi, INVALID_SLOT);
  env.scratchSlot(spi);
}

/** May irq flags be saved here? (kernel: is_irq_flag_reg_valid_uninit) */
export function isIrqFlagRegValidUninit(env: Env, reg: Reg): boolean {
  const spi = irqFlagGetSpi(env, reg);
  if (spi < 0) return spi === -ERANGE;
  return !hasByte(env.cur.frames[reg.num].stack[spi], STACK_IRQ_FLAG);
}

/** Are there saved irq flags? 0 or EINVAL (kernel: is_irq_flag_reg_valid_init). */
export function isIrqFlagRegValidInit(env: Env, reg: Reg): number {
  const spi = irqFlagGetSpi(env, reg);
  if (spi < 0) return EINVAL;
  const slot = env.cur.frames[reg.num].stack[spi];
  return slot.reg.id !== 0 && isWhole(slot, STACK_IRQ_FLAG) ? 0 : EINVAL;
}
