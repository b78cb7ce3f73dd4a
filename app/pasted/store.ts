import { createStore } from 'zustand/vanilla';
import type { LoggedWalk } from '../../worker/protocol/pasted.ts';
import type { Playground } from '../playground/playground.ts';
import { showPane } from '../shell/layout.ts';

/** The log that was pasted, and where one stands in it. */
export interface Pasted {
  readonly walk: LoggedWalk | null;
  /** Step, -1: before the first. */
  readonly step: number;
  /** The document ({@link State.opened}) that is taken for its program, edited or not; null: none. */
  readonly linked: number | null;
  /** Why the last text was not taken. */
  readonly refused: string | null;
}

export const pasted = createStore<Pasted>(() => ({ walk: null, step: 0, linked: null, refused: null }));

/** Takes a log apart and shows it. */
export async function readPasted(playground: Playground, text: string): Promise<void> {
  try {
    const walk = await playground.ask((worker) => worker.readLog(text));
    if (walk === null)
      pasted.setState({ refused: 'No line of this reads like a verifier’s log (“12: (b7) r1 = 5”).' });
    else
      pasted.setState({
        walk,
        step: walk.verdict === 'rejected' ? walk.steps.length - 1 : 0,
        linked: null,
        refused: null,
      });
  } catch (reason) {
    pasted.setState({ refused: reason instanceof Error ? reason.message : String(reason) });
  }
}

/** Reads a log and brings it into view. */
export async function stepThrough(playground: Playground, text: string): Promise<void> {
  await readPasted(playground, text);
  showPane('pasted');
}

/** Takes the open document for the program of the log. */
export function linkOpen(playground: Playground): void {
  pasted.setState({ linked: playground.store.getState().opened });
}
