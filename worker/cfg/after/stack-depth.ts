import type { Arg } from '../../failure/format.ts';
import type { Rule } from '../../failure/rule.ts';
import { isKfuncCall, isSubprogCall } from '../../isa/flow.ts';
import * as u from '../../kernel/uapi.ts';
import { isThrow } from '../call-kinds.ts';
import { reject, type Context } from '../context.ts';
import type { Subprog } from '../facts.ts';
import { afterRules } from '../rules.ts';
import { MAX_CALL_FRAMES } from '../stack-liveness.ts';
import { findSubprog, referredFunction } from '../subprogs.ts';

const MAX_BPF_STACK = 512;
/** What callers of a function that tail calls may have on the stack. */
const TAIL_CALL_STACK = 256;
/** Frames below that size stay on the kernel's stack even where a private one is possible. */
const PRIVATE_STACK_MIN = 64;

/** Where a function's frame lies: not decided yet, on the kernel's stack, or on a stack of its own. */
type Placement = 'undecided' | 'shared' | 'private';

/** What the depth check leaves behind. */
export interface StackUse {
  /** Deepest stack that was found, bytes. */
  readonly maxDepth: number;
  /** By function: has it a stack of its own? */
  readonly privateStack: readonly boolean[];
}

/** Types whose programs the kernel may interrupt by themselves, so that a stack of their own pays off. */
const PRIVATE_STACK_TYPES: ReadonlySet<number> = new Set([
  u.BPF_PROG_TYPE_KPROBE,
  u.BPF_PROG_TYPE_TRACEPOINT,
  u.BPF_PROG_TYPE_PERF_EVENT,
  u.BPF_PROG_TYPE_RAW_TRACEPOINT,
]);

/** kernel: bpf_enable_priv_stack, on x86-64 with its JIT compiler */
function wantsPrivateStack(ctx: Context, requested: boolean): boolean {
  const { progType, attachType } = ctx.traits;
  if (PRIVATE_STACK_TYPES.has(progType)) return true;
  if (progType === u.BPF_PROG_TYPE_TRACING) return requested || attachType !== u.BPF_TRACE_ITER;
  return progType === u.BPF_PROG_TYPE_STRUCT_OPS && requested;
}

/** Frames are rounded up to what the JIT compiler aligns them to. */
const rounded = (depth: number): number => Math.ceil(depth / 16) * 16;

/**
 * Walks the call graph and refuses programs whose frames on any chain of calls exceed the stack, and combinations of
 * tail calls, callbacks and exceptions that cannot be unwound (kernel: check_max_stack_depth). Runs after the walk,
 * which found out how deep each function's stack is. `privateStackRequested`: the attach target asks for one.
 */
export function checkStackDepth(ctx: Context, privateStackRequested: boolean): StackUse {
  const { subprogs } = ctx.facts;
  const check = new DepthCheck(ctx);
  const possible = !subprogs.some((s) => s.hasTailCall) && wantsPrivateStack(ctx, privateStackRequested);
  // Functions that asynchronous callbacks reach are settled first: they share the kernel's stack.
  for (let i = subprogs.length - 1; i >= 0; i--) if (i === 0 || subprogs[i].isAsyncCb) check.from(i, i === 0 && possible);
  return { maxDepth: check.maxDepth, privateStack: check.placement.map((p) => p === 'private') };
}

/** One function on the current chain of calls. */
interface Caller {
  readonly subprog: Subprog;
  /** How many static functions, this one included, are on top of the chain. */
  readonly frame: number;
  /** Where the search through its instructions goes on. */
  next: number;
  /** Does it or a callee so far tail call? */
  tailCalls: boolean;
}

class DepthCheck {
  maxDepth = 0;
  readonly placement: Placement[];
  private readonly chain: Caller[] = [];
  private depth = 0;

  constructor(private readonly ctx: Context) {
    this.placement = ctx.facts.subprogs.map(() => 'undecided');
  }

  from(entry: number, privatePossible: boolean): void {
    this.depth = 0;
    this.enter(this.ctx.facts.subprogs[entry], 0, false, privatePossible);
    while (this.chain.length > 0) {
      const top = this.chain[this.chain.length - 1];
      const callee = this.nextCallee(top);
      if (callee === null) {
        this.leave(top);
        continue;
      }
      const frame = callee.isGlobal ? 0 : top.frame + 1;
      if (frame >= MAX_CALL_FRAMES) this.refuse(afterRules.callDepth, [frame], top.next - 1);
      this.enter(callee, frame, callee.hasTailCall, privatePossible);
    }
  }

  private enter(subprog: Subprog, frame: number, tailCalls: boolean, privatePossible: boolean): void {
    const { chain, placement } = this;
    const { index } = subprog;
    chain.push({ subprog, frame, next: subprog.start, tailCalls });
    if (!privatePossible) placement[index] = 'shared';
    if (subprog.hasLdAbs && chain.some((c) => c.subprog.isCb)) this.refuse(afterRules.ldAbsInCallback);
    if (index !== 0 && subprog.hasTailCall && this.depth >= TAIL_CALL_STACK) this.refuse(afterRules.tailCallDepth, [this.depth]);
    const size = rounded(subprog.stackDepth);
    // On-stack arguments need the register that would point to a private stack.
    if (subprog.stackArgCnt !== 0) placement[index] = 'shared';
    else if (privatePossible && placement[index] === 'undecided' && size >= PRIVATE_STACK_MIN) placement[index] = 'private';
    if (placement[index] === 'private') {
      this.maxDepth = Math.max(this.maxDepth, size);
      if (size > MAX_BPF_STACK) this.refuse(afterRules.subprogStack, [index, size]);
      return;
    }
    this.depth += size;
    this.maxDepth = Math.max(this.maxDepth, this.depth);
    if (this.depth > MAX_BPF_STACK) this.refuse(afterRules.combinedStack, [chain.length, this.depth]);
  }

  private nextCallee(top: Caller): Subprog | null {
    const { ctx } = this;
    const { facts, insns } = ctx;
    while (top.next < top.subprog.end) {
      const i = top.next++;
      if (isKfuncCall(insns, i)) {
        if (isThrow(facts, i) && this.chain.some((c) => c.subprog.isCb)) this.refuse(afterRules.throwInCallback, [i, top.subprog.index], i);
        continue;
      }
      const target = referredFunction(facts, i);
      if (target === null) continue;
      const callee = facts.subprogs[findSubprog(facts, target)];
      if (callee.isAsyncCb) {
        if (!isSubprogCall(insns, i)) continue;
        if (callee.isExceptionCb) this.refuse(afterRules.exceptionCallbackCalled, [i], i);
      }
      return callee;
    }
    return null;
  }

  /** Refuses what the chain of calls amounts to, which stays in the facts; `insn`: what it is about, else the last call. */
  private refuse(rule: Rule, args: readonly Arg[] = [], insn: number | null = null): never {
    const { ctx, chain } = this;
    ctx.facts.refusedCalls = chain.map(({ subprog }, i) => ({ subprog: subprog.index, call: i === 0 ? null : chain[i - 1].next - 1 }));
    ctx.at = insn ?? ctx.facts.refusedCalls[chain.length - 1].call;
    reject(ctx, rule, args);
  }

  private leave(top: Caller): void {
    const { chain } = this;
    if (top.tailCalls) {
      for (const { subprog } of [...chain].reverse()) {
        if (subprog.isCb) this.refuse(afterRules.tailCallInCallback);
        if (subprog.stackArgCnt !== 0) this.refuse(afterRules.tailCallStackArgs);
        subprog.tailCallReachable = true;
      }
    } else if (top.subprog.index === 0 && top.subprog.hasTailCall && top.subprog.stackArgCnt !== 0) this.refuse(afterRules.tailCallStackArgs);
    if (this.placement[top.subprog.index] !== 'private') this.depth -= rounded(top.subprog.stackDepth);
    chain.pop();
    const caller = chain[chain.length - 1];
    if (caller !== undefined) caller.tailCalls = caller.subprog.tailCallReachable;
  }
}
