import type { Span, TextEdit, Verdict } from '../protocol.ts';

/** One cause of a rejection: a step of the walk, or a place of the program for what is refused before or after it. */
export interface ChainLink {
  /** Null for a place. */
  readonly step: number | null;
  /** Null for a declaration, a directive, or what stands nowhere. */
  readonly insn: number | null;
  /** Where a place that is no instruction stands in the text; null if it is one, or the program came without its text. */
  readonly span: Span | null;
  readonly why: string;
  /** It made a value, took one away, began what is held, decided the way; it is a place of the program; or it is the rejection itself. */
  readonly kind: 'value' | 'lost' | 'held' | 'branch' | 'place' | 'refused';
}

/** A step of the way to a rejection. */
export interface WayStep {
  readonly step: number;
  readonly insn: number;
  readonly text: string;
}

/** A change of the text; only those are offered with which the verifier accepts the program. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  readonly verified: boolean;
  /** What to know of it: that the program was right and only this form passes; empty if there is nothing to say. */
  readonly note: string;
  /** It gives something up: leaves out what was refused, or loads with more privileges. */
  readonly lastResort: boolean;
}

/** The why card. */
export interface Explanation {
  readonly verdict: Verdict;
  readonly message: string;
  readonly rule: string | null;
  readonly title: string;
  /** The rule in plain words. */
  readonly explanation: string;
  /** Why the kernel insists. */
  readonly rationale: string;
  /** Ids of rules that belong to this one. */
  readonly related: readonly string[];
  /** The steps that matter, in the order in which they were walked; for what is refused outside of the walk, the places that matter. */
  readonly chain: readonly ChainLink[];
  /** All steps that led here, or the last of them if there are many. */
  readonly way: readonly WayStep[];
  /** What would have had to be known. `step`: the step that ended it, -1 if it never was on this path, null if no walk is to blame. */
  readonly missing: {
    readonly fact: string;
    readonly step: number | null;
    readonly insn: number;
    readonly how: string;
  } | null;
  /** A path that does the same and passes. */
  readonly sibling: { readonly step: number; readonly insn: number; readonly why: string } | null;
  readonly fixes: readonly Fix[];
}
