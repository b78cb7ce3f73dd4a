/** The tree of explored paths: what the page asks of it. */

export type PathEndKind = 'exit' | 'pruned' | 'rejected' | 'dead' | 'unexplored';
export type PathRegion = 'lock' | 'rcu' | 'preempt' | 'irq' | 'nofault' | 'ref' | 'speculation';

/** Which nodes to show; what is empty or null does not count, the rest must all hold. */
export interface PathSearch {
  /** The number of an instruction, or part of its text. */
  readonly text: string;
  readonly end: PathEndKind | null;
  /** Held, or true, somewhere in the node. */
  readonly region: PathRegion | null;
}

/** The tree as somebody has laid it open. */
export interface PathTreeState {
  readonly search: PathSearch;
  /** Everything is open, or nothing but the way to `step`; `except` are the nodes that are not as the rest. */
  readonly open: 'all' | 'way';
  readonly except: readonly number[];
  /** The step to mark and to lay open, null for none. */
  readonly step: number | null;
}

/** A straight run of steps, from a function's entry or a way out of a fork to the next fork or the end of the path. */
export interface PathRow {
  readonly node: number;
  /** Level from 1; place among the rows of its level beneath the same row, and how many those are. */
  readonly level: number;
  readonly place: number;
  readonly places: number;
  /** The row that it lies beneath, -1 on the first level. */
  readonly parent: number;
  /** Null: nothing lies beneath it. */
  readonly open: boolean | null;
  /** Nodes beneath it, over all levels. */
  readonly hidden: number;
  /** It begins a line; the rows after it continue the line. */
  readonly begins: boolean;
  /** How it begins: `taken`, `not taken`, `entry of main` …, and at which instruction the ways part (null at an entry). */
  readonly outcome: string;
  readonly fork: { readonly insn: number; readonly text: string } | null;
  /** Where to go for it: its first step, or the fork if it has none. */
  readonly seek: number;
  /** First and last step (null: it was pruned before its first), and their instructions. */
  readonly steps: {
    readonly from: number;
    readonly to: number;
    readonly fromInsn: number;
    readonly toInsn: number;
  } | null;
  /** How the path ends here, null if it goes on. `unexplored`: the walk ended before its turn came. */
  readonly end: PathEndKind | null;
  /** A pruned path: the instruction that was not walked again, the step whose state covers this one, and whether that closes a loop. */
  readonly cover: { readonly insn: number; readonly step: number; readonly loop: boolean } | null;
  /** Part of the way to the rejection. */
  readonly failing: boolean;
  /** `here`: the step is in it; `way`: it leads there; null: neither. */
  readonly at: 'here' | 'way' | null;
  readonly regions: readonly PathRegion[];
  /** False: it is shown only because something beneath it was searched for. */
  readonly match: boolean;
}

export interface PathWindow {
  /** Rows of the tree as it is laid open. */
  readonly total: number;
  /** All nodes, and those that match the search. */
  readonly nodes: number;
  readonly matches: number;
  /** Row of the step, or of the node that hides it; -1 if the search leaves it out. */
  readonly here: number;
  /** Row of the node that was asked about, -1 if it is not shown. */
  readonly row: number;
  readonly from: number;
  readonly rows: readonly PathRow[];
}

export interface PathQueries {
  /** Rows `from` to `to` (exclusive) of the tree, and where `node` is. Rejects if the run has no steps on record. */
  paths(
    run: number,
    state: PathTreeState,
    from: number,
    to: number,
    node: number | null,
  ): Promise<PathWindow>;
}
