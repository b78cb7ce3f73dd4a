import type { Case } from '../explain/context.ts';
import type { Report } from '../failure/report.ts';
import type { VerifyResult } from '../protocol.ts';
import type { Reading } from './reading.ts';
import { runLogged, runRecorded, type Listener, type Recorded } from './record.ts';
import { resultOf } from './result.ts';

/** What explanations are made from, without what only the asker can do. */
export type Facts = Omit<Case, 'judge' | 'again' | 'patience'>;

/** The facts of a run. */
export function factsOf(
  source: string,
  reading: Reading | null,
  recorded: Recorded | null,
  result: VerifyResult,
  report: Report | null,
): Facts {
  return {
    source,
    result,
    text: reading?.text ?? null,
    program: reading?.program ?? null,
    model: reading?.model ?? null,
    env: recorded?.env ?? null,
    args: recorded?.outcome.args ?? [],
    trace: recorded?.trace ?? null,
    report,
  };
}

/** The facts of a text that is refused, `passes` if it is not; null if it is no program or the work was given up. */
export async function refusedFacts(
  source: string,
  reading: Reading,
  listen: Listener,
): Promise<Facts | 'passes' | null> {
  if (reading.program === null) return null;
  const recorded = await runRecorded(reading.program, reading.model, true, listen);
  if (recorded === null) return null;
  if (recorded.outcome.verdict !== 'rejected') return 'passes';
  const log = await runLogged(reading.program, reading.model, 1, listen);
  return log === null ? null : factsOf(source, reading, recorded, resultOf(0, reading, recorded), log.report);
}
