import type { ContextKind } from '../failure/report.ts';
import type { Reg } from './reg.ts';
import type { State } from './state.ts';

/** Where a register lives: the target of a write or the origin of a copied value. */
export interface Location {
  readonly frameno: number;
  /** Frame identity, see Frame.diagFrameId. */
  readonly frameId: number;
  readonly kind: 'reg' | 'slot' | 'stack-arg' | 'stack-range';
  /** Register number, spi or argument slot; for ranges the lowest offset. */
  readonly no: number;
  /** Ranges: one past the highest offset; else 0. */
  readonly end: number;
}

/** Why a register changed (kernel: enum bpf_diag_mod_reason). */
export type ModReason = 'write' | 'spill' | 'var-write' | 'ref-release' | 'pkt-data-change' | 'non-own-ref' | 'caller-saved';

/**
 * What happens during verification, as it happens: the one stream that log, report, trace and explanations read.
 * `env.obs` is null when nobody listens, so that a run without listeners pays one comparison per event.
 * Observers must not change anything they are given.
 */
export interface Observer {
  /** Does this observer want `step` for every instruction? */
  readonly wantsSteps: boolean;
  /** Does it want `branch`, and `modified` for what is no loss (reasons `write`, `spill`, `var-write`)? */
  readonly wantsWrites: boolean;
  /** Does it want to look into the search: `considered`, `backtracks`, `backtracked`? */
  readonly wantsSearch: boolean;
  /** Exploration of a function starts: the main program (0) or a global function, in a context. */
  begin(subprogno: number, state: State): void;
  /** About to walk instruction `state.insnIdx`; `state` is what holds before it. */
  step(state: State, prevInsnIdx: number): void;
  /** A state to be explored later was pushed (`at`: where it will start). */
  pushed(state: State, at: number, from: number): void;
  /** The path ended (`exit`, `pruned`, `dead`); what was pushed last is taken up again, null: nothing is left. */
  popped(next: State | null): void;
  /** The current state became checkpoint `checkpoint` at `state.insnIdx`. */
  checkpoint(checkpoint: State): void;
  /** The current state is covered by `by`: the path ends here. */
  pruned(state: State, by: State, kind: 'safe' | 'loop'): void;
  /** At a prune point: `known`, seen at this instruction before, is about to be compared with the current state. */
  considered(known: State, state: State): void;
  /** Backtracking begins at the end of `from`, for what `precision/wanted.ts` names. */
  backtracks(from: State): void;
  /** Backtracking has gone back over an instruction of the path; -1: it gave up, and takes every scalar for precise. */
  backtracked(insnIdx: number): void;
  /** The path reached its end at an exit. */
  exited(state: State): void;
  /** A conditional jump was followed: `taken` or fell through. */
  branch(insnIdx: number, taken: boolean): void;
  /** A register, slot or argument got a new value. `origin`: where the value was copied from. */
  modified(at: Location, before: Reg | null, after: Reg | null, reason: ModReason, origin: Location | null): void;
  acquired(insnIdx: number, refId: number): void;
  released(insnIdx: number, refId: number): void;
  /** A region was entered or left; `depth` counts nesting after the change. */
  region(insnIdx: number, kind: ContextKind, enter: boolean, depth: number): void;
  /** Precision: register or slot of a past state was marked precise while backtracking from `insnIdx`. */
  precise(state: State, frameno: number, kind: 'reg' | 'slot' | 'stack-arg', no: number): void;
  /** Shows every register value that the observer keeps, so that the arena can be compacted; the same one may come twice. */
  eachReg(visit: (reg: Reg) => void): void;
}
