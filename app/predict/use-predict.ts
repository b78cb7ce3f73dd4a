import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../shell/context.ts';
import { isVerdictHidden, predict } from './predict.ts';

/** Is the verdict still to be guessed? */
export function useVerdictHidden(): boolean {
  const state = useStore(predict.store);
  const latest = useApp((app) => app.latest);
  return isVerdictHidden(state, { latest });
}

/** Hides what would tell the answer while there is something to guess, and lets go of questions that the cursor left behind. */
export function usePredictGuard(): boolean {
  const hidden = useVerdictHidden();
  const asking = useStore(predict.store, (state) => state.pending !== null);
  const run = useApp((state) => state.run?.result.run ?? null);
  const step = useApp((state) => state.step?.step ?? null);
  useEffect(() => predict.moved(run, step), [run, step]);
  useEffect(() => {
    const root = document.documentElement;
    if (hidden) root.dataset['guess'] = 'verdict';
    else if (asking) root.dataset['guess'] = 'step';
    else delete root.dataset['guess'];
  }, [hidden, asking]);
  return hidden;
}
