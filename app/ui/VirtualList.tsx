import type { KeyboardEvent, ReactNode } from 'react';
import { useRowWindow } from './use-row-window.ts';

interface Props {
  readonly label: string;
  readonly className?: string;
  readonly count: number;
  readonly rowHeight: number;
  readonly row: (index: number) => ReactNode;
  /** Row to bring into view whenever it changes. */
  readonly reveal: number | null;
  /** The row that arrow keys move and Enter takes. */
  readonly active: number | null;
  readonly onActive: (index: number) => void;
  readonly onTake: (index: number) => void;
  /** Called with the rows that are in view. */
  readonly onRange?: (from: number, to: number) => void;
  readonly rowId: (index: number) => string;
  readonly pane?: string;
}

/** A list of equal rows that renders only those in view, and can be walked with the keyboard. */
export function VirtualList(props: Props) {
  const { label, className, count, rowHeight, row, reveal, active, onActive, onTake, onRange, rowId, pane } =
    props;
  const { box, onScroll, show, rows, page } = useRowWindow({ count, rowHeight, reveal, onRange });

  const onKeyDown = (event: KeyboardEvent): void => {
    const at = active ?? rows.from;
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: count - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      event.preventDefault();
      const index = Math.max(Math.min(target, count - 1), 0);
      onActive(index);
      show(index);
    } else if ((event.key === 'Enter' || event.key === ' ') && active !== null) {
      event.preventDefault();
      onTake(active);
    }
  };

  const indices = Array.from({ length: Math.max(rows.to - rows.from, 0) }, (_, i) => rows.from + i);
  const activeInView = active !== null && active >= rows.from && active < rows.to;
  return (
    <div
      ref={box}
      className={`virtual-list ${className ?? ''}`}
      role="listbox"
      aria-label={label}
      aria-activedescendant={activeInView ? rowId(active) : undefined}
      tabIndex={0}
      data-pane={pane}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div className="virtual-area" style={{ height: rows.height }}>
        <div className="virtual-rows" style={{ transform: `translateY(${rows.top}px)` }}>
          {indices.map(row)}
        </div>
      </div>
    </div>
  );
}
