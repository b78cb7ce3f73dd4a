import type { KernelSource } from './kernel-source.ts';
import type { Reading } from './reading.ts';
import type { Listener, Recorded } from './record.ts';
import type { Run } from './run.ts';
import type { StepSource } from './views/step.ts';

/** A question about a run that was released, or about a step that is not on record. */
export class NoSuchRun extends Error {
  override readonly name = 'NoSuchRun';
}

/** How questions about runs reach them: what the files beside the session that answer a topic are given. */
export interface RunAccess {
  readonly kernel: KernelSource;
  /** @throws NoSuchRun if it was released. */
  runOf(id: number): Run;
  /** The recorded walk of a run, recorded again if it was given up; null without a program. */
  recordingOf(run: Run): Promise<Recorded | null>;
  /** The recorded walk and what it is shown with; recorded again if it was given up. @throws NoSuchRun without steps on record. */
  sourceOf(run: Run): Promise<StepSource>;
  /**
   * Does work for a question about a run, one at a time. A newer request of the page goes first: `work` returns null when
   * its listener says so, and begins again behind it.
   */
  patiently<T>(run: Run, work: (listen: Listener) => Promise<T | null>): Promise<T>;
  /** Does work that belongs to no run, one at a time. Null: a newer request of the page went first. */
  aside<T>(work: (listen: Listener) => Promise<T | null>): Promise<T | null>;
  /** Walks a program again with the trace on, without keeping it. */
  record(reading: Reading, traced: boolean, listen: Listener): Promise<Recorded | null>;
}
