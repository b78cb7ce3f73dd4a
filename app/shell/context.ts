import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Playground } from '../playground/playground.ts';
import type { State } from '../playground/state.ts';
import { layout } from './layout.ts';
import type { Layout } from './layout.ts';

export const PlaygroundContext = createContext<Playground | null>(null);

/** The playground that the page shows. */
export function usePlayground(): Playground {
  const playground = useContext(PlaygroundContext);
  if (playground === null) throw new Error('no playground around this component');
  return playground;
}

/** A part of the playground's state; select primitives or stored objects, never new ones. */
export function useApp<T>(select: (state: State) => T): T {
  return useStore(usePlayground().store, select);
}

export function useLayout<T>(select: (state: Layout) => T): T {
  return useStore(layout, select);
}
