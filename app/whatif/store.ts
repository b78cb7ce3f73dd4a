import { createStore } from 'zustand/vanilla';
import { RELEASED, type Against } from './against.ts';

/** What runs are compared with. */
export const against = createStore<Against>(() => RELEASED);
