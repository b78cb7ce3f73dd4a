import { useEffect, useId } from 'react';
import type { KeyboardEvent } from 'react';
import type { KfuncMatrix, KfuncReason, KfuncsHere } from '../../worker/protocol/kfuncs.ts';
import { Icon } from '../ui/Icon.tsx';
import { useRowWindow } from '../ui/use-row-window.ts';
import { reasonAt } from './filter.ts';
import type { ShownColumn } from './filter.ts';

const ROW = 30;
const HEAD = 34;

const WORDS = { yes: 'allowed', no: 'refused', none: 'does not exist here' } as const;

interface Props {
  readonly matrix: KfuncMatrix;
  readonly here: KfuncsHere | null;
  readonly columns: readonly ShownColumn[];
  readonly rows: readonly number[];
  readonly called: ReadonlySet<string>;
  /** Position in `rows` and `columns`, null: nowhere. */
  readonly at: { readonly row: number; readonly column: number } | null;
  readonly onAt: (row: number, column: number) => void;
  /** Enter: to what there is to do with the cell. */
  readonly onTake: () => void;
}

function Mark({ reason }: { readonly reason: KfuncReason | null }) {
  if (reason === null || reason.verdict === 'none') return <span className="kfuncs-mark">–</span>;
  return (
    <span className="kfuncs-mark">
      <Icon name={reason.verdict === 'yes' ? 'check' : 'cross'} />
    </span>
  );
}

/** Kfuncs down, circumstances across; only the rows in view are rendered. One stop for Tab, arrows inside. */
export function KfuncGrid({ matrix, here, columns, rows, called, at, onAt, onTake }: Props) {
  const id = useId();
  const row = at?.row ?? -1;
  const column = at?.column ?? -1;
  const {
    box,
    onScroll,
    rows: seen,
    page,
  } = useRowWindow({
    count: rows.length,
    rowHeight: ROW,
    head: HEAD,
    reveal: row,
  });

  // The column comes into view beside the names, which stay in sight.
  useEffect(() => {
    const el = box.current;
    const cell = el?.querySelector<HTMLElement>(`[data-column="${column}"]`);
    const name = el?.querySelector<HTMLElement>('.kfuncs-corner');
    if (el === null || cell === null || cell === undefined || name === null || name === undefined) return;
    const left = cell.offsetLeft - name.offsetWidth;
    if (left < el.scrollLeft) el.scrollTo({ left });
    else if (cell.offsetLeft + cell.offsetWidth > el.scrollLeft + el.clientWidth)
      el.scrollTo({ left: cell.offsetLeft + cell.offsetWidth - el.clientWidth });
  }, [box, column, columns.length]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const [r, c] = [Math.max(row, 0), Math.max(column, 0)];
    const last = rows.length - 1;
    const end = columns.length - 1;
    const targets: Readonly<Record<string, readonly [number, number]>> = {
      ArrowDown: [r + 1, c],
      ArrowUp: [r - 1, c],
      ArrowRight: [r, c + 1],
      ArrowLeft: [r, c - 1],
      PageDown: [r + page, c],
      PageUp: [r - page, c],
      Home: event.ctrlKey ? [0, 0] : [r, 0],
      End: event.ctrlKey ? [last, end] : [r, end],
    };
    const target = targets[event.key];
    if (target !== undefined && rows.length > 0) {
      event.preventDefault();
      const within = (value: number, most: number): number => Math.max(Math.min(value, most), 0);
      const entering = at === null && event.key.startsWith('Arrow');
      onAt(entering ? 0 : within(target[0], last), entering ? 0 : within(target[1], end));
    } else if ((event.key === 'Enter' || event.key === ' ') && at !== null) {
      event.preventDefault();
      onTake();
    }
  };

  const inView = row >= seen.from && row < seen.to;
  return (
    <div
      ref={box}
      className="kfuncs-grid"
      role="grid"
      aria-label="Which kfunc may be called where"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-activedescendant={inView && column >= 0 ? `${id}-${row}-${column}` : undefined}
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div
        className="kfuncs-area"
        style={{ height: HEAD + seen.height, '--columns': columns.length } as React.CSSProperties}
      >
        <div role="rowgroup" className="kfuncs-head">
          <div role="row" aria-rowindex={1} className="kfuncs-row">
            <div role="columnheader" aria-colindex={1} className="kfuncs-name kfuncs-corner">
              Kfunc
            </div>
            {columns.map(({ id: columnId, title, sentence, lit }, c) => (
              <div
                key={columnId}
                role="columnheader"
                aria-colindex={c + 2}
                className={`kfuncs-cell${lit ? ' lit' : ''}`}
                title={sentence}
                data-column={c}
              >
                {title}
                {lit && <span className="visually-hidden"> (now)</span>}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup">
          {rows.slice(seen.from, seen.to).map((index, offset) => {
            const r = seen.from + offset;
            const { key, name, module, invented, changed } = matrix.rows[index]!;
            return (
              <div
                key={key}
                role="row"
                aria-rowindex={r + 2}
                className={`kfuncs-row kfuncs-body${r === row ? ' current' : ''}`}
                style={{ top: HEAD + seen.top + offset * ROW }}
              >
                <div
                  role="rowheader"
                  aria-colindex={1}
                  className="kfuncs-name"
                  title={key}
                  onClick={() => onAt(r, Math.max(column, 0))}
                >
                  {module !== null && <span className="kfuncs-module">{module}:</span>}
                  <span className={called.has(name) ? 'called' : ''}>{name}</span>
                  {invented && <span className="tag plain">invented</span>}
                  {changed && <span className="tag differs">changed</span>}
                </div>
                {columns.map((shown, c) => {
                  const reason = reasonAt(matrix, here, index, shown.index);
                  const verdict = reason?.verdict ?? 'none';
                  const active = r === row && c === column;
                  return (
                    <div
                      key={shown.id}
                      id={`${id}-${r}-${c}`}
                      role="gridcell"
                      aria-colindex={c + 2}
                      aria-selected={active}
                      className={`kfuncs-cell is-${verdict}${shown.lit ? ' lit' : ''}${active ? ' active' : ''}`}
                      onClick={() => onAt(r, c)}
                    >
                      <Mark reason={reason} />
                      <span className="visually-hidden">{WORDS[verdict]}: </span>
                      <span className="kfuncs-short">{reason?.short ?? ''}</span>
                    </div>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
