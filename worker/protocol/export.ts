/** Forms in which a program can be taken elsewhere. */
export type ExportForm = 'llvm' | 'macros' | 'hex' | 'xxd' | 'bundle';

/** A program as an object file, with what it does not hold; or why there is none. */
export type ExportedObject =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly notes: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Questions about a program's text, without a run. */
export interface ExportQueries {
  /** The program of a run in another form; null if its text is not a program. */
  exportAs(run: number, form: ExportForm): Promise<string | null>;
  /** The program of a run as an object that libbpf loads; null as above. Rejects if the kernel's types cannot be fetched. */
  exportObject(run: number): Promise<ExportedObject | null>;
}
