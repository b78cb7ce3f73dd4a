/** A line of C that instructions were made from. */
export interface SourceLine {
  /** Number in its file; for comments without a file, of the comment's line in the program text. */
  readonly line: number;
  readonly text: string;
  /** Its instructions, ascending. */
  readonly insns: readonly number[];
}

/** The known lines of one C file, ascending. */
export interface SourceFile {
  /** Empty: the comments name no file. */
  readonly name: string;
  readonly lines: readonly SourceLine[];
}

export interface SourceQueries {
  /** The C lines that the program text names (`; text @ file.c:12`); empty if there are none. */
  sourceFiles(run: number): Promise<readonly SourceFile[]>;
}
