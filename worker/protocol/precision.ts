/** Why values had to be exact, and which ones matter at all: what the page asks of the worker. */

/** A register or slot of a kept state that became precise. */
export interface PrecisionMark {
  /** Number of the mark, for {@link PrecisionQueries.descent}. */
  readonly mark: number;
  /** `R6`, `fp-8`; with `frame 1: ` before it in programs that call. */
  readonly name: string;
  /** The step whose state was kept. */
  readonly keptStep: number;
  /** The step that asked, and its instruction. */
  readonly byStep: number;
  readonly byInsn: number;
  readonly byText: string;
}

export interface LivenessRow {
  readonly name: string;
  readonly text: string;
}

/** What of a frame something may still read, and what not: registers and slots that hold anything. */
export interface FrameLiveness {
  readonly frameno: number;
  readonly subprog: string;
  readonly live: readonly LivenessRow[];
  readonly dead: readonly LivenessRow[];
}

export interface PrecisionView {
  readonly step: number;
  /** The nearest step on the way here whose state was kept, -1 if there is none: precision is noted in kept states. */
  readonly keptStep: number;
  /** What of that state had to be exact. */
  readonly precise: readonly PrecisionMark[];
  /** What this step asked for, in kept states before it; of very many the first. */
  readonly asked: { readonly total: number; readonly marks: readonly PrecisionMark[] };
  /** Call frames, outermost first. */
  readonly frames: readonly FrameLiveness[];
}

/** Backtracking went over an instruction that changed what was wanted. */
export interface DescentHop {
  /** -1 if it is not on record. */
  readonly step: number;
  readonly insn: number;
  readonly text: string;
  /** What is wanted before it; empty: nothing more. */
  readonly wanted: string;
}

/** How it came that a value had to be exact. */
export interface PrecisionDescent {
  readonly mark: PrecisionMark;
  /** What asked, as a sentence. */
  readonly cause: string;
  /** Where the way back begins. */
  readonly step: number;
  readonly insn: number;
  readonly wanted: string;
  readonly hops: readonly DescentHop[];
  readonly gaveUp: boolean;
  /** The covering state that relied on the value, -1 if an instruction asked; and the mark there, null if not on record. */
  readonly coverStep: number;
  readonly coverMark: number | null;
}

export interface PrecisionQueries {
  precision(run: number, step: number): Promise<PrecisionView>;
  /** Walks the program once more up to where the mark was made. Null if that can not be found. */
  descent(run: number, mark: number): Promise<PrecisionDescent | null>;
}
