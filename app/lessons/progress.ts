import { createStore } from 'zustand/vanilla';
import { deviceStorage } from '../drafts/storage.ts';

/** How far a person is; kept on this device. */
export interface Progress {
  /** Lessons whose checks all held at some time. */
  readonly solved: readonly string[];
  /** Lessons whose solution was looked at before that. */
  readonly shown: readonly string[];
  /** Answer to a lesson's question: index of the option. */
  readonly answers: Readonly<Record<string, number>>;
}

const KEY = 'bpf-playground.lessons';
const EMPTY: Progress = { solved: [], shown: [], answers: {} };

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

/** What was kept, as far as it has the right shape. */
export function readProgress(text: string | null): Progress {
  try {
    const { solved, shown, answers } = JSON.parse(text ?? '{}') as Record<string, unknown>;
    const pairs = typeof answers === 'object' && answers !== null ? Object.entries(answers) : [];
    return {
      solved: strings(solved),
      shown: strings(shown),
      answers: Object.fromEntries(
        pairs.filter((pair): pair is [string, number] => typeof pair[1] === 'number'),
      ),
    };
  } catch {
    return EMPTY;
  }
}

/** Progress in a storage; `clear` forgets all. */
export function createProgress(storage: Storage) {
  const store = createStore<Progress>(() => readProgress(storage.getItem(KEY)));

  function change(part: Partial<Progress>): void {
    store.setState(part);
    try {
      storage.setItem(KEY, JSON.stringify(store.getState()));
    } catch {
      // Without storage it lasts as long as the page.
    }
  }

  const including = (ids: readonly string[], id: string): readonly string[] =>
    ids.includes(id) ? ids : [...ids, id];

  return {
    store,
    solve: (id: string): void => change({ solved: including(store.getState().solved, id) }),
    /** The solution was shown; solving it afterwards counts all the same. */
    show: (id: string): void => change({ shown: including(store.getState().shown, id) }),
    answer: (id: string, option: number): void =>
      change({ answers: { ...store.getState().answers, [id]: option } }),
    clear: (): void => change(EMPTY),
  };
}

export const progress = createProgress(deviceStorage());
