import { slotsOf } from '../isa/flow.ts';
import * as op from '../isa/opcodes.ts';
import type { Facts } from './facts.ts';

/**
 * Where control may go after instruction `i`: a jump table if it has one (`gotox`; tail calls and packet loads,
 * which may leave their function), else the fall-through and then the jump (kernel: bpf_insn_successors).
 */
export function successors(facts: Facts, i: number): readonly number[] {
  return (facts.successors[i] ??= find(facts, i));
}

/** Forgets what {@link successors} found: instructions or jump tables have changed. */
export function forgetSuccessors(facts: Facts): void {
  facts.successors.fill(undefined);
}

function find(facts: Facts, i: number): readonly number[] {
  const table = facts.jumpTables.get(i);
  if (table !== undefined) return table;
  const { insns } = facts;
  const code = insns.code[i];
  const cls = op.classOf(code);
  if (cls !== op.BPF_JMP && cls !== op.BPF_JMP32) return [i + slotsOf(insns, i)];
  switch (op.opOf(code)) {
    case op.BPF_CALL:
      return [i + 1];
    case op.BPF_EXIT:
      return [];
    case op.BPF_JA:
      return [i + jumpOffset(facts, i) + 1];
    default:
      return [i + 1, i + insns.off[i] + 1];
  }
}

/** Distance that a jump names, in `imm` for `gotol` and in `off` for all others. */
export function jumpOffset(facts: Facts, i: number): number {
  const { insns } = facts;
  return insns.code[i] === op.OP_GOTOL ? insns.imm[i] : insns.off[i];
}
