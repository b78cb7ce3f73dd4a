import { useCallback, useEffect, useRef, useState } from 'react';

/** Rows asked for at once. */
const PAGE = 100;

interface Pages<T> {
  readonly key: string | null;
  readonly pages: ReadonlyMap<number, readonly T[]>;
}

/**
 * Rows of a long table, read page by page as they come into view. `key` names the table: another one, and nothing of the
 * last is shown. `read` may reject when the table is gone.
 */
export function useRows<T>(key: string | null, read: (from: number, to: number) => Promise<readonly T[]>) {
  const [state, setState] = useState<Pages<T>>({ key: null, pages: new Map() });
  const range = useRef<readonly [number, number]>([0, PAGE]);
  const asked = useRef(new Set<string>());
  const reading = useRef(read);
  useEffect(() => {
    reading.current = read;
  });

  const readRange = useCallback(() => {
    if (key === null) return;
    for (let page = Math.floor(range.current[0] / PAGE); page * PAGE < range.current[1]; page++) {
      const name = `${key} ${page}`;
      if (asked.current.has(name)) continue;
      asked.current.add(name);
      reading
        .current(page * PAGE, (page + 1) * PAGE)
        .then((rows) =>
          setState((before) => ({
            key,
            pages: new Map(before.key === key ? before.pages : []).set(page, rows),
          })),
        )
        // The run was replaced meanwhile: the next one's table takes its place.
        .catch(() => asked.current.delete(name));
    }
  }, [key]);

  useEffect(() => {
    asked.current.clear();
    readRange();
  }, [readRange]);

  const onRange = useCallback(
    (from: number, to: number) => {
      range.current = [from, Math.max(to, from + 1)];
      readRange();
    },
    [readRange],
  );

  const rowAt = useCallback(
    (index: number): T | undefined =>
      state.key === key ? state.pages.get(Math.floor(index / PAGE))?.[index % PAGE] : undefined,
    [state, key],
  );

  return { rowAt, onRange };
}
