import type { Insns } from '../../isa/insns.ts';
import { ObjectError } from '../error.ts';
import type { CoreValue } from './value.ts';
import { widthMayChange } from './value.ts';

/** Helper number that libbpf writes where a relocation failed; the verifier rejects it if it is reached. */
export const FAILED_RELOCATION = 195896080;

const CALL = 0x85;
const WIDE_LOAD = 0x18;
const CLASS_LD = 0;
const CLASS_LDX = 1;
const CLASS_ST = 2;
const CLASS_STX = 3;
const CLASS_ALU = 4;
const CLASS_ALU64 = 7;
const SOURCE_REGISTER = 8;
const SIZE_BITS = 0x18;
const OFF_MAX = 0x7fff;

/** Size codes of loads and stores by width in bytes. */
const SIZES: ReadonlyMap<number, number> = new Map([
  [8, 0x18],
  [4, 0x00],
  [2, 0x08],
  [1, 0x10],
]);

/** Replaces an instruction by the call that cannot be. */
function poison(insns: Insns, at: number): false {
  const slots = insns.code[at] === WIDE_LOAD ? 2 : 1;
  for (let i = at; i < at + slots; i++) insns.set(i, CALL, 0, 0, 0, FAILED_RELOCATION);
  return false;
}

/**
 * Writes the kernel's value (null: there is none) into the instruction that held the object's. False: the relocation failed, and
 * the instruction is now an invalid call. Throws {@link ObjectError} for instructions that no compiler relocates.
 */
export function patchInstruction(
  insns: Insns,
  at: number,
  local: CoreValue | null,
  target: CoreValue | null,
): boolean {
  const bad = (): ObjectError =>
    new ObjectError(
      `Instruction ${at} is not what its CO-RE relocation says: the object is damaged, or was changed after compiling.`,
    );
  const code = insns.code[at];
  const lost = local === null || target === null;
  switch (code & 7) {
    case CLASS_ALU:
    case CLASS_ALU64:
      if ((code & SOURCE_REGISTER) !== 0) throw bad();
      if (lost) return poison(insns, at);
      if (local.validate && BigInt(insns.imm[at]) !== BigInt.asIntN(64, local.value)) throw bad();
      insns.imm[at] = Number(BigInt.asIntN(32, target.value));
      return true;
    case CLASS_LDX:
    case CLASS_ST:
    case CLASS_STX:
      if (lost) return poison(insns, at);
      if (local.validate && BigInt(insns.off[at]) !== BigInt.asIntN(64, local.value)) throw bad();
      if (target.value > BigInt(OFF_MAX))
        throw new ObjectError(
          `The field that instruction ${at} accesses lies at offset ${target.value} in this kernel, too far for an instruction.`,
        );
      if (!setWidth(insns, at, local, target)) return poison(insns, at);
      insns.off[at] = Number(target.value);
      return true;
    case CLASS_LD: {
      if (
        code !== WIDE_LOAD ||
        insns.src[at] !== 0 ||
        insns.off[at] !== 0 ||
        at + 1 >= insns.length ||
        insns.code[at + 1] !== 0
      )
        throw bad();
      if (lost) return poison(insns, at);
      const held =
        BigInt.asUintN(32, BigInt(insns.imm[at])) | (BigInt.asUintN(32, BigInt(insns.imm[at + 1])) << 32n);
      if (local.validate && held !== BigInt.asUintN(64, local.value)) throw bad();
      insns.imm[at] = Number(BigInt.asIntN(32, target.value));
      insns.imm[at + 1] = Number(BigInt.asIntN(32, target.value >> 32n));
      return true;
    }
    default:
      throw bad();
  }
}

/** Makes a load or store as wide as the kernel's field; false if that would change what it means. */
function setWidth(insns: Insns, at: number, local: CoreValue, target: CoreValue): boolean {
  if (local.access === null || target.access === null || local.access.size === target.access.size)
    return true;
  if (!widthMayChange(local.access.type, target.access.type)) return false;
  const size = SIZES.get(target.access.size);
  if (SIZES.get(local.access.size) !== (insns.code[at] & SIZE_BITS) || size === undefined)
    throw new ObjectError(
      `Instruction ${at} accesses ${local.access.size} bytes, but the field has ${target.access.size} in this kernel.`,
    );
  insns.code[at] = (insns.code[at] & ~SIZE_BITS) | size;
  return true;
}
