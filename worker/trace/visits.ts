import { NOT_INIT } from '../kernel/types.ts';
import type { Reg } from '../state/reg.ts';
import { STACK_INVALID, STACK_POISON, byteType, type Slot } from '../state/slot.ts';
import { CHANGE_REG, CHANGE_SLOT, changeKey } from './changes.ts';
import { Mirror } from './mirror.ts';
import { sameRegs, sameSlots } from './same.ts';
import type { Trace } from './trace.ts';

/** A register or stack slot of the frame that an instruction runs in. */
export interface VisitColumn {
  /** Change key with frame 0. */
  readonly key: number;
  /** At how many visits it was not what it was at the visit before. */
  readonly changes: number;
}

/** What the visits of one instruction have in common. */
export interface VisitSummary {
  /** Registers R0 to R9, then slots from the frame pointer down: those that say something at one visit at least. */
  readonly columns: readonly VisitColumn[];
  /** Something is held at one of them. */
  readonly held: boolean;
  /** They are in frames of more than one depth. */
  readonly depths: boolean;
}

/** Steps at which an instruction was walked, ascending. */
export function visitSteps(trace: Trace, insn: number): Int32Array {
  const { insns } = trace;
  const steps = new Int32Array(trace.visits[insn] ?? 0);
  for (let step = 0, n = 0; n < steps.length; step++) if (insns[step] === insn) steps[n++] = step;
  return steps;
}

/** Analyses pause after so many steps. */
const PAUSE = 4096;

/** Goes over the whole walk once and compares what is known at the visits. Yields how far it is, 0 to 1. */
export function* summarise(trace: Trace, steps: Int32Array): Generator<number, VisitSummary> {
  const { at, keys, values } = trace.changes;
  const mirror = new Mirror();
  const regs = new Tracks<Reg>((reg) => reg.type !== NOT_INIT, sameRegs);
  const slots = new Tracks<Slot>(saysSomething, sameSlots);
  let held = false;
  let depth = -1;
  let depths = false;
  let change = 0;
  for (let visit = 0, step = 0; visit < steps.length; visit++) {
    for (; step < steps[visit]; step += PAUSE) {
      const end = at[Math.min(step + PAUSE, steps[visit]) + 1];
      for (; change < end; change++) mirror.apply(keys[change], values.at(change));
      if (step + PAUSE < steps[visit]) yield step / trace.length;
    }
    step = steps[visit];
    for (; change < at[step + 1]; change++) mirror.apply(keys[change], values.at(change));
    if ((visit & 1023) === 1023) yield step / trace.length;
    const frame = mirror.frames[mirror.frames.length - 1];
    for (let r = 0; r < 10; r++) regs.see(r, frame.regs[r]);
    for (let spi = 0; spi < frame.stack.length; spi++) slots.see(spi, frame.stack[spi]);
    const { context } = mirror;
    held ||= mirror.refs.length !== 0 || context.activeRcuLocks !== 0 || context.activePreemptLocks !== 0;
    depths ||= depth >= 0 && depth !== mirror.frames.length;
    depth = mirror.frames.length;
  }
  const column = (kind: number) => (no: number, changes: number) => ({
    key: changeKey(kind, 0, no),
    changes,
  });
  return {
    columns: [...regs.columns(column(CHANGE_REG)), ...slots.columns(column(CHANGE_SLOT))],
    held,
    depths,
  };
}

/** Was any of its bytes written, and may it still be read? */
export function saysSomething(slot: Slot): boolean {
  for (let j = 0; j < 8; j++) {
    const type = byteType(slot.types, j);
    if (type !== STACK_INVALID && type !== STACK_POISON) return true;
  }
  return false;
}

/** The last value of each of some numbered places, and how often it changed. */
class Tracks<T> {
  private readonly last: (T | undefined)[] = [];
  private readonly count: number[] = [];
  private readonly used: boolean[] = [];

  constructor(
    private readonly says: (value: T) => boolean,
    private readonly same: (a: T, b: T) => boolean,
  ) {}

  see(no: number, value: T): void {
    const { last, count, used } = this;
    const before = last[no];
    if (before === value) return;
    last[no] = value;
    if (before !== undefined && !this.same(before, value)) count[no] = (count[no] ?? 0) + 1;
    used[no] ||= this.says(value);
  }

  columns<C>(make: (no: number, changes: number) => C): C[] {
    return this.used.flatMap((on, no) => (on ? [make(no, this.count[no] ?? 0)] : []));
  }
}
