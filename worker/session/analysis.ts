import type { Trace } from '../trace/trace.ts';
import { breathe, SLICE_MS } from './breathe.ts';
import type { RunAccess } from './run-access.ts';
import type { StepSource } from './views/step.ts';

/**
 * Does work over a whole recorded walk in slices, so that other questions are answered meanwhile. `begin` makes a
 * generator that yields how far it is (0 to 1); `listen` is told between slices and stops the work by returning true.
 * If the recording is given up meanwhile (its values make room for others), the work begins again on a new one.
 * Null if it was stopped. @throws NoSuchRun when the run is released.
 */
export async function analyse<T>(
  access: RunAccess,
  id: number,
  begin: (source: StepSource) => Generator<number, T>,
  listen: (done: number) => boolean = () => false,
): Promise<T | null> {
  for (;;) {
    const run = access.runOf(id);
    const source = await access.sourceOf(run);
    const { recorded } = run;
    const work = begin(source);
    do {
      let next = work.next();
      const until = performance.now() + SLICE_MS;
      while (!next.done && performance.now() < until) next = work.next();
      if (next.done) return next.value;
      await breathe();
      if (listen(next.value)) return null;
    } while (access.runOf(id).recorded === recorded);
  }
}

/** Remembers what was found out about each recorded walk, by a key, the newest `kept` of them. */
export function traceCache<T>(kept: number): {
  get(trace: Trace, key: string): T | undefined;
  set(trace: Trace, key: string, value: T): T;
} {
  const caches = new WeakMap<Trace, Map<string, T>>();
  return {
    get: (trace, key) => caches.get(trace)?.get(key),
    set(trace, key, value) {
      const cache = caches.get(trace) ?? new Map<string, T>();
      caches.set(trace, cache);
      cache.delete(key);
      cache.set(key, value);
      for (const old of cache.keys()) {
        if (cache.size <= kept) break;
        cache.delete(old);
      }
      return value;
    },
  };
}
