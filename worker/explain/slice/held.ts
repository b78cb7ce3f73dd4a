import { REF_IRQ, REF_LOCK_MASK } from '../../state/reference.ts';
import { labelOf } from '../../trace/lanes.ts';
import {
  CONTEXT_KINDS,
  EVENT_ACQUIRED,
  EVENT_ENTERED,
  EVENT_LEFT,
  EVENT_RELEASED,
} from '../../trace/trace.ts';
import { callee, type WalkedCase } from '../context.ts';

type Add = (step: number, why: string) => void;

const BEGINS: Readonly<Record<string, string>> = {
  rcu: 'The RCU read section begins here',
  preempt: 'Preemption is disabled here',
  irq: 'Interrupts are disabled here',
  nofault: 'Faulting is forbidden from here on',
  lock: 'The lock is taken here',
};
const ENDS: Readonly<Record<string, string>> = {
  rcu: 'The RCU read section ends here',
  preempt: 'Preemption is enabled again here',
  irq: 'Interrupts are enabled again here',
  nofault: 'Faulting is allowed again from here on',
  lock: 'The lock is given back here',
};

/** Where what is held at the rejection was taken, as far as the rule is about it. */
export function held(c: WalkedCase, add: Add): void {
  const { report, trace, step } = c;
  const rule = c.result.rule ?? '';
  const now = trace.mirrorAt(step);
  const wants = (kind: string): boolean => {
    if (report?.kind === 'leak' || rule === 'context.referenceLeak' || rule === 'reference.childLeaks')
      return kind === 'ref';
    if (report?.kind === 'ctx-active' || report?.kind === 'ctx-required' || report?.kind === 'ctx-underflow')
      return kind === report.context;
    if (report?.kind === 'lock') return kind === 'lock';
    if (report?.kind === 'irq') return kind === 'irq';
    return report?.kind === 'ctx-forbidden' && kind !== 'ref';
  };
  const open = new Set<string>();
  if (wants('lock')) for (const ref of now.refs) if ((ref.type & REF_LOCK_MASK) !== 0) open.add('lock');
  if (wants('irq') && now.refs.some((ref) => ref.type === REF_IRQ)) open.add('irq');
  if (wants('rcu') && now.context.activeRcuLocks !== 0) open.add('rcu');
  if (wants('preempt') && now.context.activePreemptLocks !== 0) open.add('preempt');
  if (wants('nofault') && now.context.forbidFaultCount !== 0) open.add('nofault');
  const refs = new Map(
    wants('ref')
      ? now.refs.filter((ref) => ref.ptr === null && ref.type !== REF_IRQ).map((ref) => [ref.id, ref])
      : [],
  );
  if (refs.size === 0 && open.size === 0) return;
  for (const event of trace.eventsBefore(step)) {
    if (event.kind === EVENT_ACQUIRED && refs.has(event.data)) {
      const after = event.step + 1 < trace.length ? trace.mirrorAt(event.step + 1) : now;
      add(event.step, `${labelOf(refs.get(event.data)!, after)} is acquired here (id ${event.data})`);
      refs.delete(event.data);
    }
    if (event.kind === EVENT_ENTERED) {
      const kind = CONTEXT_KINDS[event.data & 15];
      if (open.has(kind)) {
        add(event.step, BEGINS[kind]);
        if (kind !== 'nofault' && event.data >> 4 <= 1) open.delete(kind);
      }
    }
    if (refs.size === 0 && open.size === 0) return;
  }
}

/** Kinds of region that a rule misses, by rule. */
const NEEDS: Readonly<Record<string, string>> = {
  'kfunc.lockNotHeld': 'lock',
  'context.unlockWithoutLock': 'lock',
  'kfunc.requiresRcu': 'rcu',
  'kfunc.notRcu': 'rcu',
  'kfunc.iterRcu': 'rcu',
  'kfunc.unmatchedRcuUnlock': 'rcu',
  'kfunc.unmatchedPreemptEnable': 'preempt',
};

/** Where the region that the rule asks for was left; the step, -1 if it was never entered. */
export function regionLost(c: WalkedCase, add: Add): { readonly kind: string; readonly step: number } | null {
  const rule = c.result.rule ?? '';
  const kind = NEEDS[rule] ?? (c.report?.kind === 'ctx-required' ? c.report.context : undefined);
  if (kind === undefined || kind === 'none') return null;
  for (const event of c.trace.eventsBefore(c.step)) {
    if (event.kind !== EVENT_LEFT || CONTEXT_KINDS[event.data & 15] !== kind) continue;
    add(event.step, ENDS[kind]);
    return { kind, step: event.step };
  }
  return { kind, step: -1 };
}

/** Where what is missing was given back. */
export function lastRelease(c: WalkedCase, add: Add): number {
  for (const event of c.trace.eventsBefore(c.step)) {
    if (event.kind !== EVENT_RELEASED) continue;
    add(event.step, `${callee(c, c.trace.insnAt(event.step))} gave it back here`);
    return event.step;
  }
  return -1;
}
