import { useCallback, useEffect, useRef, useState } from 'react';
import type { LogLine } from '../../worker/protocol.ts';
import { usePlayground } from '../shell/context.ts';

/** Lines asked for at once. */
const PAGE = 200;
/** Lines asked for at once when all are wanted. */
const BULK = 20_000;

interface Pages {
  readonly run: number | null;
  readonly level: 1 | 2;
  readonly total: number;
  readonly pages: ReadonlyMap<number, readonly LogLine[]>;
}

/** A run's log, read from the worker page by page as it comes into view. */
export function useLogLines(run: number | null, level: 1 | 2) {
  const playground = usePlayground();
  const [state, setState] = useState<Pages>({ run: null, level, total: 0, pages: new Map() });
  const range = useRef<readonly [number, number]>([0, PAGE]);
  const asked = useRef(new Set<string>());

  const fetchRange = useCallback(() => {
    if (run === null) return;
    for (let page = Math.floor(range.current[0] / PAGE); page * PAGE < range.current[1]; page++) {
      const key = `${run} ${level} ${page}`;
      if (asked.current.has(key)) continue;
      asked.current.add(key);
      playground
        .ask((worker) => worker.log(run, level, page * PAGE, (page + 1) * PAGE))
        .then(({ total, lines }) =>
          setState((before) => {
            const pages = new Map(before.run === run && before.level === level ? before.pages : []);
            return { run, level, total, pages: pages.set(page, lines) };
          }),
        )
        // The run was replaced while its log was read: the next one's takes its place.
        .catch(() => asked.current.delete(key));
    }
  }, [playground, run, level]);

  useEffect(() => {
    asked.current.clear();
    fetchRange();
  }, [fetchRange]);

  const onRange = useCallback(
    (from: number, to: number) => {
      range.current = [from, Math.max(to, from + 1)];
      fetchRange();
    },
    [fetchRange],
  );

  const lineAt = useCallback(
    (index: number) => state.pages.get(Math.floor(index / PAGE))?.[index % PAGE],
    [state.pages],
  );

  const whole = useCallback(async (): Promise<string> => {
    if (run === null) return '';
    let text = '';
    for (let from = 0; ; from += BULK) {
      const { total, lines } = await playground.ask((worker) => worker.log(run, level, from, from + BULK));
      for (const line of lines) text += `${line.text}\n`;
      if (from + BULK >= total) return text;
    }
  }, [playground, run, level]);

  return { total: run === null ? 0 : state.total, lineAt, onRange, whole };
}
