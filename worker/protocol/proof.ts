/** Why a path was pruned, or was not: what the page asks of the worker. */

/** Why an earlier state was compared with; see the words that go with it. */
export type ComparedAsKind = 'proven' | 'loop' | 'iterator' | 'may-goto' | 'callback' | 'same' | 'async';
/** What the comparison of one thing came to. */
export type ComparedResult = 'equal' | 'mapped' | 'contained' | 'imprecise' | 'unused' | 'dead' | 'differs';

/** One register, slot or argument, or something of the whole state, in both states. */
export interface ComparedRow {
  /** `R1`, `fp-8`, `arg6`, `held` …; with `frame 1: ` before it in programs that call. */
  readonly name: string;
  readonly result: ComparedResult;
  /** Then (in the earlier state) and now; empty if there is nothing to show. */
  readonly then: string;
  readonly now: string;
  /** The result in words. */
  readonly why: string;
}

/** An earlier state at the same instruction, compared with the current one. */
export interface EarlierState {
  /** Step at which it was kept, -1 if it is not on record. */
  readonly step: number;
  /** Visit of the instruction, from 1. */
  readonly visit: number;
  readonly as: ComparedAsKind;
  readonly covers: boolean;
  /** The first thing that differed, or why it covers, in words. */
  readonly verdict: string;
  /** In the order of the comparison; empty if the states were not compared. */
  readonly rows: readonly ComparedRow[];
  /** Registers that nothing reads any more and of which nothing was known in either state. */
  readonly dead: readonly string[];
}

/** A moment in which the verifier looked whether it has to go on. */
export interface PruneMoment {
  /** `kept`: it came to the step and went on; `pruned`: a path ended behind the step. */
  readonly kind: 'kept' | 'pruned';
  /** The instruction that it was about to walk, and its text. */
  readonly insn: number;
  readonly text: string;
  /** The path that was pruned, from 1; 0 otherwise. */
  readonly path: number;
  readonly loop: boolean;
  /** Newest first, as the verifier compares. Of very many the newest, and what covers. Null in an outline. */
  readonly earlier: readonly EarlierState[] | null;
  readonly leftOut: number;
}

export interface Proof {
  readonly step: number;
  /** The instruction of the step is one at which states are kept and compared. */
  readonly prunePoint: boolean;
  /** The state before the step was kept, for later ones to be compared with. */
  readonly checkpoint: boolean;
  readonly moments: readonly PruneMoment[];
  /** Paths that were pruned because the state before this step covers them: how many, and the last step of each (of very many the first). */
  readonly covers: { readonly total: number; readonly steps: readonly number[] };
  /** Steps before and after this one behind which a path was pruned, null if there are none. */
  readonly prevPruned: number | null;
  readonly nextPruned: number | null;
}

export interface ProofQueries {
  /** Why the verifier went on at a step, or did not go on behind it. Walks the program once more up to there. */
  proof(run: number, step: number): Promise<Proof>;
  /** The same without the comparisons, at once: what the walk on record says by itself. */
  proofOutline(run: number, step: number): Promise<Proof>;
  /** The next step after `from`, or the last before it, behind which a path was pruned; null if there is none. */
  pruning(run: number, from: number, direction: 1 | -1): Promise<number | null>;
}
