import { EINVAL } from '../failure/errno.ts';
import type { Arg } from '../failure/format.ts';
import { defineRules, type Rule } from '../failure/rule.ts';
import type { Insns } from './insns.ts';
import * as op from './opcodes.ts';
import { atomicRow, opRow, type FieldRuleName } from './table.ts';

/** Reasons to refuse an instruction for its encoding alone. */
export const isaRules = defineRules('isa', {
  register: { text: 'R%d is invalid\n', errno: EINVAL },
  wideLoad: { text: 'invalid bpf_ld_imm64 insn\n', errno: EINVAL },
  wideLoadReserved: { text: 'BPF_LD_IMM64 uses reserved fields\n', errno: EINVAL },
  wideLoadKind: { text: 'unrecognized bpf_ld_imm64 insn\n', errno: EINVAL },
  unknownOpcode: { text: 'unknown opcode %02x\n', errno: EINVAL },
  neg: { text: 'BPF_NEG uses reserved fields\n', errno: EINVAL },
  end: { text: 'BPF_END uses reserved fields\n', errno: EINVAL },
  mov: { text: 'BPF_MOV uses reserved fields\n', errno: EINVAL },
  cast: { text: 'addr_space_cast insn can only convert between address space 1 and 0\n', errno: EINVAL },
  alu: { text: 'BPF_ALU uses reserved fields\n', errno: EINVAL },
  ldx: { text: 'BPF_LDX uses reserved fields\n', errno: EINVAL },
  stx: { text: 'BPF_STX uses reserved fields\n', errno: EINVAL },
  st: { text: 'BPF_ST uses reserved fields\n', errno: EINVAL },
  ldAbsInd: { text: 'BPF_LD_[ABS|IND] uses reserved fields\n', errno: EINVAL },
  call: { text: 'BPF_CALL uses reserved fields\n', errno: EINVAL },
  ja: { text: 'BPF_JA uses reserved fields\n', errno: EINVAL },
  jaX: { text: 'BPF_JA|BPF_X uses reserved fields\n', errno: EINVAL },
  exit: { text: 'BPF_EXIT uses reserved fields\n', errno: EINVAL },
  mayGoto: { text: 'invalid may_goto imm %d\n', errno: EINVAL },
  jump: { text: 'BPF_JMP/JMP32 uses reserved fields\n', errno: EINVAL },
  atomicSize: { text: 'invalid atomic operand size\n', errno: EINVAL },
  atomicOpcode: { text: 'BPF_ATOMIC uses invalid atomic opcode %02x\n', errno: EINVAL },
} satisfies Record<FieldRuleName, unknown> & Record<string, { text: string; errno: number }>);

/** A broken rule with the arguments of its text. */
export interface Illegal {
  readonly rule: Rule;
  readonly args: readonly Arg[];
}

/** A load or store of the stack-argument area: the only place where register number 11 may stand. */
export function isStackArgLoad(insns: Insns, i: number): boolean {
  return (
    insns.code[i] === (op.BPF_LDX | op.BPF_MEM | op.BPF_DW) &&
    insns.src[i] === op.BPF_REG_PARAMS &&
    insns.off[i] > 0 &&
    insns.off[i] % 8 === 0
  );
}
/** See {@link isStackArgLoad}: ST or STX to the arguments of the next call. */
export function isStackArgStore(insns: Insns, i: number): boolean {
  const code = insns.code[i];
  if (code !== (op.BPF_ST | op.BPF_MEM | op.BPF_DW) && code !== (op.BPF_STX | op.BPF_MEM | op.BPF_DW))
    return false;
  return insns.dst[i] === op.BPF_REG_PARAMS && insns.off[i] < 0 && insns.off[i] % 8 === 0;
}

/**
 * The first encoding rule that the instruction at slot `i` breaks, in the order in which the kernel's
 * check_and_resolve_insns applies them; null if it is well-formed. The caller walks the slots, skips the
 * second slot of wide loads, and resolves maps and ksyms itself after each wide load (the kernel does both
 * in the same pass).
 */
export function illegal(insns: Insns, i: number): Illegal | null {
  const code = insns.code[i];
  const dst = insns.dst[i];
  const src = insns.src[i];
  if (dst >= op.MAX_BPF_REG && !isStackArgStore(insns, i)) return broken(isaRules.register, dst);
  if (src >= op.MAX_BPF_REG && !isStackArgLoad(insns, i)) return broken(isaRules.register, src);
  if (code === op.OP_LD_IMM64) return illegalWideLoad(insns, i);
  const row = opRow(code);
  if (row === null) return broken(isaRules.unknownOpcode, code);
  const off = insns.off[i];
  const imm = insns.imm[i];
  for (const group of row.fields) {
    if (group.when?.off !== undefined && group.when.off !== off) continue;
    if (group.when?.src !== undefined && group.when.src !== src) continue;
    const fits =
      allowed(group.dst, dst) &&
      allowed(group.src, src) &&
      allowed(group.off, off) &&
      allowed(group.imm, imm);
    if (fits) return null;
    return group.rule === 'mayGoto' ? broken(isaRules.mayGoto, imm) : broken(isaRules[group.rule]);
  }
  return null;
}

function illegalWideLoad(insns: Insns, i: number): Illegal | null {
  const next = i + 1;
  if (
    next >= insns.length ||
    insns.code[next] !== 0 ||
    insns.dst[next] !== 0 ||
    insns.src[next] !== 0 ||
    insns.off[next] !== 0
  )
    return broken(isaRules.wideLoad);
  if (insns.off[i] !== 0) return broken(isaRules.wideLoadReserved);
  const kind = insns.src[i];
  if (kind > op.BPF_PSEUDO_MAP_IDX_VALUE) return broken(isaRules.wideLoadKind);
  const byMap = kind === op.BPF_PSEUDO_MAP_FD || kind === op.BPF_PSEUDO_MAP_IDX;
  return byMap && insns.imm[next] !== 0 ? broken(isaRules.wideLoadKind) : null;
}

/**
 * The operation of an atomic instruction (`imm`, access size), which the kernel checks when the walk reaches
 * it rather than up front; null if well-formed. The instruction must have shape `atomic`.
 */
export function illegalAtomic(insns: Insns, i: number): Illegal | null {
  const atomic = atomicRow(insns.imm[i]);
  if (atomic === null) return broken(isaRules.atomicOpcode, insns.imm[i]);
  const bits = op.bytesOfSize(insns.code[i]) * 8;
  return (atomic.sizes as readonly number[]).includes(bits) ? null : broken(isaRules.atomicSize);
}

const allowed = (values: readonly number[] | undefined, value: number): boolean =>
  values === undefined || values.includes(value);
const broken = (rule: Rule, ...args: Arg[]): Illegal => ({ rule, args });
