import { useEffect, useState } from 'react';
import type { KfuncMatrix, KfuncsHere } from '../../worker/protocol/kfuncs.ts';
import { useApp, usePlayground } from '../shell/context.ts';

interface Known {
  readonly matrix: KfuncMatrix | null;
  readonly here: KfuncsHere | null;
  readonly failed: string | null;
}

/** The table of kfuncs under the rules of the run that is shown, and what may be called at its step. */
export function useKfuncs(): Known {
  const playground = usePlayground();
  const ready = useApp((state) => state.about !== null);
  const run = useApp((state) => state.run?.result.run ?? null);
  const step = useApp((state) => state.step?.step ?? null);
  const [table, setTable] = useState<{ readonly run: number | null; readonly matrix: KfuncMatrix } | null>(
    null,
  );
  const [here, setHere] = useState<{ readonly run: number; readonly answer: KfuncsHere } | null>(null);
  const [failed, setFailed] = useState<string | null>(null);

  useEffect(() => {
    if (!ready) return;
    let wanted = true;
    playground
      .ask((worker) => worker.kfuncMatrix(run))
      .then(
        (matrix) => {
          if (!wanted) return;
          setFailed(null);
          setTable({ run, matrix });
        },
        (reason: unknown) => {
          // a newer run has taken over, and is asked about next
          if (wanted && run === null) setFailed(reason instanceof Error ? reason.message : String(reason));
        },
      );
    return () => {
      wanted = false;
    };
  }, [playground, ready, run]);

  useEffect(() => {
    if (run === null || step === null) return;
    let wanted = true;
    playground
      .ask((worker) => worker.kfuncsHere(run, step))
      .then(
        (answer) => {
          if (wanted) setHere({ run, answer });
        },
        () => undefined,
      );
    return () => {
      wanted = false;
    };
  }, [playground, run, step]);

  const matrix = table?.matrix ?? null;
  // rows are numbered alike only within one set of rules
  const answer = here !== null && here.run === run && table?.run === run ? here.answer : null;
  return {
    matrix,
    here: answer !== null && answer.cells.length === matrix?.rows.length ? answer : null,
    failed,
  };
}
