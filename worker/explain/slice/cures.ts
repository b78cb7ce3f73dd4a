import { readsWrites, starts } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import { callee, type WalkedCase } from '../context.ts';
import type { Place } from './place.ts';

/** Names of functions that end what a rule says is still there. */
const ENDS =
  /_(release|put|drop|submit|discard|destroy|unlock|unlock_irqrestore|enable|restore|key_put)(_impl|_dynptr)?$|^bpf_(kptr_xchg|put_file|sk_release|rbtree_add|list_push_(front|back))/;
/** Functions that begin what a rule says is missing. */
const BEGINS = /_(lock|lock_irqsave|disable|save|acquire|reserve|lookup|new)(_impl)?$/;

/**
 * Instructions that would have mended it, had the way led over them: the release of what is held, the write of what is read. A branch
 * that decided against them is part of the reason.
 */
export function curesOf(c: WalkedCase, places: readonly Place[]): number[] {
  const { insns } = c.program;
  const rule = c.result.rule ?? '';
  const all = [...starts(insns)];
  if (/^context\.(inside|referenceLeak)|^reference\./.test(rule))
    return all.filter((i) => ENDS.test(callee(c, i)));
  if (/lockNotHeld|unlockWithoutLock|requiresRcu|notRcu|iterRcu|unmatched/.test(rule))
    return all.filter((i) => BEGINS.test(callee(c, i)));
  const subject = places.at(0);
  if (subject === undefined) return [];
  const start = c.env.facts.subprogs[c.env.facts.subprogOf[c.insn]];
  const own = all.filter((i) => i >= start.start && i < start.end && i !== c.insn);
  if (rule === 'reg.notReadable' && subject.kind === 'reg') {
    return own.filter(
      (i) => (insns.code[i] & 0xf7) !== op.OP_CALL && ((readsWrites(insns, i).def >> subject.no) & 1) !== 0,
    );
  }
  if (/^stack\.(read-uninit|range-uninit|out-of-bounds)/.test(rule) && subject.kind === 'slot') {
    const low = -(subject.no + 1) * 8;
    return own.filter((i) => {
      const cls = insns.code[i] & 7;
      return (
        (cls === op.BPF_STX || cls === op.BPF_ST) &&
        insns.dst[i] === 10 &&
        insns.off[i] >= low &&
        insns.off[i] < low + 8
      );
    });
  }
  return [];
}
