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

/** Moves the keyboard's focus to a pane. */
export function focusPane(pane: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-pane="${pane}"]`)?.focus());
}
