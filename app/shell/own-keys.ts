import type { Pane } from './layout.ts';

/** Does something with keys, `Shift+ArrowRight`; false: they mean nothing here. */
export type OwnKeys = (keys: string) => boolean;

const PANES = new Map<string, OwnKeys>();

/** While the focus is in this pane, its own keys come before the page's. Returns what ends that. */
export function ownKeys(pane: Pane, act: OwnKeys): () => void {
  PANES.set(pane, act);
  return () => {
    if (PANES.get(pane) === act) PANES.delete(pane);
  };
}

/** Lets the pane that holds an element act on keys; false if it has no use for them. */
export function actInPane(element: Element, keys: string): boolean {
  const pane = element.closest<HTMLElement>('[data-pane]')?.dataset['pane'];
  return pane !== undefined && PANES.get(pane)?.(keys) === true;
}
