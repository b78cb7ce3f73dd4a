import type { ContextKind } from '../failure/report.ts';
import { irqDepth } from '../state/refs.ts';
import type { State } from '../state/state.ts';

interface RegionRow {
  readonly name: string;
  /** How deep the state is in such regions; 0: outside. */
  readonly depth: (state: State) => number;
  /** Why nothing that may sleep is allowed there; empty if there is nothing to say. */
  readonly constraint: string;
}

/** The regions that a report speaks of. */
export const REGIONS: Readonly<Record<ContextKind, RegionRow>> = {
  rcu: {
    name: 'RCU read lock region',
    depth: (state) => state.activeRcuLocks,
    constraint: 'RCU read-side critical sections cannot call operations that may sleep',
  },
  preempt: {
    name: 'non-preemptible region',
    depth: (state) => state.activePreemptLocks,
    constraint: 'preemption-disabled code cannot call operations that may sleep',
  },
  irq: {
    name: 'IRQ-disabled region',
    depth: irqDepth,
    constraint: 'IRQ-disabled code cannot call operations that may sleep',
  },
  lock: {
    name: 'lock region',
    depth: (state) => state.activeLocks,
    constraint: 'code holding a BPF spin lock cannot call operations that may sleep',
  },
  nofault: {
    name: 'nofault region',
    depth: (state) => state.forbidFaultCount,
    constraint: 'code holding a resource that forbids faulting cannot call operations that may sleep',
  },
  none: { name: 'non-sleepable program', depth: () => 0, constraint: '' },
};

/** The region that keeps a state from sleeping; `none` if its program is one that never sleeps. */
export function forbiddingRegion(state: State): ContextKind {
  if (state.activeRcuLocks !== 0) return 'rcu';
  if (state.activePreemptLocks !== 0) return 'preempt';
  if (state.activeIrqId !== 0) return 'irq';
  if (state.activeLocks !== 0) return 'lock';
  return state.forbidFaultCount !== 0 ? 'nofault' : 'none';
}
