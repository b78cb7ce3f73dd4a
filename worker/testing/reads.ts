import type { Insns } from '../isa/insns.ts';
import * as op from '../isa/opcodes.ts';
import { atomicRow, opRow } from '../isa/table.ts';

/** Registers that an instruction reads; calls count as reading nothing here. */
export function readsOf(insns: Insns, pc: number): number[] {
  const code = insns.code[pc];
  if (code === op.OP_CALL) return [];
  if (code === op.OP_EXIT) return [0];
  const row = opRow(code);
  if (row === null) return [];
  const atomic =
    op.classOf(code) === op.BPF_STX && op.modeOf(code) === op.BPF_ATOMIC ? atomicRow(insns.imm[pc]) : null;
  const uses = new Set<number>();
  if (atomic !== null) {
    if (insns.imm[pc] !== op.BPF_LOAD_ACQ) uses.add(insns.dst[pc]);
    uses.add(insns.src[pc]);
    if (insns.imm[pc] === op.BPF_CMPXCHG) uses.add(0);
    return [...uses];
  }
  for (const use of row.reads) {
    if (use.field === 'dst') uses.add(insns.dst[pc]);
    else if (use.field === 'src') uses.add(insns.src[pc]);
  }
  return [...uses];
}

/** Is it the second half of a wide load? */
export function isWideSecond(insns: Insns, pc: number): boolean {
  return pc > 0 && insns.code[pc] === 0 && insns.code[pc - 1] === op.OP_LD_IMM64;
}
