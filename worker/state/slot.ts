import { NOT_INIT_REG, type Reg } from './reg.ts';

/** What one byte of the stack holds (kernel: enum bpf_stack_slot_type, same order). */
export const STACK_INVALID = 0;
export const STACK_SPILL = 1;
export const STACK_MISC = 2;
export const STACK_ZERO = 3;
export const STACK_DYNPTR = 4;
export const STACK_ITER = 5;
export const STACK_IRQ_FLAG = 6;
export const STACK_POISON = 7;

/**
 * Types of the eight bytes of a slot, three bits each, in the kernel's slot_type order: entry `j` of slot `spi`
 * describes the byte at address fp - 8 * spi - 1 - j, so entry 7 is the slot's lowest address, the first byte
 * of a spilled register, and entry 0 the byte next to the frame pointer's side.
 */
export type SlotTypes = number;

/** All eight bytes of one type. */
export function allBytes(type: number): SlotTypes {
  return type * 0o11111111;
}

/** Type of byte `i` (0..7) in the kernel's slot_type order. */
export function byteType(types: SlotTypes, i: number): number {
  return (types >> (3 * i)) & 7;
}

/** The same types with byte `i` replaced. */
export function withByte(types: SlotTypes, i: number, type: number): SlotTypes {
  return (types & ~(7 << (3 * i))) | (type << (3 * i));
}

/** Eight bytes of stack (kernel: `struct bpf_stack_state`). Immutable. */
export class Slot {
  constructor(
    readonly types: SlotTypes,
    /** The spilled register, or what a dynptr, iterator or irq flag slot carries. */
    readonly reg: Reg,
  ) {}
}

export const INVALID_SLOT = new Slot(0, NOT_INIT_REG);
export const MISC_SLOT = new Slot(allBytes(STACK_MISC), NOT_INIT_REG);
export const ZERO_SLOT = new Slot(allBytes(STACK_ZERO), NOT_INIT_REG);

/** Does the slot hold a spilled register, whole or its low part? (kernel: bpf_is_spilled_reg, entry 7) */
export function isSpilledReg(slot: Slot): boolean {
  return slot.types >> 21 === STACK_SPILL;
}
