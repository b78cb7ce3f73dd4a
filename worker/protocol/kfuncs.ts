/** A circumstance under which calls of kfuncs are judged. */
export interface KfuncColumn {
  /** `spin-lock`, `rcu`, …, `sleepable`, `not-sleepable`, or `type:xdp`. */
  readonly id: string;
  readonly title: string;
  readonly group: 'held' | 'program' | 'type';
  readonly sentence: string;
  /** Does it exist under the switches in force? */
  readonly exists: boolean;
}

/** A kfunc as the rules in force have it. */
export interface KfuncRow {
  /** Its name, with `module:` before it if it is a module's. */
  readonly key: string;
  readonly name: string;
  /** Null: the kernel's own, or an invented one. */
  readonly module: string | null;
  readonly invented: boolean;
  readonly flags: number;
  /** Flags in words, as `KF_ACQUIRE | KF_RET_NULL`; `0`. */
  readonly flagsText: string;
  /** Its flags are not those of the kernel as released. */
  readonly changed: boolean;
  readonly families: readonly string[];
  /** What it is registered for, in words. */
  readonly hooks: string;
  readonly prototype: string;
}

/** What a cell shows; cells that say the same share one. */
export interface KfuncReason {
  /** `none`: the circumstance does not exist. */
  readonly verdict: 'yes' | 'no' | 'none';
  /** The flag, family or registration that decides, in a word or two. */
  readonly short: string;
  /** Id of the rule that refuses, null if none does. */
  readonly rule: string | null;
}

/** Which kfunc may be called where. */
export interface KfuncMatrix {
  readonly columns: readonly KfuncColumn[];
  readonly rows: readonly KfuncRow[];
  readonly reasons: readonly KfuncReason[];
  /** Row by row, one index into `reasons` per column. */
  readonly cells: Uint16Array;
  /** Switches in force. */
  readonly semantics: readonly string[];
}

/** What may be called at a step of a run. */
export interface KfuncsHere {
  readonly step: number;
  readonly insn: number;
  /** Columns that are about this step: what is held, and the program. */
  readonly lit: readonly string[];
  readonly reasons: readonly KfuncReason[];
  /** One per row of the matrix. */
  readonly cells: Uint16Array;
}

/** Everything about a cell. */
export interface KfuncDetail {
  readonly verdict: KfuncReason['verdict'];
  /** Why, in a sentence or two. */
  readonly sentence: string;
  readonly rule: string | null;
  /** What the kernel says, `…` for what depends on the arguments. */
  readonly text: string | null;
  readonly errno: number;
  /** The program that was judged, as libbpf names its section; null: no program can be in these circumstances. */
  readonly section: string | null;
}

/** A program that shows a cell. */
export interface KfuncProgram {
  readonly source: string;
  readonly title: string;
  /** The verifier says of it what the cell says. If not, it is a skeleton. */
  readonly shows: boolean;
  /** What the verifier says of it, null if it could not be asked. */
  readonly says: string | null;
  /** What must be put into a skeleton, null if nothing is missing. */
  readonly missing: string | null;
}

/** Where a cell is; `here`: the step of a run. */
export type KfuncPlace = { readonly column: string } | { readonly step: number };

/** What the page asks about kfuncs. `run`: whose switches, flags and invented kfuncs apply; null: the kernel as released. */
export interface KfuncQueries {
  kfuncMatrix(run: number | null): Promise<KfuncMatrix>;
  /** @throws NoSuchRun without such a step on record. */
  kfuncsHere(run: number, step: number): Promise<KfuncsHere>;
  kfuncDetail(run: number | null, key: string, place: KfuncPlace): Promise<KfuncDetail>;
  /** Null if no program can be in the column's circumstances. */
  kfuncProgram(run: number | null, key: string, column: string): Promise<KfuncProgram | null>;
}
