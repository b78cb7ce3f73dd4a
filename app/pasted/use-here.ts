import { useEffect, useState } from 'react';
import type { LoggedWalk } from '../../worker/protocol/pasted.ts';
import type { VerifyResult } from '../../worker/protocol.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { compareLogs, levelOf, type LogsCompared } from './compare-logs.ts';

/** Lines of the log here that are compared. */
const MOST = 20_000;

/** The log of the program that is open, beside the pasted one. */
export interface Here {
  readonly result: VerifyResult;
  readonly walk: LoggedWalk;
  readonly compared: LogsCompared;
  /** Step of the walk here, for each line of its log; -1: none. */
  readonly steps: readonly number[];
}

/** Verifies nothing itself: compares with the run that is shown. Null while there is none, or it has no log. */
export function useHere(walk: LoggedWalk | null): Here | null {
  const playground = usePlayground();
  const result = useApp((state) => state.run?.result ?? null);
  const [known, setKnown] = useState<{ readonly of: LoggedWalk; readonly here: Here } | null>(null);
  useEffect(() => {
    if (walk === null || result === null) return;
    let wanted = true;
    const compare = async (): Promise<void> => {
      const { lines } = await playground.ask((worker) => worker.log(result.run, levelOf(walk), 0, MOST));
      const own = await playground.ask((worker) => worker.readLog(lines.map((line) => line.text).join('\n')));
      if (wanted && own !== null)
        setKnown({
          of: walk,
          here: {
            result,
            walk: own,
            compared: compareLogs(walk, own),
            steps: lines.map((line) => line.step),
          },
        });
    };
    // a newer run took over; it is compared next
    compare().catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [playground, walk, result]);
  return known !== null && known.of === walk && known.here.result === result ? known.here : null;
}
