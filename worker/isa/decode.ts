import { encode, OP_CALLX, OP_NOSPEC } from './encode.ts';
import type { Insns } from './insns.ts';
import type { AluName, Instruction, JumpName, Source } from './instruction.ts';
import * as op from './opcodes.ts';
import { atomicRow, opRow, type OpRow } from './table.ts';

/**
 * The instruction at slot `i`, or null if it is none that text can express exactly: unknown opcode, fields in
 * use that the form does not have, register numbers above 10 (but 11 as the base of a 64-bit access), a wide load without
 * a proper second slot. Decoding never loses bits: encoding the result gives the same slots.
 */
export function decode(insns: Insns, i: number): Instruction | null {
  const insn = read(insns, i);
  if (insn === null) return null;
  const slots = encode(insn);
  if (i + slots.length > insns.length) return null;
  const same = slots.every((s, k) => {
    const at = i + k;
    return (
      s.code === insns.code[at] &&
      s.dst === insns.dst[at] &&
      s.src === insns.src[at] &&
      s.off === insns.off[at] &&
      s.imm === insns.imm[at]
    );
  });
  return same && registersExist(insn) ? insn : null;
}

function registersExist(insn: Instruction): boolean {
  const ok = (r: number): boolean => r < op.MAX_BPF_REG;
  // The stack-argument area, register number 11, has 64-bit loads and stores only.
  if ('base' in insn && !ok(insn.base)) {
    const wide = insn.kind !== 'atomic' && insn.bits === 64 && !(insn.kind === 'ldx' && insn.signed);
    if (!wide || insn.base !== op.BPF_REG_PARAMS) return false;
  }
  if ('dst' in insn && !ok(insn.dst)) return false;
  if ('reg' in insn && !ok(insn.reg)) return false;
  if (!('src' in insn)) return true;
  return typeof insn.src === 'number' ? ok(insn.src) : !('reg' in insn.src) || ok(insn.src.reg);
}

function read(insns: Insns, i: number): Instruction | null {
  const code = insns.code[i];
  const dst = insns.dst[i];
  const src = insns.src[i];
  const off = insns.off[i];
  const imm = insns.imm[i];
  if (code === OP_CALLX) return { kind: 'callx', dst };
  if (code === OP_NOSPEC) return { kind: 'nospec' };
  const row = opRow(code);
  if (row === null) return null;
  const source: Source = row.x ? { reg: src } : { imm };
  const half = row.bits === 64 ? 64 : 32;
  switch (row.shape) {
    case 'alu':
      return { kind: 'alu', bits: half, op: aluName(row, off), dst, src: source };
    case 'mov':
      return move(row, dst, src, off, imm, source);
    case 'neg':
      return { kind: 'neg', bits: half, dst };
    case 'end':
      return imm === 16 || imm === 32 || imm === 64
        ? { kind: 'end', order: row.name as 'le' | 'be' | 'bswap', width: imm, dst }
        : null;
    case 'ld_imm64':
      return i + 1 < insns.length && src <= op.BPF_PSEUDO_MAP_IDX_VALUE
        ? { kind: 'ldimm64', dst, pseudo: src, low: imm, high: insns.imm[i + 1] }
        : null;
    case 'ld_abs':
      return row.bits === 64 ? null : { kind: 'ldabs', bits: row.bits, imm };
    case 'ld_ind':
      return row.bits === 64 ? null : { kind: 'ldind', bits: row.bits, src, imm };
    case 'ldx':
      return { kind: 'ldx', bits: row.bits, signed: row.signed, dst, base: src, off };
    case 'st':
      return { kind: 'st', bits: row.bits, base: dst, off, imm };
    case 'stx':
      return { kind: 'stx', bits: row.bits, base: dst, off, src };
    case 'atomic': {
      const atomic = atomicRow(imm);
      if (atomic === null || !atomic.sizes.includes(row.bits)) return null;
      const load = atomic.name === 'load_acquire';
      return {
        kind: 'atomic',
        bits: row.bits,
        op: atomic.name,
        base: load ? src : dst,
        off,
        reg: load ? dst : src,
      };
    }
    case 'jump':
      return { kind: 'jump', bits: half, op: row.name as JumpName, dst, src: source, off };
    case 'ja':
      return { kind: 'goto', off };
    case 'gotol':
      return { kind: 'gotol', imm };
    case 'gotox':
      return { kind: 'gotox', dst };
    case 'may_goto':
      return { kind: 'may_goto', off };
    case 'call':
      // Only calls of kfuncs have an offset: the index of a module's BTF.
      if (src > op.BPF_PSEUDO_KFUNC_CALL || (off !== 0 && src !== op.BPF_PSEUDO_KFUNC_CALL)) return null;
      return {
        kind: 'call',
        to: src === 0 ? 'helper' : src === op.BPF_PSEUDO_CALL ? 'subprog' : 'kfunc',
        imm,
        off,
      };
    case 'exit':
      return { kind: 'exit' };
  }
}

function aluName(row: OpRow, off: number): AluName {
  if (off === 1 && row.name === 'div') return 'sdiv';
  if (off === 1 && row.name === 'mod') return 'smod';
  return row.name as AluName;
}

function move(row: OpRow, dst: number, src: number, off: number, imm: number, source: Source): Instruction {
  const bits = row.bits === 64 ? 64 : 32;
  if (row.x && bits === 64 && off === op.BPF_ADDR_SPACE_CAST)
    return { kind: 'cast', dst, src, to: imm >>> 16, from: imm & 0xffff };
  if (row.x && bits === 64 && off === op.BPF_ADDR_PERCPU) return { kind: 'percpu', dst, src };
  if (row.x && (off === 8 || off === 16 || (off === 32 && bits === 64)))
    return { kind: 'movsx', bits, from: off, dst, src };
  return { kind: 'alu', bits, op: 'mov', dst, src: source };
}
