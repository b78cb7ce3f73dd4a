import type { Explanation, VerifyRequest, VerifyResult } from '../protocol.ts';
import type { Reading } from './reading.ts';
import type { Log, Recorded } from './record.ts';

/** A verified program that the page may ask about. */
export interface Run {
  readonly id: number;
  readonly request: VerifyRequest;
  /** Null if the text could not even be read for want of the kernel's types. */
  readonly reading: Reading | null;
  /** Null if there was nothing to record, or if the recording was given up to make room; see `recordingOf`. */
  recorded: Recorded | null;
  /** Logs that were written so far, by level. */
  readonly logs: { 1?: Log; 2?: Log };
  result: VerifyResult;
  explanation: Explanation | null;
}
