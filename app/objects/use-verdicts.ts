import * as Comlink from 'comlink';
import { useEffect, useState } from 'react';
import type { ObjectVerdict } from '../../worker/protocol/objects.ts';
import { usePlayground } from '../shell/context.ts';
import type { OpenedObject } from './store.ts';

type Verdicts = ReadonlyMap<string, ObjectVerdict>;

const NONE: Verdicts = new Map();

/** What the verifier says of the programs of an object, by name, as it comes to them; it stops when nobody looks any more. */
export function useVerdicts(object: OpenedObject | null): Verdicts {
  const playground = usePlayground();
  const [known, setKnown] = useState<{ readonly of: OpenedObject | null; readonly verdicts: Verdicts }>({
    of: null,
    verdicts: NONE,
  });
  useEffect(() => {
    if (object === null) return undefined;
    let looking = true;
    const onVerdict = Comlink.proxy((verdict: ObjectVerdict): boolean => {
      if (looking)
        setKnown(({ of, verdicts }) => ({
          of: object,
          verdicts: new Map(of === object ? verdicts : NONE).set(verdict.program, verdict),
        }));
      return looking;
    });
    playground
      .ask((worker) => worker.objectVerdicts(object.bytes, object.fileName, onVerdict))
      // without verdicts it is a list still
      .catch(() => undefined);
    return () => {
      looking = false;
    };
  }, [object, playground]);
  return known.of === object ? known.verdicts : NONE;
}
