import { isConditionalJump, jumpTarget } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import type { Context } from '../context.ts';
import { AUX_SEEN } from '../facts.ts';

/**
 * Which instructions of a privileged program are left once those that no path got to and those that do nothing are removed (kernel:
 * bpf_opt_hard_wire_dead_code_branches, bpf_opt_remove_dead_code, bpf_opt_remove_nops): 1 or 0 for each.
 */
export function keptInsns(ctx: Context): Uint8Array {
  const { insns, facts } = ctx;
  const n = insns.length;
  const seen = (i: number): boolean => (facts.flags[i] & AUX_SEEN) !== 0;
  const kept = Uint8Array.from({ length: n }, (_, i) => (seen(i) ? 1 : 0));
  const idle = fastcallSlots(ctx);
  const next = (i: number): number => {
    do i++;
    while (i < n && kept[i] === 0);
    return i;
  };
  const previous = (i: number): number => {
    do i--;
    while (i >= 0 && kept[i] === 0);
    return i;
  };
  /** Where a jump leads that is taken always, or could be left out where it leads to the next instruction; null for others. */
  const leadsTo = (i: number): number | null => {
    const code = insns.code[i];
    if (idle.has(i)) return i + 1;
    if (code === op.OP_JA || code === op.OP_MAY_GOTO) return jumpTarget(insns, i);
    if (!isConditionalJump(code)) return null;
    if (!seen(i + 1)) return jumpTarget(insns, i);
    return seen(jumpTarget(insns, i)!) ? null : i + 1;
  };
  for (let i = next(-1); i < n;) {
    const target = leadsTo(i);
    if (target === null || target <= i || next(target - 1) !== next(i)) {
      i = next(i);
      continue;
    }
    kept[i] = 0;
    const before = previous(i);
    // what jumped over a may_goto may do nothing now
    i = insns.code[i] === op.OP_MAY_GOTO && before >= 0 ? before : next(i);
  }
  return kept;
}

/** Spills and fills around calls that keep the registers themselves (kernel: bpf_remove_fastcall_spills_fills). */
function fastcallSlots({ facts }: Context): ReadonlySet<number> {
  const slots = new Set<number>();
  for (const sub of facts.subprogs) {
    if (sub.keepFastcallStack) continue;
    for (let i = sub.start; i < sub.end; i++) {
      for (let k = 1; k <= facts.fastcallSpills[i]; k++) slots.add(i - k).add(i + k);
    }
  }
  return slots;
}
