/** What the verifier knows of its own rules. */

/** A rule in a list. */
export interface RuleEntry {
  readonly id: string;
  /** The kernel's text, printf style, in one line; empty for rules that refuse without a word. */
  readonly text: string;
  readonly title: string;
  /** It has a page with programs of its own. */
  readonly page: boolean;
  /** Under which heading it stands in the list of all rules. */
  readonly group: string;
}

/** All that is said of a rule. */
export interface RuleView extends RuleEntry {
  readonly errno: number;
  readonly explanation: string;
  /** Why the kernel insists. */
  readonly rationale: string;
  readonly related: readonly RuleEntry[];
  /** A program that breaks the rule and one that does not, null for rules without a page. */
  readonly failing: string | null;
  readonly fixed: string | null;
  /** Why there is no such program, as a sentence, if it is known. */
  readonly noProgram: string | null;
  /** What says of the programs what is shown, as a sentence, where no kernel was asked about them. */
  readonly unasked: string | null;
}

/** Questions about rules, without a run. */
export interface RuleQueries {
  /** Rules that a search finds, the best first: words, part of an id, or a message (also a whole log) pasted from any kernel. Empty: all, those that are asked about most first, then by area. */
  rules(search: string): Promise<readonly RuleEntry[]>;
  /** Null if there is no such rule. */
  rulePage(id: string): Promise<RuleView | null>;
}
