import { Insns } from './insns.ts';
import type { AluName, Instruction, JumpName, Slot, Source } from './instruction.ts';
import * as op from './opcodes.ts';
import { ATOMICS, OPCODES } from './table.ts';

/** Opcode of an indirect call as LLVM writes it; of the kernel's speculation barrier. Neither is legal. */
export const OP_CALLX = 0x8d;
export const OP_NOSPEC = 0xc2;

const ALU_NIBBLE = new Map(
  OPCODES.filter((r) => r.shape === 'alu' || r.shape === 'mov').map((r) => [r.name, op.opOf(r.code)]),
);
const JUMP_NIBBLE = new Map(OPCODES.filter((r) => r.shape === 'jump').map((r) => [r.name, op.opOf(r.code)]));
const ATOMIC_IMM = new Map(ATOMICS.map((a) => [a.name, a.imm]));

/** Operation nibble of an ALU name (`sdiv` and `smod` share theirs with `div` and `mod`). */
export const aluNibble = (name: AluName): number =>
  ALU_NIBBLE.get(name === 'sdiv' ? 'div' : name === 'smod' ? 'mod' : name)!;
/** Operation nibble of a jump name. */
export const jumpNibble = (name: JumpName): number => JUMP_NIBBLE.get(name)!;

const slot = (code: number, dst = 0, src = 0, off = 0, imm = 0): Slot => ({ code, dst, src, off, imm });
const size = (bits: number): number => op.sizeField((bits / 8) as 1 | 2 | 4 | 8);
const aluClass = (bits: number): number => (bits === 64 ? op.BPF_ALU64 : op.BPF_ALU);

function withSource(code: number, dst: number, src: Source, off: number): Slot {
  return 'reg' in src
    ? slot(code | op.BPF_X, dst, src.reg, off)
    : slot(code | op.BPF_K, dst, 0, off, src.imm);
}

/** The slots of an instruction: two for the wide load, else one. Values must be in range; nothing is checked. */
export function encode(insn: Instruction): readonly Slot[] {
  if (insn.kind === 'ldimm64')
    return [slot(op.OP_LD_IMM64, insn.dst, insn.pseudo, 0, insn.low), slot(0, 0, 0, 0, insn.high)];
  return [encodeOne(insn)];
}

function encodeOne(insn: Exclude<Instruction, { kind: 'ldimm64' }>): Slot {
  switch (insn.kind) {
    case 'alu':
      return withSource(
        aluClass(insn.bits) | aluNibble(insn.op),
        insn.dst,
        insn.src,
        insn.op === 'sdiv' || insn.op === 'smod' ? 1 : 0,
      );
    case 'movsx':
      return slot(aluClass(insn.bits) | op.BPF_MOV | op.BPF_X, insn.dst, insn.src, insn.from);
    case 'cast':
      return slot(op.OP_MOV64_X, insn.dst, insn.src, op.BPF_ADDR_SPACE_CAST, (insn.to << 16) | insn.from | 0);
    case 'percpu':
      return slot(op.OP_MOV64_X, insn.dst, insn.src, op.BPF_ADDR_PERCPU);
    case 'neg':
      return slot(aluClass(insn.bits) | op.BPF_NEG, insn.dst);
    case 'end': {
      const code =
        insn.order === 'bswap'
          ? op.BPF_ALU64 | op.BPF_END
          : op.BPF_ALU | op.BPF_END | (insn.order === 'be' ? op.BPF_TO_BE : op.BPF_TO_LE);
      return slot(code, insn.dst, 0, 0, insn.width);
    }
    case 'ldabs':
      return slot(op.BPF_LD | op.BPF_ABS | size(insn.bits), 0, 0, 0, insn.imm);
    case 'ldind':
      return slot(op.BPF_LD | op.BPF_IND | size(insn.bits), 0, insn.src, 0, insn.imm);
    case 'ldx':
      return slot(
        op.BPF_LDX | (insn.signed ? op.BPF_MEMSX : op.BPF_MEM) | size(insn.bits),
        insn.dst,
        insn.base,
        insn.off,
      );
    case 'st':
      return slot(op.BPF_ST | op.BPF_MEM | size(insn.bits), insn.base, 0, insn.off, insn.imm);
    case 'stx':
      return slot(op.BPF_STX | op.BPF_MEM | size(insn.bits), insn.base, insn.src, insn.off);
    case 'atomic': {
      const code = op.BPF_STX | op.BPF_ATOMIC | size(insn.bits);
      const imm = ATOMIC_IMM.get(insn.op)!;
      return insn.op === 'load_acquire'
        ? slot(code, insn.reg, insn.base, insn.off, imm)
        : slot(code, insn.base, insn.reg, insn.off, imm);
    }
    case 'jump':
      return withSource(
        (insn.bits === 64 ? op.BPF_JMP : op.BPF_JMP32) | jumpNibble(insn.op),
        insn.dst,
        insn.src,
        insn.off,
      );
    case 'goto':
      return slot(op.OP_JA, 0, 0, insn.off);
    case 'gotol':
      return slot(op.OP_GOTOL, 0, 0, 0, insn.imm);
    case 'may_goto':
      return slot(op.OP_MAY_GOTO, 0, op.BPF_MAY_GOTO, insn.off);
    case 'gotox':
      return slot(op.OP_GOTOX, insn.dst);
    case 'call':
      return slot(
        op.OP_CALL,
        0,
        insn.to === 'helper' ? 0 : insn.to === 'subprog' ? op.BPF_PSEUDO_CALL : op.BPF_PSEUDO_KFUNC_CALL,
        insn.off,
        insn.imm,
      );
    case 'callx':
      return slot(OP_CALLX, insn.dst);
    case 'nospec':
      return slot(OP_NOSPEC);
    case 'exit':
      return slot(op.OP_EXIT);
  }
}

/** Puts slots into an instruction array. */
export function toInsns(slots: readonly Slot[]): Insns {
  const insns = new Insns(slots.length);
  slots.forEach((s, i) => insns.set(i, s.code, s.dst, s.src, s.off, s.imm));
  return insns;
}
