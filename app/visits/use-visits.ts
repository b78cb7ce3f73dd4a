import { useCallback, useEffect, useState } from 'react';
import type { VisitRow, VisitTable } from '../../worker/protocol/visits.ts';
import { usePlayground } from '../shell/context.ts';
import { useRows } from '../ui/use-rows.ts';

/** Somebody who steps on through a long walk does not wait for the tables of the instructions in between. */
const SETTLE_MS = 70;

interface Known {
  readonly run: number;
  readonly table: VisitTable;
}

/** The table of an instruction's visits; null until it is known. `step` is where the cursor stands. */
export function useVisits(run: number | null, insn: number | null, step: number) {
  const playground = usePlayground();
  const [known, setKnown] = useState<Known | null>(null);

  useEffect(() => {
    if (run === null || insn === null) return;
    let current = true;
    const timer = setTimeout(() => {
      playground
        .ask((worker) => worker.visits(run, insn, step))
        .then(
          (table) => current && setKnown({ run, table }),
          // The run was replaced: the next one's table takes its place.
          () => undefined,
        );
    }, SETTLE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [playground, run, insn, step]);

  const read = useCallback(
    (from: number, to: number): Promise<readonly VisitRow[]> =>
      playground.ask((worker) => worker.visitRows(run ?? -1, insn ?? -1, from, to)),
    [playground, run, insn],
  );
  const table = known !== null && known.run === run && known.table.insn === insn ? known.table : null;
  const rows = useRows<VisitRow>(table === null ? null : `${run} ${insn}`, read);
  return { table, ...rows };
}
