import type { FrameView } from '../../protocol.ts';
import { labelOf } from '../../trace/lanes.ts';
import type { Mirror } from '../../trace/mirror.ts';
import { CONTEXT_KINDS, EVENT_ENTERED, EVENT_LEFT } from '../../trace/trace.ts';
import type { StepSource } from './step.ts';
import type { Cause } from './why.ts';

const REGION_WORDS: Readonly<Record<string, readonly [enter: string, leave: string]>> = {
  rcu: ['An RCU read section begins', 'The RCU read section ends'],
  preempt: ['Preemption is disabled', 'Preemption is enabled again'],
  irq: ['Interrupts are disabled', 'Interrupts are restored'],
  lock: ['A lock is taken', 'The lock is released'],
  nofault: ['Faulting is forbidden', 'Faulting is allowed again'],
};

/** What the step before changed, in words, most important first. */
export function changesInWords(
  source: StepSource,
  step: number,
  previous: number,
  before: Mirror | null,
  now: Mirror,
  frames: readonly FrameView[],
  cause: Cause,
): string[] {
  if (before === null) return ['The walk of this function begins'];
  const words: string[] = [];
  if (source.trace.pathOf(step).start === step) {
    const { fromInsn } = source.trace.pathOf(step);
    words.push(`Another path begins, put aside at instruction ${fromInsn}`);
  }
  for (const ref of now.refs) if (!before.refs.includes(ref) && ref.ptr === null) words.push(`Acquired: ${labelOf(ref, now)} (id ${ref.id})`);
  for (const ref of before.refs) if (!now.refs.includes(ref) && ref.ptr === null) words.push(`Released: ${labelOf(ref, before)} (id ${ref.id})`);
  for (const event of source.trace.eventsOf(previous)) {
    if (event.kind !== EVENT_ENTERED && event.kind !== EVENT_LEFT) continue;
    const [enter, leave] = REGION_WORDS[CONTEXT_KINDS[event.data & 15]];
    const depth = event.data >> 4;
    words.push((event.kind === EVENT_ENTERED ? enter : leave) + (depth > (event.kind === EVENT_ENTERED ? 1 : 0) ? ` (depth ${depth})` : ''));
  }
  if (now.frames.length > before.frames.length) words.push(`Entered ${frames[frames.length - 1].subprog}()`);
  if (now.frames.length < before.frames.length) words.push(`Returned to ${frames[frames.length - 1].subprog}()`);
  if (cause.taken !== null) words.push(`Branch ${cause.taken ? 'taken' : 'not taken'}: ${cause.text}`);
  for (const frame of frames) {
    // the caller-saved registers of a call are one change
    const lost = frame.regs.filter((reg) => reg.changed && reg.text === 'uninit');
    for (const reg of [...frame.regs, ...frame.stack]) {
      if (!reg.changed || lost.includes(reg)) continue;
      words.push(`${reg.name}: ${reg.before === 'uninit' ? '' : `${reg.before} → `}${reg.text} (${reg.why})`);
    }
    const reasons = new Map<string, string[]>();
    for (const reg of lost) reasons.set(reg.why ?? '', [...(reasons.get(reg.why ?? '') ?? []), reg.name]);
    for (const [why, names] of reasons) words.push(`${names.join(', ')}: ${why}`);
  }
  return words;
}
