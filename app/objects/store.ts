import { createStore } from 'zustand/vanilla';
import type { ObjectProgramView } from '../../worker/protocol/objects.ts';

/** A compiled object that was opened; it is kept so that another of its programs can be taken. */
export interface OpenedObject {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly programs: readonly ObjectProgramView[];
}

/** The object that was opened last. */
export const openedObject = createStore<{ readonly object: OpenedObject | null }>(() => ({ object: null }));
