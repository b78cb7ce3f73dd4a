import type { Host } from './host.ts';

/** Bytes per value in the arena. */
const VALUE = 40;
/** How often a walk is stopped to look at its memory. */
const STOPS = 5;
/** The last stop is a little before the end, when nothing has been given back yet. */
const LAST = 0.98;

/** Bytes that something keeps. */
export interface Kept {
  readonly heap: number;
  /** In the arena: all values that the walk has made and not given back. */
  readonly values: number;
}

/** What the verification of a program keeps. */
export interface Memory {
  /** Explored states that there were at one time, at most. */
  readonly peakStates: number;
  /** All that the walk refers to at its fullest: explored states above all, paths to come, jump histories, facts about the code. */
  readonly states: Kept;
  /** A finished trace; null without one. */
  readonly trace: (Kept & { readonly steps: number }) | null;
}

/** Measures every program once: heap while something is kept, less the heap once it is forgotten; both after a collection. */
export async function measureMemory(
  host: Host,
  programs: readonly { readonly id: string; readonly insns: number }[],
  trace: boolean,
): Promise<Map<string, Memory>> {
  const { heap } = host;
  if (heap === null) throw new Error(`the heap of ${host.name} cannot be looked into here`);
  const forgotten = async (): Promise<number> => {
    await host.ask({ kind: 'forget' });
    return heap();
  };
  const result = new Map<string, Memory>();
  for (const { id, insns } of programs) {
    await host.ask({ kind: 'begin', id });
    const seen: Kept[] = [];
    let peakStates = 0;
    for (let stop = 1, ended = false; !ended; stop++) {
      const until = stop > STOPS ? Infinity : (insns * LAST * stop) / STOPS;
      const at = await host.ask({ kind: 'advance', until });
      ({ ended, peakStates } = at);
      seen.push({ heap: await heap(), values: at.scalars * VALUE });
    }
    const empty = await forgotten();
    const total = (k: Kept): number => k.heap + k.values;
    const most = seen.reduce((a, b) => (total(b) > total(a) ? b : a));
    const states = { heap: Math.max(0, most.heap - empty), values: most.values };
    let traced: Memory['trace'] = null;
    if (trace) {
      const { steps, scalars } = await host.ask({ kind: 'run', id, level: 0, trace: true });
      const held = await heap();
      traced = { heap: Math.max(0, held - (await forgotten())), values: scalars * VALUE, steps };
    }
    result.set(id, { peakStates, states, trace: traced });
  }
  return result;
}
