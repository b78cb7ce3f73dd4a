import type { SeekTarget, StepView } from '../../worker/protocol.ts';

/** A jump of the cursor: the worker's targets, and the neighbouring steps. */
export type Move = SeekTarget | { readonly to: 'next' | 'prev' };

/** Where the cursor wants to be after a new run: where it was, or at the failure as long as it stood there. */
export type Follow = { readonly kind: 'verdict' } | { readonly kind: 'step'; readonly step: number };

/** Asks the worker; null if the run is gone. */
export type Ask = (from: number, target: SeekTarget) => Promise<StepView | null>;

/** Moves waiting at most; a key held down on a slow run does not go on long after it is let go. */
const QUEUE = 6;

/**
 * Moves one after the other, each from where the last one led. Of several absolute moves that wait, the newest counts:
 * dragging a slider over a million steps asks only for the places that can be shown.
 */
export function createCursor(ask: Ask, show: (view: StepView) => void, fail: (reason: unknown) => void) {
  let moves: Move[] = [];
  let at: StepView | null = null;
  let moving = false;

  function targetOf(move: Move, from: number): SeekTarget {
    switch (move.to) {
      case 'next':
        return { to: 'step', step: from + 1 };
      case 'prev':
        return { to: 'step', step: Math.max(from - 1, 0) };
      default:
        return move;
    }
  }

  async function pump(): Promise<void> {
    if (moving) return;
    moving = true;
    try {
      for (let move = moves.shift(); move !== undefined; move = moves.shift()) {
        const from: number = at?.step ?? 0;
        const view = await ask(from, targetOf(move, from));
        if (view === null) return;
        at = view;
        show(view);
      }
    } catch (reason) {
      moves = [];
      fail(reason);
    } finally {
      moving = false;
    }
  }

  return {
    move(move: Move): void {
      if (move.to === 'step') moves = moves.filter((waiting) => waiting.to !== 'step');
      if (moves.length < QUEUE) moves.push(move);
      void pump();
    },
    /** Forgets where it was; a new run begins elsewhere. */
    reset(view: StepView | null): void {
      moves = [];
      at = view;
    },
  };
}
