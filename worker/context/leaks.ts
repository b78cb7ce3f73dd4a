import { fail, say } from '../failure/messages.ts';
import { BPF_PROG_TYPE_STRUCT_OPS } from '../kernel/uapi.ts';
import type { Env } from '../state/env.ts';
import { REF_PTR } from '../state/reference.ts';
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

/**
 * Rejects if something is held that may not be held where the program is left: at exit, tail call, LD_ABS and when an
 * exception is thrown (kernel: check_resource_leak). `what` names the operation in the texts; `regions`: locks and
 * regions are checked too, not only references.
 */
export function checkResourceLeak(env: Env, exceptionExit: boolean, regions: boolean, what: string): void {
  const s = env.cur;
  const active = (context: 'lock' | 'irq' | 'rcu' | 'preempt', suggestion: string) =>
    ({ kind: 'ctx-active', insn: env.insnIdx, operation: what, context, suggestion }) as const;
  if (regions && s.activeLocks !== 0) {
    env.fail(
      R.insideSpinLock,
      [what],
      active('lock', 'Release the BPF spin lock before this operation on every path.'),
    );
  }
  if (reportLeaks(env, exceptionExit)) fail(env.messages, R.referenceLeak, [what]);
  if (!regions) return;
  if (s.activeIrqId !== 0) {
    env.fail(
      R.insideIrqSave,
      [what],
      active('irq', 'Restore the saved IRQ state before this operation on every path.'),
    );
  }
  if (s.activeRcuLocks !== 0) {
    env.fail(
      R.insideRcu,
      [what],
      active('rcu', 'Call bpf_rcu_read_unlock() before this operation on every path.'),
    );
  }
  if (s.activePreemptLocks !== 0) {
    env.fail(
      R.insidePreempt,
      [what],
      active('preempt', 'Call bpf_preempt_enable() before this operation on every path.'),
    );
  }
}
