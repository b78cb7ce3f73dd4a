import type { TextEdit, Verdict } from '../protocol.ts';

/** One cause of a rejection. */
export interface ChainLink {
  readonly step: number;
  readonly insn: number;
  readonly why: string;
  /** It made a value, took one away, began what is held, decided the way; or it is the rejection itself. */
  readonly kind: 'value' | 'lost' | 'held' | 'branch' | 'refused';
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
  /** The steps that matter, in the order in which they were walked. */
  readonly chain: readonly ChainLink[];
  /** All steps that led here, or the last of them if there are many. */
  readonly way: readonly WayStep[];
  /** What would have had to be known. `step`: the step that ended it, -1 if it never was on this path. */
  readonly missing: {
    readonly fact: string;
    readonly step: number;
    readonly insn: number;
    readonly how: string;
  } | null;
  /** A path that does the same and passes. */
  readonly sibling: { readonly step: number; readonly insn: number; readonly why: string } | null;
  readonly fixes: readonly Fix[];
}
