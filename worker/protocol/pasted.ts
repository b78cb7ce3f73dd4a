/** What a line of a verifier's log is. */
export type LoggedKind = 'insn' | 'state' | 'path' | 'source' | 'message' | 'stats' | 'other';

/** A register, slot or count as a log has it: frame, name without marks (`R1`, `fp-8`, `refs`), its text. */
export type LoggedValue = readonly [frame: number, name: string, text: string];

/** One instruction that a log says was walked. */
export interface LoggedStep {
  /** Line of the instruction, 0-based. */
  readonly line: number;
  readonly insn: number;
  readonly text: string;
  /** What the log says before it: all that is known if `whole`, else what has changed since the step before. */
  readonly state: readonly LoggedValue[];
  readonly whole: boolean;
  /** Frame that it is walked in. */
  readonly frame: number;
}

/** The log of some kernel, taken apart. */
export interface LoggedWalk {
  readonly lines: readonly { readonly text: string; readonly kind: LoggedKind }[];
  readonly steps: readonly LoggedStep[];
  readonly verdict: 'accepted' | 'rejected' | 'unknown';
  /** The last words of a rejection, null if there are none. */
  readonly message: string | null;
  /** States are written as Linux 6.x and later do (`scalar(…)`), or as before (`inv(…)`). */
  readonly dialect: 'new' | 'old' | 'unknown';
  /** The program that it is of, null if it cannot be put together. */
  readonly program: { readonly source: string; readonly notes: readonly string[] } | null;
}

/** What the page asks about pasted logs. */
export interface PastedQueries {
  /** Takes a log apart; null if the text is not one. */
  readLog(text: string): Promise<LoggedWalk | null>;
}
