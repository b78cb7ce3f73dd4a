import type { Host } from './host.ts';
import type { BenchProgram } from './programs.ts';

/** Bytes per value in the arena. */
const VALUE = 40;

/** Bytes that something keeps after the walk. */
export interface Kept {
  readonly heap: number;
  /** In the arena: all values that the walk made and has not given back. */
  readonly values: number;
}

/** What the walk of a program keeps. */
export interface Memory {
  readonly insns: number;
  /** Explored states that there were at one time, at most. */
  readonly peakStates: number;
  /** The explored states with their jump histories, at the end of the walk. */
  readonly states: Kept;
  /** A finished trace; null without one. */
  readonly trace: (Kept & { readonly steps: number }) | null;
}

/** Measures every program once: heap while something is kept, less the heap once it is forgotten. */
export async function measureMemory(
  host: Host,
  programs: readonly BenchProgram[],
  trace: boolean,
): Promise<Map<string, Memory>> {
  const { heap } = host;
  if (heap === null) throw new Error(`the heap of ${host.name} cannot be looked into here`);
  const kept = async (): Promise<number> => {
    const held = await heap();
    await host.ask({ kind: 'forget' });
    return Math.max(0, held - (await heap()));
  };
  const result = new Map<string, Memory>();
  for (const { id } of programs) {
    const run = await host.ask({ kind: 'run', id, level: 0, trace: false, hold: true });
    const states = { heap: await kept(), values: run.scalars * VALUE };
    let traced: Memory['trace'] = null;
    if (trace) {
      const { steps, scalars } = await host.ask({ kind: 'run', id, level: 0, trace: true });
      traced = { heap: await kept(), values: scalars * VALUE, steps };
    }
    result.set(id, { insns: run.insns, peakStates: run.peakStates, states, trace: traced });
  }
  return result;
}
