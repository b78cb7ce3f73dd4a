import { isHelperCall, isKfuncCall } from '../../isa/flow.ts';
import { reject } from '../context.ts';
import { AUX_SEEN } from '../facts.ts';
import type { Prepared } from '../prepare.ts';
import { afterRules } from '../rules.ts';
import { FUNC_TAIL_CALL } from '../subprogs.ts';
import { dropFastcallStack } from './fastcall-stack.ts';
import { checkRewriting } from './rewriting.ts';
import { checkStackDepth, type StackUse } from './stack-depth.ts';

/** Arguments that travel in registers; the others are on the stack. */
const REG_ARGS = 5;

/**
 * What can still go wrong once the walk has accepted the program: the stack, and instructions that cannot be rewritten
 * to what they stand for (kernel: bpf_check after do_check_subprogs). Needs the walk's findings in `facts`: stack
 * depths, callbacks, instructions seen, maps of tail calls.
 */
export function finish({ context: ctx, attach }: Prepared): StackUse {
  const { facts, insns } = ctx;
  dropFastcallStack(facts);
  const use = checkStackDepth(ctx, attach.privateStack);
  checkRewriting(ctx);
  for (let i = 0; i < insns.length; i++) {
    if ((facts.flags[i] & AUX_SEEN) === 0) continue;
    ctx.at = i;
    if (isKfuncCall(insns, i) && insns.imm[i] === 0) reject(ctx, afterRules.kfuncNotResolved);
    if (isHelperCall(insns, i) && insns.imm[i] === FUNC_TAIL_CALL && facts.tailCallMaps.get(i) === null && !ctx.caps.bpfCapable)
      reject(ctx, afterRules.tailCallMapUnknown);
  }
  ctx.at = null;
  for (const sub of facts.subprogs) {
    const outgoing = sub.stackArgCnt - Math.max(sub.argCnt - REG_ARGS, 0);
    if (sub.maxOutStackArgCnt > outgoing) reject(ctx, afterRules.stackArgsUnused, [sub.index, sub.maxOutStackArgCnt, outgoing]);
  }
  return use;
}
