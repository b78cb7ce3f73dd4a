import type { HeldView } from '../../protocol.ts';
import { REF_IRQ, REF_LOCK_MASK } from '../../state/reference.ts';
import { labelOf } from '../../trace/lanes.ts';
import type { Mirror } from '../../trace/mirror.ts';
import { CONTEXT_KINDS, EVENT_ACQUIRED, EVENT_ENTERED, type Trace } from '../../trace/trace.ts';

/** What is held before a step, each with the step that took it. */
export function heldViews(trace: Trace, step: number, state: Mirror): HeldView[] {
  const wanted: { kind: HeldView['kind']; id: number; label: string; insn: number }[] = [];
  for (const ref of state.refs) {
    const base = { id: ref.id, label: labelOf(ref, state), insn: ref.insnIdx };
    wanted.push({ ...base, kind: ref.type === REF_IRQ ? 'irq' : (ref.type & REF_LOCK_MASK) !== 0 ? 'lock' : 'ref' });
    if (ref.forbidFault) wanted.push({ ...base, kind: 'nofault' });
  }
  const { activeRcuLocks, activePreemptLocks } = state.context;
  if (activeRcuLocks !== 0) wanted.push({ kind: 'rcu', id: 0, label: depthLabel('RCU read section', activeRcuLocks), insn: -1 });
  if (activePreemptLocks !== 0) wanted.push({ kind: 'preempt', id: 0, label: depthLabel('preemption off', activePreemptLocks), insn: -1 });
  return wanted.map(({ kind, id, label, insn }) => {
    const sinceStep = takenAt(trace, step, kind, id, insn);
    return { kind, id, label, sinceStep, sinceInsn: sinceStep < 0 ? insn : trace.insnAt(sinceStep) };
  });
}

function depthLabel(label: string, depth: number): string {
  return depth === 1 ? label : `${label}, ${depth} deep`;
}

/** The last step on the way to `step` at which this was taken, -1 if none is on record. */
function takenAt(trace: Trace, step: number, kind: HeldView['kind'], id: number, insn: number): number {
  for (const event of trace.eventsBefore(step)) {
    if (event.kind === EVENT_ACQUIRED && kind === 'ref' && event.data === id) return event.step;
    if (event.kind !== EVENT_ENTERED || CONTEXT_KINDS[event.data & 15] !== kind) continue;
    // counted regions begin where nothing was counted; the others are known by the instruction that took them
    if (insn < 0 ? event.data >> 4 === 1 : trace.insnAt(event.step) === insn) return event.step;
  }
  return -1;
}
