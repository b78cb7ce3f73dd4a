import type { ContextKind } from '../failure/report.ts';
import type { Location, ModReason } from '../state/observer.ts';
import type { Reg } from '../state/reg.ts';

/** A conditional jump that the current path followed. */
export interface BranchEvent {
  readonly kind: 'branch';
  readonly insn: number;
  readonly taken: boolean;
}

/** A register, stack slot or stack argument got another value; null stands for one that was never written. */
export interface ChangeEvent {
  readonly kind: 'change';
  readonly insn: number;
  readonly at: Location;
  /** Where the new value was copied from, null if it was made here. */
  readonly origin: Location | null;
  readonly before: Reg | null;
  readonly after: Reg | null;
  readonly reason: ModReason;
}

/** An owned resource was taken or given back. */
export interface ReferenceEvent {
  readonly kind: 'acquired' | 'released';
  readonly insn: number;
  readonly refId: number;
}

/** A region was entered or left; `depth` is the nesting after that. */
export interface RegionEvent {
  readonly kind: 'region';
  readonly insn: number;
  readonly region: ContextKind;
  readonly enter: boolean;
  readonly depth: number;
}

export type HistoryEvent = BranchEvent | ChangeEvent | ReferenceEvent | RegionEvent;

/** Events that are kept (kernel: BPF_DIAG_EVENT_LOG_MAX_SIZE over the size of its event). */
export const EVENT_CAPACITY = Math.floor((64 << 20) / 152);

/**
 * What happened on the path being walked, oldest first. Every event has a number, counted from the beginning of the
 * path; a path that is taken up again goes back to the number at which it was put aside. When there is no more room
 * the oldest events go (kernel: struct bpf_diag_log).
 */
export class EventLog {
  private readonly slots: HistoryEvent[] = [];
  /** Slot of the oldest event; moves only once all slots are in use. */
  private head = 0;
  private count = 0;
  private first = 0;

  constructor(private readonly capacity = EVENT_CAPACITY) {}

  /** How many events were lost: the number of the oldest one that is kept. */
  get lost(): number {
    return this.first;
  }

  /** Number of events that are kept. */
  get length(): number {
    return this.count;
  }

  /** The number that the next event will get: where to come back to with {@link restore}. */
  get end(): number {
    return this.first + this.count;
  }

  /** The i-th of the events that are kept. */
  at(i: number): HistoryEvent {
    const slot = this.head + i;
    return this.slots[slot < this.capacity ? slot : slot - this.capacity];
  }

  /** Shows the values that events speak of. */
  eachReg(visit: (reg: Reg) => void): void {
    for (const event of this.slots) {
      if (event.kind !== 'change') continue;
      if (event.before !== null) visit(event.before);
      if (event.after !== null) visit(event.after);
    }
  }

  add(event: HistoryEvent): void {
    if (this.count < this.capacity) {
      const slot = this.head + this.count++;
      this.slots[slot < this.capacity ? slot : slot - this.capacity] = event;
      return;
    }
    this.slots[this.head] = event;
    this.head = this.head + 1 === this.capacity ? 0 : this.head + 1;
    this.first++;
  }

  /** Forgets what happened since event number `end` was next. */
  restore(end: number): void {
    if (end <= this.first) {
      // the events before that point may be gone: the path starts without a past
      this.first = end;
      this.head = 0;
      this.count = 0;
      this.slots.length = 0;
      return;
    }
    this.count = end - this.first;
    if (this.head === 0) this.slots.length = this.count;
  }
}
