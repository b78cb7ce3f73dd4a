import type { State } from './state.ts';

/**
 * One passage through a loop (a strongly connected component, entered through one chain of calls): kernel struct
 * bpf_scc_visit. While it lasts, states that were found equal to an earlier one in the loop wait as back edges, because
 * what the earlier one depends on is not known yet.
 */
export class SccVisit {
  /** First checkpoint of the path that entered the loop; null when it is not being walked. */
  entry: State | null = null;
  /** Latest first, as the kernel links them. */
  backedges: State[] = [];
  /** How many of them count for the statistics. */
  counted = 0;

  constructor(
    /** `(callsites…,scc)` as the log shows it. */
    readonly label: string,
  ) {}
}
