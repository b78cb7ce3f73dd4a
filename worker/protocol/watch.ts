/** What is thought of the text of a watch. */
export interface WatchCheck {
  /** Null if it can be read; offsets in the text otherwise, `to` exclusive. */
  readonly problem: { readonly message: string; readonly from: number; readonly to: number } | null;
  /** It speaks of a moment: every step at which it holds is a match. Otherwise the step at which it begins to hold. */
  readonly momentary: boolean;
}

/** A word that could stand at a place of a watch, instead of what is there from `from` to `to`. */
export interface WatchSuggestion {
  readonly text: string;
  readonly means: string;
  readonly from: number;
  readonly to: number;
}

/** Words of watches, for the help. */
export interface WatchWords {
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly means: string }[];
}

/** Where a watch matches. */
export interface WatchMatches {
  readonly count: number;
  /** Of the nearest matches before and after a step; -1 if there is none. */
  readonly before: number;
  readonly after: number;
  /** Ordinal of the match at the step itself, from 1; 0 if it is none. */
  readonly at: number;
}

/** What the walk is to stop at. */
export interface Stops {
  /** Instructions with a breakpoint. */
  readonly insns: readonly number[];
  readonly watches: readonly string[];
}

/** Where it stopped, and for what: indices of {@link Stops.watches}, and whether a breakpoint stands there. */
export interface Stop {
  readonly step: number;
  readonly insn: number;
  readonly breakpoint: boolean;
  readonly watches: readonly number[];
}

export interface WatchQueries {
  checkWatch(text: string): Promise<WatchCheck>;
  /** Words that could stand at offset `at`; `run` knows the names of what is called. */
  completeWatch(text: string, at: number, run: number | null): Promise<readonly WatchSuggestion[]>;
  watchWords(): Promise<readonly WatchWords[]>;
  /** Matches of a watch around a step. Null if `stopWatching` made it give up. Rejects with the problem if it cannot be read. */
  watchMatches(
    run: number,
    text: string,
    step: number,
    onProgress: (done: number) => void,
  ): Promise<WatchMatches | null>;
  /** The next (`direction` 1) or previous (-1) stop from a step. `none`: there is no further one; null: given up. */
  nextStop(
    run: number,
    from: number,
    direction: 1 | -1,
    stops: Stops,
    onProgress: (done: number) => void,
  ): Promise<Stop | 'none' | null>;
  /** Makes searches under way give up. */
  stopWatching(): Promise<void>;
}
