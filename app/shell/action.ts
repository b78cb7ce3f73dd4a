import type { Playground } from '../playground/playground.ts';

/** Headings of the keyboard sheet and the palette, in this order. */
export const ACTION_GROUPS = ['Walk', 'Explore', 'Panes', 'Program', 'Learn', 'Help'] as const;

/** Something a person can do, by key or by name. */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly group: (typeof ACTION_GROUPS)[number];
  /**
   * Keys as `Shift+ArrowRight`; none: by name only. Plain keys act only outside of text fields and the editor; function
   * keys and chords with Ctrl (⌘) or Alt act everywhere.
   */
  readonly keys: readonly string[];
  readonly run: (playground: Playground) => void;
}

/** Frames that a pane may take to come up: its code may have to be fetched. */
const PATIENCE = 180;

/** Moves the keyboard's focus to a pane, as soon as it is there; whoever presses another key meanwhile is not called back. */
export function focusPane(pane: string): void {
  const waiting = new AbortController();
  const { signal } = waiting;
  const look = (left: number): void => {
    if (signal.aborted) return;
    const found = document.querySelector<HTMLElement>(`[data-pane="${pane}"]`);
    found?.focus();
    if (found === null && left > 0) requestAnimationFrame(() => look(left - 1));
    else waiting.abort();
  };
  requestAnimationFrame(() => look(PATIENCE));
  for (const type of ['keydown', 'pointerdown'])
    addEventListener(type, () => waiting.abort(), { capture: true, signal });
}
