import type { StepView } from '../protocol.ts';

/** What comes after a step: for asking a learner before showing it. */
export interface Outlook {
  readonly step: number;
  /** The next step on the same path; null if the path ends with this one. */
  readonly next: StepView | null;
  /** Ways that were put aside at this step, walked later or not at all. */
  readonly aside: number;
}

export interface OutlookQueries {
  /** Rejects if the run has no such step on record. */
  outlook(run: number, step: number): Promise<Outlook>;
}
