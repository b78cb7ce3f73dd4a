import * as op from '../isa/opcodes.ts';
import { rejectStructure, type Context } from './context.ts';
import { cfgRules } from './rules.ts';
import { findSubprog, referredFunction, subprogName } from './subprogs.ts';

/**
 * Orders the functions so that callees come before their callers, into `facts.topoOrder`, and refuses recursion
 * (kernel: sort_subprogs_topo). Only reachable calls count; a callback may be passed around in circles.
 */
export function sortSubprogs(ctx: Context): void {
  const { facts } = ctx;
  const onStack = new Set<number>();
  const done = new Set<number>();
  facts.topoOrder = [];
  for (const root of facts.subprogs) {
    if (done.has(root.index)) continue;
    const stack = [root.index];
    onStack.add(root.index);
    while (stack.length > 0) {
      const current = stack[stack.length - 1];
      const next = nextCallee(ctx, current, onStack, done);
      if (next !== null) {
        onStack.add(next);
        stack.push(next);
        continue;
      }
      stack.pop();
      onStack.delete(current);
      done.add(current);
      facts.topoOrder.push(current);
    }
  }
  if (ctx.messages.level !== 2) return;
  for (const [i, number] of facts.topoOrder.entries()) ctx.messages.text(`topo_order[${i}] = ${subprogName(ctx, number)}\n`);
}

/** A function that `current` calls and that is not finished yet, null if there is none. */
function nextCallee(ctx: Context, current: number, onStack: ReadonlySet<number>, done: ReadonlySet<number>): number | null {
  const { facts } = ctx;
  const { postorderStart, postorderEnd } = facts.subprogs[current];
  for (let p = postorderStart; p < postorderEnd; p++) {
    const i = facts.postorder[p];
    const target = referredFunction(facts, i);
    if (target === null) continue;
    const callee = findSubprog(facts, target);
    if (done.has(callee)) continue;
    if (!onStack.has(callee)) return callee;
    if (ctx.insns.code[i] === op.OP_CALL) rejectRecursion(ctx, i, current, callee);
  }
  return null;
}

function rejectRecursion(ctx: Context, insn: number, caller: number, callee: number): never {
  return rejectStructure(
    ctx,
    cfgRules.recursion,
    [subprogName(ctx, caller), subprogName(ctx, callee)],
    insn,
    'recursive subprogram call',
    'Rewrite the recursion as an explicit bounded loop, or split the logic so subprogram calls do not form a cycle.',
    'This bpf2bpf call would make the subprogram call graph recursive. ' +
      'The verifier requires a finite, acyclic call graph so it can bound stack depth and analysis.',
  );
}
