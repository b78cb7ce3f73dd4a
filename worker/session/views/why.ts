import type { Slot } from '../../state/slot.ts';
import * as op from '../../isa/opcodes.ts';
import { isConditionalJump } from '../../isa/flow.ts';
import { NOT_INIT, PTR_MAYBE_NULL, SCALAR_VALUE } from '../../kernel/types.ts';
import type { Insns } from '../../isa/insns.ts';
import { IterExt, type Reg } from '../../state/reg.ts';
import { isBlank } from './values.ts';
import { LOSS_REASONS } from '../../trace/trace.ts';

/** The step that changed something: its instruction, and which way it was left. */
export interface Cause {
  readonly insns: Insns;
  /** -1: nothing came before. */
  readonly insn: number;
  /** Instruction as one would write it. */
  readonly text: string;
  /** Name of what it calls, empty if it calls nothing. */
  readonly callee: string;
  /** A conditional jump was taken; null if it is none. */
  readonly taken: boolean | null;
}

const LOST: readonly string[] = [
  'lost: a call may overwrite it',
  'lost: what it refers to was released',
  'lost: the packet may have moved',
  'lost: it was valid only while the lock was held',
];

/** Why an event says that a value was lost, in words. */
export function lossText(reason: number): string {
  return LOST[reason] ?? `lost: ${LOSS_REASONS[reason]}`;
}

/** Why a register changed, in a few words. `loss`: index of the recorded reason, -1 if none. */
export function whyReg(cause: Cause, regno: number, before: Reg, after: Reg, loss: number): string {
  const { insns, insn } = cause;
  if (insn < 0) return 'given at entry';
  const code = insns.code[insn];
  const cls = code & 7;
  const isCall = (cls === op.BPF_JMP || cls === op.BPF_JMP32) && (code & 0xf0) === op.BPF_CALL;
  if (isCall && regno === 0) return `result of ${cause.callee === '' ? 'the call' : cause.callee}`;
  if (after.type === NOT_INIT) return loss >= 0 ? lossText(loss) : isCall && regno <= 5 ? LOST[0] : 'not read from here on';
  if (loss > 0) return lossText(loss);
  if (isConditionalJump(code)) return branchWhy(cause, before, after);
  const writes = (cls === op.BPF_ALU || cls === op.BPF_ALU64 || cls === op.BPF_LDX || cls === op.BPF_LD) && insns.dst[insn] === regno;
  if (writes) return 'written';
  if (isCall) return 'passed as an argument';
  return identityWhy(before, after) ?? 'follows from the step';
}

function branchWhy(cause: Cause, before: Reg, after: Reg): string {
  const way = cause.taken ? 'taken' : 'not taken';
  if ((before.type & PTR_MAYBE_NULL) !== 0 && (after.type & PTR_MAYBE_NULL) === 0) {
    return after.type === SCALAR_VALUE ? `known to be NULL: the branch was ${way}` : `NULL is ruled out: the branch was ${way}`;
  }
  if (before.scalar !== after.scalar || before.num !== after.num) return `refined: the branch was ${way}`;
  return identityWhy(before, after) ?? `the branch was ${way}`;
}

function identityWhy(before: Reg, after: Reg): string | null {
  if (before.type !== after.type || before.scalar !== after.scalar) return null;
  if (before.precise !== after.precise) return after.precise ? 'its exact value matters' : 'its exact value may not matter from here on';
  if (before.id !== after.id) return after.id === 0 ? 'no longer linked to another register' : 'linked to a register of the same value';
  return null;
}

/** Why a stack slot changed. */
export function whySlot(cause: Cause, before: Slot, after: Slot, loss: number): string {
  if (loss >= 0) return lossText(loss);
  if (cause.insn < 0) return 'given at entry';
  const cls = cause.insns.code[cause.insn] & 7;
  if (before.reg.ext instanceof IterExt && after.reg.ext instanceof IterExt) return `moved on by ${cause.callee}`;
  if (isBlank(after)) return cls === op.BPF_STX || cls === op.BPF_ST ? 'overwritten' : cause.callee !== '' ? `ended by ${cause.callee}` : 'not read from here on';
  if (cls === op.BPF_STX || cls === op.BPF_ST) return 'stored';
  if (cause.callee !== '') return `written by ${cause.callee}`;
  if (before.types === after.types && isConditionalJump(cause.insns.code[cause.insn])) return branchWhy(cause, before.reg, after.reg);
  return identityWhy(before.reg, after.reg) ?? 'follows from the step';
}
