import * as Comlink from 'comlink';
import { useEffect, useState } from 'react';
import type { WatchCheck, WatchMatches, WatchSuggestion } from '../../worker/protocol/watch.ts';
import { usePlayground } from '../shell/context.ts';

/** Somebody who types or steps on does not wait for answers in between. */
const SETTLE_MS = 80;

interface Known {
  readonly run: number;
  readonly text: string;
  readonly matches: WatchMatches;
}

/** Where a watch matches in a run; null until it is known. */
export function useMatches(run: number | null, text: string, on: boolean, step: number): WatchMatches | null {
  const playground = usePlayground();
  const [known, setKnown] = useState<Known | null>(null);
  useEffect(() => {
    if (run === null || !on) return;
    let current = true;
    const timer = setTimeout(() => {
      const silent = Comlink.proxy(() => undefined);
      playground
        .ask((worker) => worker.watchMatches(run, text, step, silent))
        .then(
          (matches) => current && matches !== null && setKnown({ run, text, matches }),
          // The run was replaced, or the text is none that can be read: then its problem is shown.
          () => undefined,
        );
    }, SETTLE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [playground, run, text, on, step]);
  return on && known !== null && known.run === run && known.text === text ? known.matches : null;
}

/** What is thought of a text, and what could stand at the caret. */
export function useReading(text: string, caret: number, run: number | null) {
  const playground = usePlayground();
  const [known, setKnown] = useState<{
    readonly text: string;
    readonly caret: number;
    readonly check: WatchCheck;
    readonly suggestions: readonly WatchSuggestion[];
  } | null>(null);
  useEffect(() => {
    let current = true;
    playground
      .ask(async (worker) => Promise.all([worker.checkWatch(text), worker.completeWatch(text, caret, run)]))
      .then(
        ([check, suggestions]) => current && setKnown({ text, caret, check, suggestions }),
        () => undefined,
      );
    return () => {
      current = false;
    };
  }, [playground, text, caret, run]);
  const fresh = known !== null && known.text === text ? known : null;
  return {
    check: fresh?.check ?? null,
    suggestions: fresh !== null && fresh.caret === caret ? fresh.suggestions : [],
  };
}
