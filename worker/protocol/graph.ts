/** Instructions that are always walked one after the other; texts, visits, cycles and prune points are in the result's `insns`. */
export interface GraphBlock {
  /** All of them; the first one names the block. */
  readonly insns: readonly number[];
  /** Functions that it calls, or whose address it takes. */
  readonly calls: readonly { readonly insn: number; readonly subprog: number }[];
}

/** A way between two blocks, named by their first instructions. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  /** Of a conditional jump `fall` and `taken`; `goto` jumps always, `table` by a jump table. */
  readonly kind: 'fall' | 'taken' | 'goto' | 'table';
  /** It closes a loop. */
  readonly back: boolean;
  /** How often the walk went this way, also where it ended at once since the state was covered. */
  readonly walks: number;
}

/** One function as a graph. */
export interface GraphView {
  readonly subprog: number;
  readonly blocks: readonly GraphBlock[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphQueries {
  /** The function with a number ({@link SubprogView.index}) in basic blocks; works without a walk as well. */
  graph(run: number, subprog: number): Promise<GraphView>;
}
