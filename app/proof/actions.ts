import type { Playground } from '../playground/playground.ts';
import type { Action } from '../shell/action.ts';

/** Goes to where the next path was pruned, or the one before. */
async function toPruning(playground: Playground, direction: 1 | -1): Promise<void> {
  const { run, step } = playground.store.getState();
  if (run === null || step === null) return;
  try {
    const found = await playground.ask((worker) => worker.pruning(run.result.run, step.step, direction));
    if (playground.store.getState().run !== run) return;
    if (found !== null) playground.move({ to: 'step', step: found });
    else
      playground.notify(
        'info',
        direction === 1 ? 'No path is pruned after this step.' : 'No path was pruned before this step.',
      );
  } catch {
    // The run was replaced meanwhile.
  }
}

/** Ways from one pruned path to another. */
export const PROOF_ACTIONS: readonly Action[] = [
  {
    id: 'next-pruned',
    title: 'To where the next path is pruned',
    group: 'Walk',
    keys: ['e'],
    run: (playground) => void toPruning(playground, 1),
  },
  {
    id: 'prev-pruned',
    title: 'Back to where a path was pruned',
    group: 'Walk',
    keys: ['Shift+E'],
    run: (playground) => void toPruning(playground, -1),
  },
];
