import { useCallback, useEffect, useRef, useState } from 'react';
import type { PathRow, PathTreeState, PathWindow } from '../../worker/protocol/paths.ts';
import { usePlayground } from '../shell/context.ts';

/** Rows asked for beyond those in view, on either side. */
const MARGIN = 60;

interface Asked {
  readonly run: number;
  readonly state: PathTreeState;
  readonly node: number | null;
}

interface Shown extends Asked {
  readonly window: PathWindow;
}

/**
 * The part of a run's tree that is in view, from the worker. One question is under way at a time: of those that come up
 * meanwhile only the newest is asked. The window that was there stays until the next one comes.
 */
export function usePaths(run: number | null, state: PathTreeState, node: number | null) {
  const playground = usePlayground();
  const [shown, setShown] = useState<Shown | null>(null);
  const wanted = useRef<{ asked: Asked | null; from: number; to: number }>({ asked: null, from: 0, to: 40 });
  const have = useRef<Shown | null>(null);
  const busy = useRef(false);

  const pump = useCallback(async () => {
    if (busy.current) return;
    busy.current = true;
    try {
      for (;;) {
        const { asked, from, to } = wanted.current;
        const known = have.current;
        if (asked === null) return;
        if (
          known !== null &&
          known.run === asked.run &&
          known.state === asked.state &&
          known.node === asked.node &&
          known.window.from <= from &&
          known.window.from + known.window.rows.length >= Math.min(to, known.window.total)
        )
          return;
        try {
          const window = await playground.ask((worker) =>
            worker.paths(asked.run, asked.state, Math.max(from - MARGIN, 0), to + MARGIN, asked.node),
          );
          have.current = { ...asked, window };
          setShown(have.current);
        } catch {
          // The run was replaced meanwhile: the next one's tree takes its place.
          if (wanted.current.asked === asked) return;
        }
      }
    } finally {
      busy.current = false;
    }
  }, [playground]);

  useEffect(() => {
    wanted.current.asked = run === null ? null : { run, state, node };
    void pump();
  }, [pump, run, state, node]);

  const onRange = useCallback(
    (from: number, to: number) => {
      wanted.current = { ...wanted.current, from, to };
      void pump();
    },
    [pump],
  );

  const window = shown !== null && shown.run === run ? shown.window : null;
  const rowAt = useCallback(
    (index: number): PathRow | undefined => (window === null ? undefined : window.rows[index - window.from]),
    [window],
  );
  return { window, rowAt, onRange };
}
