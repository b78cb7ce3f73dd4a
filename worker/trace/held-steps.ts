import { REF_IRQ, REF_LOCK_MASK, REF_PTR, type Reference } from '../state/reference.ts';
import { CHANGE_CONTEXT, CHANGE_REFS, type ContextFacts } from './changes.ts';
import type { HeldKind } from './lanes.ts';
import type { Trace } from './trace.ts';

/** What can be true of a step beside its values: something is held, or the path is one that only a processor's guess takes. */
export type Region = HeldKind | 'speculation';

/** Regions in the order of their bits. */
export const REGIONS: readonly Region[] = ['lock', 'rcu', 'preempt', 'irq', 'nofault', 'ref', 'speculation'];
const bit = (region: Region): number => 1 << REGIONS.indexOf(region);
const LOCK = bit('lock');
const RCU = bit('rcu');
const PREEMPT = bit('preempt');
const IRQ = bit('irq');
const NOFAULT = bit('nofault');
const REF = bit('ref');
const SPECULATION = bit('speculation');

/** Per step, what is held before it: a set of bits as in {@link REGIONS}. One pass over the recording. */
export function heldBySteps(trace: Trace): Uint8Array {
  const held = new Uint8Array(trace.length);
  let refs = 0;
  let context = 0;
  let next = 0;
  trace.eachChange((1 << CHANGE_REFS) | (1 << CHANGE_CONTEXT), (step, kind, value) => {
    held.fill(refs | context, next, step);
    next = step;
    if (kind === CHANGE_REFS) refs = ofRefs(value as readonly Reference[]);
    else context = ofContext(value as ContextFacts);
  });
  return held.fill(refs | context, next);
}

function ofRefs(refs: readonly Reference[]): number {
  let bits = 0;
  for (const ref of refs) {
    if (ref.type === REF_IRQ) bits |= IRQ;
    else if ((ref.type & REF_LOCK_MASK) !== 0) bits |= LOCK;
    else if (ref.type === REF_PTR) bits |= REF;
    if (ref.forbidFault) bits |= NOFAULT;
  }
  return bits;
}

function ofContext(context: ContextFacts): number {
  return (
    (context.activeRcuLocks !== 0 ? RCU : 0) |
    (context.activePreemptLocks !== 0 ? PREEMPT : 0) |
    (context.speculative ? SPECULATION : 0)
  );
}
