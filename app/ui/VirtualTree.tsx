import { useEffect, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useRowWindow } from './use-row-window.ts';

/** What the tree has to know of a row. */
export interface TreeRow {
  readonly id: string;
  /** Level, place among its siblings and their number, all from 1. */
  readonly level: number;
  readonly place: number;
  readonly places: number;
  /** Index of the row that it lies beneath, -1 on the first level. */
  readonly parent: number;
  /** Null: nothing lies beneath it. */
  readonly open: boolean | null;
  /** What a screen reader says. */
  readonly label: string;
  readonly className: string;
  readonly current: boolean;
  readonly content: ReactNode;
}

interface Props {
  readonly label: string;
  readonly count: number;
  readonly rowHeight: number;
  /** Undefined: on its way. */
  readonly row: (index: number) => TreeRow | undefined;
  /** Row to bring into view whenever it changes. */
  readonly reveal: number | null;
  /** The row that keys move, -1 for none. */
  readonly active: number;
  readonly onActive: (index: number) => void;
  /** Enter, or a click on a row. */
  readonly onTake: (index: number) => void;
  readonly onToggle: (index: number, open: boolean) => void;
  /** `*`: open all siblings. */
  readonly onExpandAll: () => void;
  readonly onRange: (from: number, to: number) => void;
}

/**
 * A tree of equal rows that renders only those in view, with the keys of the ARIA tree pattern. Focus stays on the tree;
 * the active row is named to screen readers.
 */
export function VirtualTree(props: Props) {
  const { label, count, rowHeight, row, reveal, active, onActive, onTake, onToggle, onExpandAll, onRange } =
    props;
  const { box, onScroll, show, rows, height, page } = useRowWindow({ count, rowHeight, reveal, onRange });

  // What stands around the tree may take room from it: the active row stays in sight.
  const kept = useRef(active);
  useEffect(() => {
    kept.current = active;
  }, [active]);
  useEffect(() => show(kept.current), [show, height]);

  const go = (index: number): void => {
    const target = Math.max(Math.min(index, count - 1), 0);
    onActive(target);
    show(target);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || count === 0) return;
    const at = active >= 0 ? active : rows.from;
    const here = row(at);
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(active < 0 ? at : at + 1),
      ArrowUp: () => go(at - 1),
      PageDown: () => go(at + page),
      PageUp: () => go(at - page),
      Home: () => go(0),
      End: () => go(count - 1),
      ArrowRight: () => {
        if (here?.open === false) onToggle(at, true);
        else if (here?.open === true) go(at + 1);
      },
      ArrowLeft: () => {
        if (here?.open === true) onToggle(at, false);
        else if (here !== undefined && here.parent >= 0) go(here.parent);
      },
      Enter: () => onTake(at),
      ' ': () => onTake(at),
      '*': onExpandAll,
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  const indices = Array.from({ length: Math.max(rows.to - rows.from, 0) }, (_, i) => rows.from + i);
  const activeRow = active >= rows.from && active < rows.to ? row(active) : undefined;
  return (
    <div
      ref={box}
      className="virtual-list virtual-tree"
      role="tree"
      aria-label={label}
      aria-activedescendant={activeRow?.id}
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onFocus={() => {
        if (active < 0 && count > 0) onActive(reveal !== null && reveal >= 0 ? reveal : rows.from);
      }}
    >
      <div className="virtual-area" role="presentation" style={{ height: rows.height }}>
        <div className="virtual-rows" role="presentation" style={{ transform: `translateY(${rows.top}px)` }}>
          {indices.map((index) => {
            const item = row(index);
            if (item === undefined)
              return (
                <div
                  key={`wait ${index}`}
                  className="tree-row waiting"
                  role="presentation"
                  style={{ height: rowHeight }}
                />
              );
            return (
              <div
                key={item.id}
                id={item.id}
                role="treeitem"
                aria-label={item.label}
                aria-level={item.level}
                aria-posinset={item.place}
                aria-setsize={item.places}
                aria-expanded={item.open ?? undefined}
                aria-selected={index === active}
                aria-current={item.current ? 'step' : undefined}
                className={`tree-row ${item.className}${index === active ? ' active' : ''}`}
                style={{ height: rowHeight, '--level': Math.min(item.level, 24) } as React.CSSProperties}
                onClick={() => {
                  onActive(index);
                  onTake(index);
                }}
              >
                <span
                  className={`twisty${item.open === null ? ' none' : item.open ? ' open' : ''}`}
                  aria-hidden="true"
                  onClick={(event) => {
                    if (item.open === null) return;
                    event.stopPropagation();
                    onActive(index);
                    onToggle(index, !item.open);
                  }}
                />
                {item.content}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
