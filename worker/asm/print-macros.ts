import { decode } from '../isa/decode.ts';
import { aluNibble } from '../isa/encode.ts';
import { wideImmediate } from '../isa/kernel-print.ts';
import type { Insns } from '../isa/insns.ts';
import type { Instruction } from '../isa/instruction.ts';
import * as op from '../isa/opcodes.ts';
import { opRow } from '../isa/table.ts';

/** Helper names (`bpf_map_lookup_elem`) for BPF_EMIT_CALL. */
export interface MacroNames {
  helper?(id: number): string | null;
}

const SIZE_NAMES: Record<number, string> = { 8: 'BPF_B', 16: 'BPF_H', 32: 'BPF_W', 64: 'BPF_DW' };
const ATOMIC_OPS: Record<string, string> = {
  add: 'BPF_ADD',
  or: 'BPF_OR',
  and: 'BPF_AND',
  xor: 'BPF_XOR',
  fetch_add: 'BPF_ADD | BPF_FETCH',
  fetch_or: 'BPF_OR | BPF_FETCH',
  fetch_and: 'BPF_AND | BPF_FETCH',
  fetch_xor: 'BPF_XOR | BPF_FETCH',
  xchg: 'BPF_XCHG',
  cmpxchg: 'BPF_CMPXCHG',
  load_acquire: 'BPF_LOAD_ACQ',
  store_release: 'BPF_STORE_REL',
};

const r = (n: number): string => `BPF_REG_${n}`;

/** The program as the instruction macros of the kernel's `linux/filter.h`, one per line with a comma; ends with a newline. */
export function printMacros(insns: Insns, names: MacroNames = {}): string {
  const lines: string[] = [];
  for (let i = 0; i < insns.length;) {
    const insn = decode(insns, i);
    lines.push(`\t${insn === null ? raw(insns, i) : macro(insn, insns, i, names)},`);
    i += insn?.kind === 'ldimm64' ? 2 : 1;
  }
  return lines.join('\n') + '\n';
}

function raw(insns: Insns, i: number): string {
  return `BPF_RAW_INSN(0x${insns.code[i].toString(16).padStart(2, '0')}, ${insns.dst[i]}, ${insns.src[i]}, ${insns.off[i]}, ${insns.imm[i]})`;
}

/** `BPF_ADD` for `add`: the operation's constant. */
const opName = (name: string): string => `BPF_${name.toUpperCase()}`;

function macro(insn: Instruction, insns: Insns, i: number, names: MacroNames): string {
  switch (insn.kind) {
    case 'alu':
      return alu(insn);
    case 'movsx':
      return `BPF_MOVSX${insn.bits}_REG(${r(insn.dst)}, ${r(insn.src)}, ${insn.from})`;
    case 'end':
      if (insn.order === 'bswap') return `BPF_BSWAP(${r(insn.dst)}, ${insn.width})`;
      return `BPF_ENDIAN(BPF_TO_${insn.order.toUpperCase()}, ${r(insn.dst)}, ${insn.width})`;
    case 'neg':
      return `BPF_ALU${insn.bits}_IMM(BPF_NEG, ${r(insn.dst)}, 0)`;
    case 'ldimm64':
      return wideLoad(insn, wideImmediate(insns, i));
    case 'ldabs':
      return `BPF_LD_ABS(${SIZE_NAMES[insn.bits]}, ${insn.imm})`;
    case 'ldind':
      return `BPF_LD_IND(${SIZE_NAMES[insn.bits]}, ${r(insn.src)}, ${insn.imm})`;
    case 'ldx':
      if (insn.base > op.BPF_REG_FP) return raw(insns, i);
      return `BPF_LDX_MEM${insn.signed ? 'SX' : ''}(${SIZE_NAMES[insn.bits]}, ${r(insn.dst)}, ${r(insn.base)}, ${insn.off})`;
    case 'st':
      return insn.base > op.BPF_REG_FP
        ? raw(insns, i)
        : `BPF_ST_MEM(${SIZE_NAMES[insn.bits]}, ${r(insn.base)}, ${insn.off}, ${insn.imm})`;
    case 'stx':
      return insn.base > op.BPF_REG_FP
        ? raw(insns, i)
        : `BPF_STX_MEM(${SIZE_NAMES[insn.bits]}, ${r(insn.base)}, ${r(insn.src)}, ${insn.off})`;
    case 'atomic': {
      const [dst, src] = insn.op === 'load_acquire' ? [insn.reg, insn.base] : [insn.base, insn.reg];
      return `BPF_ATOMIC_OP(${SIZE_NAMES[insn.bits]}, ${ATOMIC_OPS[insn.op]}, ${r(dst)}, ${r(src)}, ${insn.off})`;
    }
    case 'jump': {
      const kind = insn.bits === 64 ? 'JMP' : 'JMP32';
      const [suffix, source] = 'reg' in insn.src ? ['REG', r(insn.src.reg)] : ['IMM', `${insn.src.imm}`];
      return `BPF_${kind}_${suffix}(${opName(insn.op)}, ${r(insn.dst)}, ${source}, ${insn.off})`;
    }
    case 'goto':
      return `BPF_JMP_A(${insn.off})`;
    case 'gotol':
      return `BPF_JMP32_A(${insn.imm})`;
    case 'may_goto':
      return `BPF_RAW_INSN(BPF_JMP | BPF_JCOND, 0, 0, ${insn.off}, 0)`;
    case 'call': {
      if (insn.to === 'kfunc') return `BPF_CALL_KFUNC(${insn.off}, ${insn.imm})`;
      if (insn.off !== 0) return raw(insns, i);
      if (insn.to === 'subprog') return `BPF_CALL_REL(${insn.imm})`;
      const name = names.helper?.(insn.imm) ?? null;
      return name === null
        ? `BPF_RAW_INSN(BPF_JMP | BPF_CALL, 0, 0, 0, ${insn.imm})`
        : `BPF_EMIT_CALL(${name.replace(/^bpf_/, 'BPF_FUNC_')})`;
    }
    case 'exit':
      return 'BPF_EXIT_INSN()';
    default:
      return raw(insns, i);
  }
}

function alu(insn: Extract<Instruction, { kind: 'alu' }>): string {
  const signed = insn.op === 'sdiv' || insn.op === 'smod';
  const [suffix, source] = 'reg' in insn.src ? ['REG', r(insn.src.reg)] : ['IMM', `${insn.src.imm}`];
  if (insn.op === 'mov') return `BPF_MOV${insn.bits}_${suffix}(${r(insn.dst)}, ${source})`;
  const name = opRow(op.BPF_ALU64 | aluNibble(insn.op))!.name;
  return `BPF_ALU${insn.bits}_${suffix}${signed ? '_OFF' : ''}(${opName(name)}, ${r(insn.dst)}, ${source}${signed ? ', 1' : ''})`;
}

function wideLoad(insn: Extract<Instruction, { kind: 'ldimm64' }>, value: bigint): string {
  if (insn.pseudo === 0) return `BPF_LD_IMM64(${r(insn.dst)}, 0x${value.toString(16)})`;
  if (insn.pseudo === op.BPF_PSEUDO_MAP_FD && insn.high === 0)
    return `BPF_LD_MAP_FD(${r(insn.dst)}, ${insn.low})`;
  return `BPF_LD_IMM64_RAW(${r(insn.dst)}, ${insn.pseudo}, 0x${value.toString(16)})`;
}
