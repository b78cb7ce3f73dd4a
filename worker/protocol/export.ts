/** Forms in which a program can be taken elsewhere. */
export type ExportForm = 'llvm' | 'macros' | 'hex' | 'xxd' | 'bundle';

/** Questions about a program's text, without a run. */
export interface ExportQueries {
  /** The program of a run in another form; null if its text is not a program. */
  exportAs(run: number, form: ExportForm): Promise<string | null>;
}
