import { view } from '../../domain/scalar.ts';
import { OPPOSITES } from '../../isa/comparisons.ts';
import { isConditionalJump } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import { opRow } from '../../isa/table.ts';
import { NOT_INIT } from '../../kernel/types.ts';
import type { Reg } from '../../state/reg.ts';
import { sameRegs } from '../../trace/same.ts';
import type { Cause } from './why.ts';

/** What an operation does to a range, S standing for the other operand. */
const EFFECTS: ReadonlyMap<number, string> = new Map([
  [op.BPF_ADD, 'Adding S moves both ends up'],
  [op.BPF_SUB, 'Subtracting S moves both ends down'],
  [op.BPF_MUL, 'Multiplying by S stretches the range'],
  [op.BPF_DIV, 'Dividing by S makes the value smaller'],
  [op.BPF_MOD, 'A remainder of S is smaller than S'],
  [op.BPF_AND, 'Only bits that are set in S stay: the others are known to be zero'],
  [op.BPF_OR, 'Bits that are set in S are known to be one'],
  [op.BPF_XOR, 'Bits that are set in S are turned over'],
  [op.BPF_LSH, 'Shifting left by S: the low bits are known to be zero'],
  [op.BPF_RSH, 'Shifting right by S: the high bits are known to be zero'],
  [op.BPF_ARSH, 'Shifting right by S: the high bits repeat the sign'],
  [op.BPF_NEG, 'The range is mirrored at zero'],
  [op.BPF_END, 'The bytes are put in another order'],
]);

function operand(cause: Cause, bits: number): string {
  const { insns, insn } = cause;
  return op.sourceOf(insns.code[insn]) === op.BPF_X
    ? `${bits === 32 ? 'w' : 'r'}${insns.src[insn]}`
    : String(insns.imm[insn]);
}

function byBranch(cause: Cause, regno: number): string {
  const { insns, insn, taken } = cause;
  const row = opRow(insns.code[insn])!;
  const x = op.sourceOf(insns.code[insn]) === op.BPF_X;
  const named = `${row.bits === 32 ? 'w' : 'r'}${insns.dst[insn]}`;
  const other = operand(cause, row.bits);
  const symbol = row.symbol;
  const fact =
    symbol === '&'
      ? `${taken ? 'some bit' : 'no bit'} of ${other} is set in ${named}`
      : `${named} ${taken ? symbol : OPPOSITES[symbol]} ${other}`;
  const way = `The branch was ${taken ? 'taken' : 'not taken'}, so ${fact}`;
  const half = row.bits === 32 ? '; that says something of the lower half' : '';
  const own = regno === insns.dst[insn] || (x && regno === insns.src[insn]);
  return own ? `${way}${half}.` : `${way}${half}, and this value is linked to it.`;
}

function byLoad(cause: Cause, after: Reg): string {
  const { insns, insn } = cause;
  const row = opRow(insns.code[insn])!;
  const { umin, umax } = view(after.scalar);
  const whole = umin === 0n && umax === (1n << BigInt(row.bits)) - 1n;
  if (row.signed) return `Loaded from memory: ${row.bits} bits with a sign.`;
  if (!whole) return 'Read back with what is known of it.';
  return row.bits === 64
    ? 'Loaded from memory: nothing is known of 64 bits.'
    : `Loaded from memory: ${row.bits} bits without a sign, so it is at most ${umax}.`;
}

/**
 * Why the range of a register moved in the step before, as a sentence; null where there is nothing to say beyond why it
 * changed at all. `regno` is -1 for stack slots.
 */
export function whyMoved(cause: Cause, regno: number, before: Reg, after: Reg): string | null {
  const { insns, insn } = cause;
  if (insn < 0 || after.type === NOT_INIT || sameRegs(before, after)) return null;
  const code = insns.code[insn];
  const row = opRow(code);
  if (row === null) return null;
  if (isConditionalJump(code)) return byBranch(cause, regno);
  if (insns.dst[insn] !== regno) return null;
  switch (row.shape) {
    case 'ldx':
      return byLoad(cause, after);
    case 'mov':
      if (op.sourceOf(code) !== op.BPF_X) return `Set to ${insns.imm[insn]}.`;
      if (insns.off[insn] !== 0)
        return `Copied from r${insns.src[insn]}, the lower ${insns.off[insn]} bits with their sign.`;
      return row.bits === 32
        ? `Copied from w${insns.src[insn]}: the upper half is zero.`
        : `Copied from r${insns.src[insn]}.`;
    case 'ld_imm64':
      return 'Set to a constant.';
    case 'alu':
    case 'neg':
    case 'end': {
      const effect = EFFECTS.get(op.opOf(code));
      if (effect === undefined) return null;
      const half = row.bits === 32 && row.shape === 'alu' ? '; the upper half becomes zero' : '';
      return `${effect.replaceAll(/\bS\b/g, operand(cause, row.bits))}${half}.`;
    }
    default:
      return null;
  }
}
