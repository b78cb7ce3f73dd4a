import { useCallback, useEffect, useRef, useState } from 'react';
import type { VerifierWorker } from '../../worker/protocol.ts';
import { useApp, usePlayground } from './context.ts';

/** What the worker said of a step of a run. */
interface Answer<T> {
  readonly run: number;
  readonly step: number;
  readonly value: T;
}

/**
 * What the worker says of the step that is shown, asked again whenever another one is. One question is under way at a
 * time; of the steps that pass by meanwhile only the newest is asked about. `value` stays that of the step before until
 * the next comes (`current` tells), but never that of another run. `ask` must stay the same between renders.
 */
export function useAnswer<T>(ask: (worker: VerifierWorker, run: number, step: number) => Promise<T>): {
  readonly value: T | null;
  readonly current: boolean;
} {
  const playground = usePlayground();
  const run = useApp((state) => state.run?.result.run ?? null);
  const step = useApp((state) => state.step?.step ?? null);
  const [answer, setAnswer] = useState<Answer<T> | null>(null);
  const wanted = useRef<{ readonly run: number; readonly step: number } | null>(null);
  const busy = useRef(false);

  const pump = useCallback(async () => {
    if (busy.current) return;
    busy.current = true;
    try {
      for (let asked = wanted.current; asked !== null;) {
        const question = asked;
        try {
          const value = await playground.ask((worker) => ask(worker, question.run, question.step));
          setAnswer({ ...question, value });
        } catch {
          // The run was replaced meanwhile: the next one is asked about.
        }
        asked = wanted.current === question ? null : wanted.current;
      }
    } finally {
      busy.current = false;
    }
  }, [playground, ask]);

  useEffect(() => {
    wanted.current = run === null || step === null ? null : { run, step };
    void pump();
  }, [pump, run, step]);

  const mine = answer !== null && answer.run === run ? answer : null;
  return { value: mine?.value ?? null, current: mine !== null && mine.step === step };
}
