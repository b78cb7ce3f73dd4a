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

/**
 * The table of an instruction's visits, `step` being where the cursor stands. Until it is known the last one of the same
 * run stays; null before the first.
 */
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

  const table = known !== null && known.run === run ? known.table : null;
  const shown = table?.insn ?? -1;
  const read = useCallback(
    (from: number, to: number): Promise<readonly VisitRow[]> =>
      playground.ask((worker) => worker.visitRows(run ?? -1, shown, from, to)),
    [playground, run, shown],
  );
  const rows = useRows<VisitRow>(table === null ? null : `${run} ${shown}`, read);
  return { table, ...rows };
}
