import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { scrollTo, windowRows } from './window-rows.ts';

interface Options {
  readonly count: number;
  readonly rowHeight: number;
  /** Height of what stays in sight above the rows. */
  readonly head?: number;
  /** Row to bring into view whenever it changes. */
  readonly reveal: number | null;
  /** Called with the rows that are in view. */
  readonly onRange?: ((from: number, to: number) => void) | undefined;
}

/**
 * Follows the scrolling of a box of equal rows: which of them are in view, how to bring one there. `box` and `onScroll`
 * go on the box; `page` is how many rows PageDown moves.
 */
export function useRowWindow({ count, rowHeight, head = 0, reveal, onRange }: Options) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ scrollTop: 0, height: 400 });

  const onScroll = useCallback(() => {
    const el = box.current;
    if (el !== null) setView({ scrollTop: el.scrollTop, height: Math.max(el.clientHeight - head, 0) });
  }, [head]);

  useLayoutEffect(() => {
    const el = box.current;
    if (el === null) return;
    onScroll();
    const observer = new ResizeObserver(onScroll);
    observer.observe(el);
    return () => observer.disconnect();
  }, [onScroll]);

  const show = useCallback(
    (index: number) => {
      const el = box.current;
      if (el === null || el.clientHeight === 0 || index < 0) return;
      const height = el.clientHeight - head;
      const rows = windowRows(count, rowHeight, el.scrollTop, height, -1);
      if (index < rows.from || index >= rows.to) el.scrollTop = scrollTo(index, count, rowHeight, height);
    },
    [count, rowHeight, head],
  );

  useEffect(() => {
    if (reveal !== null) show(reveal);
  }, [reveal, show]);

  const rows = windowRows(count, rowHeight, view.scrollTop, view.height);
  useEffect(() => onRange?.(rows.from, rows.to), [onRange, rows.from, rows.to]);

  return {
    box,
    onScroll,
    show,
    rows,
    height: view.height,
    page: Math.max(Math.floor(view.height / rowHeight) - 1, 1),
  };
}
