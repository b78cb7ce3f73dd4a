/** A stretch of source; lines and columns count from 1, `endCol` is exclusive. */
export interface CSpan {
  readonly line: number;
  readonly col: number;
  readonly endLine: number;
  readonly endCol: number;
}

/** A change that would repair what is reported: texts to put in place of spans of one line. */
export interface CFix {
  readonly title: string;
  readonly edits: readonly { readonly line: number; readonly col: number; readonly endCol: number; readonly text: string }[];
}

/** Something wrong with (`error`), doubtful about (`warning`) or worth knowing of (`info`) a declaration. */
export interface CProblem extends CSpan {
  readonly severity: 'error' | 'warning' | 'info';
  /** Stable name of the kind of mistake, `c-…`. */
  readonly id: string;
  /** What is wrong and, where it is not obvious, what to do. */
  readonly message: string;
  readonly fix?: CFix;
}

/** One line of source with its number in the whole text. */
export interface CLine {
  readonly line: number;
  readonly text: string;
}
