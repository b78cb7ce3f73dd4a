import type { StoreApi } from 'zustand/vanilla';
import type { Notice, State } from './state.ts';

/** Notices that ask for nothing go by themselves after this long, */
const NOTICE_MS = 7000;
/** and offers to take something back after this. */
const OFFER_MS = 15_000;
/** Notices shown at once. */
const MOST = 3;

/** Tells the person something. */
export function createNotices({ getState: get, setState: set }: StoreApi<State>) {
  let ids = 0;

  function dismiss(id: number): void {
    set({ notices: get().notices.filter((notice) => notice.id !== id) });
  }

  function show(tone: Notice['tone'], text: string, actions: Notice['actions']): number {
    const id = ++ids;
    const others = get().notices.filter((notice) => notice.text !== text);
    set({ notices: [...others.slice(1 - MOST), { id, tone, text, actions }] });
    return id;
  }

  function notify(tone: Notice['tone'], text: string, actions: Notice['actions'] = []): void {
    const id = show(tone, text, actions);
    if (tone === 'info' && actions.length === 0) setTimeout(() => dismiss(id), NOTICE_MS);
  }

  /** Tells what was done, and offers for a while to take it back. */
  function offerUndo(text: string, undo: () => void): void {
    const id = show('info', text, [{ label: 'Undo', run: undo }]);
    setTimeout(() => dismiss(id), OFFER_MS);
  }

  return { notify, offerUndo, dismiss };
}

export type Notices = ReturnType<typeof createNotices>;
