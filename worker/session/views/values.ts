import { formatReg } from '../../log/reg-text.ts';
import { view } from '../../domain/view.ts';
import { NOT_INIT, SCALAR_VALUE, dynptrTypeStr, iterStateStr, regTypeStr } from '../../kernel/types.ts';
import type { ScalarView } from '../../protocol.ts';
import { DYNPTR_FIRST_SLOT, IterExt, type Reg } from '../../state/reg.ts';
import {
  STACK_DYNPTR,
  STACK_INVALID,
  STACK_IRQ_FLAG,
  STACK_ITER,
  STACK_MISC,
  STACK_POISON,
  STACK_SPILL,
  STACK_ZERO,
  byteType,
  type Slot,
} from '../../state/slot.ts';

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** What is known of a scalar, in numbers ready to show; null for what is no number and has no offset. */
export function scalarView(reg: Reg): ScalarView | null {
  if (reg.type === NOT_INIT) return null;
  const s = view(reg.scalar);
  const constant = s.mask === 0n ? BigInt.asIntN(64, s.value) : null;
  if (reg.type !== SCALAR_VALUE && constant === 0n) return null;
  return {
    constant: constant === null ? null : String(constant),
    smin: String(s.smin),
    smax: String(s.smax),
    umin: String(s.umin),
    umax: String(s.umax),
    s32min: String(s.s32min),
    s32max: String(s.s32max),
    u32min: String(s.u32min),
    u32max: String(s.u32max),
    value: hex(s.value),
    mask: hex(s.mask),
  };
}

/** The kernel's text for a register, `uninit` if it may not be read. */
export function regText(reg: Reg, frameno: number): string {
  return reg.type === NOT_INIT ? 'uninit' : formatReg(reg, frameno);
}

export function typeText(reg: Reg): string {
  return reg.type === NOT_INIT ? 'uninit' : regTypeStr(reg.type).replace(/_$/, '');
}

const SLOT_CHARS = '?rm0difp';

/** Does the slot say nothing: never written, or no longer read? */
export function isBlank(slot: Slot): boolean {
  for (let j = 0; j < 8; j++) {
    const type = byteType(slot.types, j);
    if (type !== STACK_INVALID && type !== STACK_POISON) return false;
  }
  return true;
}

/** The kernel's text for what a slot holds, `uninit` if nothing. */
export function slotText(slot: Slot, frameno: number): string {
  if (isBlank(slot)) return 'uninit';
  let chars = '';
  let spillAt = 8;
  for (let j = 0; j < 8; j++) {
    const type = byteType(slot.types, j);
    if (type === STACK_SPILL && spillAt === 8) spillAt = j;
    chars += SLOT_CHARS[type];
  }
  const { reg } = slot;
  switch (slot.types >> 21) {
    case STACK_SPILL:
      return chars.slice(0, spillAt) + formatReg(reg, frameno);
    case STACK_DYNPTR:
      return `dynptr_${dynptrTypeStr(reg.num & ~DYNPTR_FIRST_SLOT)}${reg.num & DYNPTR_FIRST_SLOT ? '' : ' (second half)'}`;
    case STACK_ITER:
      return reg.ext instanceof IterExt && reg.ext.state !== 0
        ? `iter_${reg.ext.btf.type(reg.ext.id).name.slice('bpf_iter_'.length)}(id=${reg.id},state=${iterStateStr(reg.ext.state)},depth=${reg.ext.depth})`
        : 'iterator (continued)';
    case STACK_IRQ_FLAG:
      return 'irq_flag';
    default:
      return chars;
  }
}

/** What kind of thing a slot holds. */
export function slotType(slot: Slot): string {
  if (isBlank(slot)) return 'uninit';
  switch (slot.types >> 21) {
    case STACK_SPILL:
      return typeText(slot.reg);
    case STACK_DYNPTR:
      return 'dynptr';
    case STACK_ITER:
      return 'iter';
    case STACK_IRQ_FLAG:
      return 'irq_flag';
    case STACK_ZERO:
      return 'zero';
    case STACK_MISC:
      return 'misc';
    default:
      return 'bytes';
  }
}
