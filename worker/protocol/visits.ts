/** A register or stack slot whose values at the visits of an instruction stand side by side. */
export interface VisitColumn {
  /** `R1`, `fp-8`. */
  readonly name: string;
  /** At how many visits it was not what it was at the visit before. */
  readonly changes: number;
}

/** All visits of one instruction. */
export interface VisitTable {
  readonly insn: number;
  readonly count: number;
  readonly columns: readonly VisitColumn[];
  /** Something is held at one of them: {@link VisitRow.held} is worth a column. */
  readonly held: boolean;
  /** They are in frames of more than one depth. */
  readonly depths: boolean;
  /** Row of the visit at the asked step, or the last one before it; 0 if all come later. */
  readonly here: number;
}

/** What is known when the walk comes to an instruction. */
export interface VisitRow {
  readonly step: number;
  /** Ordinal of the path, from 0. */
  readonly path: number;
  /** Number of its frame. */
  readonly frame: number;
  /** What is held: `lock in m, rcu`; empty if nothing. */
  readonly held: string;
  /** Text of each column, `uninit` if it may not be read. */
  readonly cells: readonly string[];
  /** Columns that differ from the visit before. */
  readonly changed: readonly number[];
  /** How the path ends if this is its last step. */
  readonly end: 'exit' | 'pruned' | 'rejected' | 'dead' | null;
}

export interface VisitQueries {
  /** What a table of the visits of `insn` consists of. Goes over the whole walk the first time; a newer question makes it give up (it rejects). */
  visits(run: number, insn: number, step: number): Promise<VisitTable>;
  /** Rows `from` to `to` (exclusive) of that table. */
  visitRows(run: number, insn: number, from: number, to: number): Promise<readonly VisitRow[]>;
}
