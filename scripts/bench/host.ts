import type { BenchCall, BenchPause, BenchRun } from '../../worker/cli/bench.ts';
import type { ThreadClock } from './clock.ts';

/** A question to the thread, without its number. */
export type Question<K extends BenchCall['kind']> = K extends unknown
  ? Omit<Extract<BenchCall, { kind: K }>, 'call'>
  : never;

/** The benchmark's thread somewhere: in a browser, or in Node. */
export interface Host {
  /** Name and version of what runs it. */
  readonly name: string;
  /** Null where processor time is not known. */
  readonly clock: ThreadClock | null;
  ask(question: Question<'run'>): Promise<BenchRun>;
  ask(question: Question<'begin' | 'advance'>): Promise<BenchPause>;
  ask(question: Question<'program' | 'forget'>): Promise<null>;
  /** Bytes of JavaScript heap and of buffers in use after a collection; null where the thread cannot be looked into. */
  heap: (() => Promise<number>) | null;
  close(): Promise<void>;
}

/** How long a verdict took from nothing: wall milliseconds, and those that the thread had a processor (null if not known). */
export interface FirstResult {
  readonly wall: number;
  readonly cpu: number | null;
}
