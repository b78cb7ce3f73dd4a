import type { FixMaker } from './fixes/fix.ts';

/** What is said of one rule, or of a few that mean the same: one file per page. */
export interface RulePage {
  /** Ids of the rules, see `failure/rule.ts`. */
  readonly rules: readonly string[];
  /** Rules of other pages, of which this page speaks in some cases; its failing program may break one of them. */
  readonly under?: readonly string[];
  readonly title: string;
  /** The rule in plain words. */
  readonly explanation: string;
  /** Why the kernel insists. */
  readonly rationale: string;
  /** A program that breaks it, and one that does not; both are verified by the tests. */
  readonly failing: string;
  readonly fixed: string;
  /** Ids of rules that belong to these. */
  readonly related: readonly string[];
  /** Who knows changes that might help, the best first. */
  readonly fixes: readonly FixMaker[];
}
