import { fail, say } from '../failure/messages.ts';
import type { Rule } from '../failure/rule.ts';
import { BPF_PROG_TYPE_STRUCT_OPS } from '../kernel/uapi.ts';
import type { Env } from '../state/env.ts';
import { REF_PTR } from '../state/reference.ts';
import type { State } from '../state/state.ts';
import { contextRules as R } from './rules.ts';

/** Names each reference that is still held; true if there is one. Only the outermost frame's exit or an exception leaks. */
function reportLeaks(env: Env, exceptionExit: boolean): boolean {
  if (!exceptionExit && env.cur.frames.length > 1) return false;
  let lingering = false;
  for (const ref of env.cur.refs) {
    if (ref.type !== REF_PTR) continue;
    // a struct_ops program may hand a referenced kptr back as its result
    if (env.traits.progType === BPF_PROG_TYPE_STRUCT_OPS && !exceptionExit && env.reg(0).id === ref.id)
      continue;
    say(env.messages, 'Unreleased reference id=%d alloc_insn=%d\n', ref.id, ref.insnIdx);
    if (env.messages.level !== 0) {
      env.messages.report({ kind: 'leak', refId: ref.id, allocInsn: ref.insnIdx, insn: env.insnIdx });
    }
    lingering = true;
  }
  return lingering;
}

/** A region that the program may not be left in. */
interface Kept {
  readonly rule: Rule;
  readonly context: 'lock' | 'irq' | 'rcu' | 'preempt';
  readonly open: (state: State) => boolean;
  readonly suggestion: string;
}

const LOCK: Kept = {
  rule: R.insideSpinLock,
  context: 'lock',
  open: (s) => s.activeLocks !== 0,
  suggestion: 'Release the BPF spin lock before this operation on every path.',
};

/** Asked after leaked references. */
const REGIONS: readonly Kept[] = [
  {
    rule: R.insideIrqSave,
    context: 'irq',
    open: (s) => s.activeIrqId !== 0,
    suggestion: 'Restore the saved IRQ state before this operation on every path.',
  },
  {
    rule: R.insideRcu,
    context: 'rcu',
    open: (s) => s.activeRcuLocks !== 0,
    suggestion: 'Call bpf_rcu_read_unlock() before this operation on every path.',
  },
  {
    rule: R.insidePreempt,
    context: 'preempt',
    open: (s) => s.activePreemptLocks !== 0,
    suggestion: 'Call bpf_preempt_enable() before this operation on every path.',
  },
];

/** Which rule would refuse to throw an exception in this state; null: none. */
export function throwRefusal(state: State): Rule | null {
  if (LOCK.open(state)) return LOCK.rule;
  if (state.refs.some((ref) => ref.type === REF_PTR)) return R.referenceLeak;
  return REGIONS.find((region) => region.open(state))?.rule ?? null;
}

/**
 * Rejects if something is held that may not be held where the program is left: at exit, tail call, LD_ABS and when an
 * exception is thrown (kernel: check_resource_leak). `what` names the operation in the texts; `regions`: locks and
 * regions are checked too, not only references.
 */
export function checkResourceLeak(env: Env, exceptionExit: boolean, regions: boolean, what: string): void {
  const refuseIn = ({ rule, context, open, suggestion }: Kept): void => {
    if (open(env.cur))
      env.fail(rule, [what], { kind: 'ctx-active', insn: env.insnIdx, operation: what, context, suggestion });
  };
  if (regions) refuseIn(LOCK);
  if (reportLeaks(env, exceptionExit)) fail(env.messages, R.referenceLeak, [what]);
  if (regions) REGIONS.forEach(refuseIn);
}
