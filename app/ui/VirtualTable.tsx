import type { KeyboardEvent, ReactNode } from 'react';
import { useRowWindow } from './use-row-window.ts';

export interface TableColumn {
  readonly id: string;
  readonly title: ReactNode;
  /** Width in characters of the code font. */
  readonly width: number;
}

interface Props {
  readonly label: string;
  readonly className?: string;
  readonly columns: readonly TableColumn[];
  readonly count: number;
  readonly rowHeight: number;
  /** One cell per column, each with `role="gridcell"` or `rowheader`. */
  readonly cells: (index: number) => ReactNode;
  readonly rowClass: (index: number) => string;
  /** The row that stands for what the rest of the page shows. */
  readonly current: number | null;
  /** The row that the keyboard moves and Enter takes. */
  readonly active: number | null;
  readonly onActive: (index: number) => void;
  readonly onTake: (index: number) => void;
  readonly onRange: (from: number, to: number) => void;
  readonly rowId: (index: number) => string;
}

/** Height of the row of headings. */
const HEAD = 28;

/** A table of many equal rows that renders only those in view; headings and first column stay in sight. */
export function VirtualTable(props: Props) {
  const { label, className, columns, count, rowHeight, cells, rowClass, current, active } = props;
  const { onActive, onTake, onRange, rowId } = props;
  const { box, onScroll, show, rows, page } = useRowWindow({
    count,
    rowHeight,
    head: HEAD,
    reveal: current,
    onRange,
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const at = active ?? current ?? rows.from;
    const sideways: Readonly<Record<string, number>> = { ArrowLeft: -120, ArrowRight: 120 };
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: count - 1,
    };
    const target = targets[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (target !== undefined) {
      event.preventDefault();
      const index = Math.max(Math.min(target, count - 1), 0);
      onActive(index);
      show(index);
    } else if (sideways[event.key] !== undefined) {
      event.preventDefault();
      box.current?.scrollBy({ left: sideways[event.key] });
    } else if ((event.key === 'Enter' || event.key === ' ') && active !== null) {
      event.preventDefault();
      onTake(active);
    }
  };

  const indices = Array.from({ length: Math.max(rows.to - rows.from, 0) }, (_, i) => rows.from + i);
  const activeInView = active !== null && active >= rows.from && active < rows.to;
  const template = columns.map(({ width }) => `calc(${width}ch + 18px)`).join(' ');
  return (
    <div
      ref={box}
      className={`virtual-table ${className ?? ''}`}
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-activedescendant={activeInView ? rowId(active) : undefined}
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      style={{ '--columns': template } as React.CSSProperties}
    >
      <div className="table-head" role="row" aria-rowindex={1} style={{ height: HEAD }}>
        {columns.map(({ id, title }) => (
          <span key={id} role="columnheader">
            {title}
          </span>
        ))}
      </div>
      <div className="virtual-area" role="presentation" style={{ height: rows.height }}>
        <div
          className="virtual-rows"
          role="presentation"
          style={{ transform: `translateY(${rows.top}px)` }}
          onClick={(event) => {
            const row =
              event.target instanceof Element ? event.target.closest<HTMLElement>('.table-row') : null;
            if (row === null || getSelection()?.isCollapsed === false) return;
            const index = Number(row.dataset['index']);
            onActive(index);
            onTake(index);
          }}
        >
          {indices.map((index) => (
            <div
              key={index}
              id={rowId(index)}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === active}
              aria-current={index === current ? 'step' : undefined}
              className={`table-row ${rowClass(index)}${index === active ? ' active' : ''}${index === current ? ' here' : ''}`}
              style={{ height: rowHeight }}
              data-index={index}
            >
              {cells(index)}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
