import { arenaMark, arenaReset } from '../domain/scalar.ts';
import { Cancelled } from '../engine/explore.ts';
import { verifySliced } from '../engine/verify.ts';
import type { Env } from '../state/env.ts';
import type { Observer } from '../state/observer.ts';
import { breathe, SLICE_MS } from './breathe.ts';
import type { Reading } from './reading.ts';
import type { Listener } from './record.ts';

/** An observer that walks along until it has seen what it was after. */
export interface Witness extends Observer {
  readonly done: boolean;
  attach(env: Env): void;
}

/**
 * Walks a program once more, with somebody watching, up to the point where the witness has seen enough. Nothing is kept:
 * what the witness wants to keep it has to write down. Null if it was told to give up.
 */
export async function replay(reading: Reading, witness: Witness, listen: Listener): Promise<true | null> {
  const mark = arenaMark();
  const walk = verifySliced(reading.program!, reading.model, { level: 0, observers: [witness], onEnv: (env) => witness.attach(env) });
  try {
    let until = performance.now() + SLICE_MS;
    for (let next = walk.next(); !next.done; next = walk.next()) {
      const stop = witness.done;
      if (!stop && performance.now() < until) continue;
      if (!stop) await breathe();
      if (stop || listen(next.value)) {
        walk.throw(new Cancelled('the walk was stopped'));
        return stop ? true : null;
      }
      until = performance.now() + SLICE_MS;
    }
    return true;
  } finally {
    arenaReset(mark);
  }
}
