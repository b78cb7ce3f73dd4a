import { useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../shell/context.ts';
import { openDialog } from '../shell/dialogs.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { shownColumns, shownRows } from './filter.ts';
import { KfuncDetail } from './KfuncDetail.tsx';
import { KfuncGrid } from './KfuncGrid.tsx';
import { HERE, kfuncView } from './store.ts';
import type { KfuncView } from './store.ts';
import { useKfuncs } from './use-kfuncs.ts';

const NO_KFUNCS: readonly { readonly name: string }[] = [];

const GRID = '.kfuncs-grid';

/** Focuses the first of these that is there. */
function focusIn(root: HTMLElement | null, ...selectors: readonly string[]): void {
  for (const selector of selectors) {
    const found = root?.querySelector<HTMLElement>(selector);
    if (found !== null && found !== undefined) return found.focus();
  }
}

/** Which kfunc may be called where, why, and a program that shows it. `large`: it has the whole page. */
export function KfuncsPane({ large = false }: { readonly large?: boolean }) {
  const { matrix, here, failed } = useKfuncs();
  const view = useStore(kfuncView);
  const calledHere = useApp((state) => state.run?.result.kfuncs ?? NO_KFUNCS);
  const root = useRef<HTMLDivElement>(null);
  const called = useMemo(() => new Set(calledHere.map(({ name }) => name)), [calledHere]);
  const columns = useMemo(
    () => (matrix === null ? [] : shownColumns(matrix, here, view.types)),
    [matrix, here, view.types],
  );
  const rows = useMemo(
    () => (matrix === null ? [] : shownRows(matrix, here, view, called)),
    [matrix, here, view, called],
  );

  // Over the whole page the table has the focus, once; a search that brings it back keeps its own.
  const ready = matrix !== null;
  useEffect(() => {
    if (large && ready) focusIn(root.current, GRID);
  }, [large, ready]);

  if (failed !== null) return <p className="empty">The kernel’s types could not be loaded: {failed}</p>;
  if (matrix === null) return <p className="empty">Loading the kernel’s kfuncs …</p>;

  const set = (part: Partial<KfuncView>): void => kfuncView.setState(part);
  const { selected } = view;
  const position =
    selected === null
      ? null
      : {
          row: rows.findIndex((index) => matrix.rows[index]!.key === selected.key),
          column: columns.findIndex(({ id }) => id === selected.column),
        };
  const at = position === null || position.row < 0 || position.column < 0 ? null : position;
  const byColumn = view.show === 'yes' || view.show === 'no';
  return (
    <div ref={root} className={`kfuncs-pane${large ? ' large' : ''}`}>
      <h2 className="visually-hidden">Kfuncs</h2>
      <div className="kfuncs-bar" role="search">
        <label className="kfuncs-find">
          <Icon name="find" />
          <span className="visually-hidden">Find kfuncs</span>
          <input
            type="search"
            data-kfunc-find=""
            placeholder="name, flag, family, type"
            value={view.query}
            onChange={(event) => set({ query: event.target.value })}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowDown') return;
              event.preventDefault();
              focusIn(root.current, GRID);
            }}
          />
        </label>
        <select
          aria-label="Which kfuncs"
          value={view.show}
          onChange={(event) => set({ show: event.target.value as KfuncView['show'] })}
        >
          <option value="all">all kfuncs</option>
          <option value="called">called by this program</option>
          <option value="yes">allowed in …</option>
          <option value="no">refused in …</option>
        </select>
        {byColumn && (
          <select
            aria-label="In which circumstances"
            value={view.where}
            onChange={(event) => set({ where: event.target.value })}
          >
            {here !== null && <option value={HERE}>this step</option>}
            {matrix.columns.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        )}
        <label className="kfuncs-check">
          <input
            type="checkbox"
            checked={view.types}
            onChange={(event) => set({ types: event.target.checked })}
          />{' '}
          program types
        </label>
        <span className="faint kfuncs-count" aria-live="polite">
          {rows.length} of {matrix.rows.length}
        </span>
        {!large && (
          <Button icon="table" title="Table over the whole page" onClick={() => openDialog('kfuncs')} />
        )}
      </div>
      {matrix.semantics.length > 0 && (
        <p className="kfuncs-rules">
          Rules in force:{' '}
          {matrix.semantics.map((name) => (
            <code key={name}>{name}</code>
          ))}
        </p>
      )}
      {rows.length === 0 ? (
        <p className="empty">No kfunc is like that.</p>
      ) : (
        <KfuncGrid
          matrix={matrix}
          here={here}
          columns={columns}
          rows={rows}
          called={called}
          at={at}
          onAt={(row, column) =>
            set({ selected: { key: matrix.rows[rows[row]!]!.key, column: columns[column]!.id } })
          }
          onTake={() => focusIn(root.current, '.kfuncs-detail button:not(:disabled)', '.kfuncs-detail')}
        />
      )}
      {at === null ? (
        <p className="kfuncs-hint faint">
          Choose a cell to see which rule and flag decides, and a program that shows it.
        </p>
      ) : (
        <KfuncDetail
          onLeave={() => focusIn(root.current, GRID)}
          row={matrix.rows[rows[at.row]!]!}
          column={columns[at.column]!}
          step={here?.step ?? null}
        />
      )}
    </div>
  );
}
