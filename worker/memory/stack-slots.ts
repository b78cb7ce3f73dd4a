import { AUX_FASTCALL_PATTERN } from '../cfg/facts.ts';
import { BPF_MEM, BPF_ST, classOf, modeOf } from '../isa/opcodes.ts';
import type { Env } from '../state/env.ts';
import { NOT_INIT_REG } from '../state/reg.ts';
import {
  INVALID_SLOT,
  MISC_SLOT,
  Slot,
  STACK_DYNPTR,
  STACK_INVALID,
  STACK_IRQ_FLAG,
  STACK_ITER,
  STACK_MISC,
  STACK_POISON,
  STACK_SPILL,
  STACK_ZERO,
  ZERO_SLOT,
  allBytes,
  byteType,
  type SlotTypes,
} from '../state/slot.ts';

export const ALL_SPILL = allBytes(STACK_SPILL);
const ALL_MISC = MISC_SLOT.types;
const ALL_ZERO = ZERO_SLOT.types;

/** Makes sure that frame `frameno` has at least `bytes` of stack, and remembers the function's deepest use. */
export function growStack(env: Env, frameno: number, bytes: number): void {
  const frame = env.cur.frames[frameno];
  if (frame.stack.length << 3 >= bytes) return;
  env.cur.writable(frameno).growStack(bytes);
  const subprog = env.facts.subprogs[frame.subprogno];
  const depth = (bytes + 7) & ~7;
  if (subprog.stackDepth < depth) subprog.stackDepth = depth;
}

/** A slot that holds no register: one of the common ones where possible. */
export function plainSlot(types: SlotTypes): Slot {
  if (types === ALL_MISC) return MISC_SLOT;
  if (types === ALL_ZERO) return ZERO_SLOT;
  if (types === 0) return INVALID_SLOT;
  return new Slot(types, NOT_INIT_REG);
}

/** Types of a slot whose lowest `size` bytes receive a register; what was known of the others degrades to misc. */
export function spillTypes(before: SlotTypes, size: number): SlotTypes {
  if (size === 8) return ALL_SPILL;
  let types = 0;
  for (let i = 0; i < 8; i++) {
    let type = STACK_SPILL;
    if (i < 8 - size) {
      type = byteType(before, i);
      if (type !== STACK_ZERO && type !== STACK_INVALID && type !== STACK_POISON) type = STACK_MISC;
    }
    types |= type << (3 * i);
  }
  return types;
}

/** Does the slot hold a register, dynptr, iterator or irq flag? (kernel: is_stack_slot_special) */
function isSpecial(types: SlotTypes): boolean {
  const last = types >> 21;
  return last === STACK_SPILL || last === STACK_DYNPTR || last === STACK_ITER || last === STACK_IRQ_FLAG;
}

/** Every byte that was initialised becomes misc (kernel: scrub_spilled_slot on all bytes). */
export function scrubbedTypes(types: SlotTypes): SlotTypes {
  if (types === ALL_SPILL) return ALL_MISC;
  let scrubbed = 0;
  for (let i = 0; i < 8; i++) {
    const type = byteType(types, i);
    scrubbed |= (type === STACK_INVALID || type === STACK_POISON ? type : STACK_MISC) << (3 * i);
  }
  return scrubbed;
}

/** Types of a slot after data was written over part of it: whatever it held is mere bytes now (kernel: scrub_special_slot). */
export function typesWithoutObject(types: SlotTypes): SlotTypes {
  return isSpecial(types) ? scrubbedTypes(types) : types;
}

/** How many bytes of the slot, from its lowest address on, belong to the spilled register. */
export function spillSize(types: SlotTypes): number {
  if (types === ALL_SPILL) return 8;
  let size = 1;
  while (size < 8 && byteType(types, 7 - size) === STACK_SPILL) size++;
  return size;
}

/** Offset that no access is below: the fastcall patterns of the function are off. */
const FASTCALL_DISABLED = -32768;

/**
 * The stack below `fastcallStackOff` belongs to the spill/fill pairs around fastcall calls. An access from elsewhere
 * makes these pairs ordinary code for the whole function (kernel: check_fastcall_stack_contract).
 */
export function checkFastcallContract(env: Env, subprogno: number, insnIdx: number, off: number): void {
  const subprog = env.facts.subprogs[subprogno];
  if (subprog.fastcallStackOff <= off) return;
  const { flags, fastcallSpills } = env.facts;
  if (flags[insnIdx] & AUX_FASTCALL_PATTERN) return;
  subprog.fastcallStackOff = FASTCALL_DISABLED;
  for (let i = subprog.start; i < subprog.end; i++) {
    fastcallSpills[i] = 0;
    flags[i] &= ~AUX_FASTCALL_PATTERN;
  }
}

/** Is the instruction a store of an immediate? Calls that fill memory write unknown values. */
export function isStoreImm(env: Env, insnIdx: number): boolean {
  const code = env.insns.code[insnIdx];
  return classOf(code) === BPF_ST && modeOf(code) === BPF_MEM;
}
