import { useMemo, useState } from 'react';
import type { VisitRow, VisitTable } from '../../worker/protocol/visits.ts';
import { count, plural } from '../playground/verdict-words.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { Nothing } from '../shell/Nothing.tsx';
import { Button } from '../ui/Button.tsx';
import { VirtualTable } from '../ui/VirtualTable.tsx';
import type { TableColumn } from '../ui/VirtualTable.tsx';
import { findPinned, pinOf } from './pin.ts';
import type { Pin } from './pin.ts';
import { useVisits } from './use-visits.ts';

const ROW = 24;
/** With more columns than this, those that never change are left out unless asked for. */
const MANY = 8;
/** Widths of value columns in characters. */
const NARROW = 8;
const WIDE = 38;
/** Rows that are looked at to find out how wide a column must be. */
const LOOKED_AT = 60;

const END_WORDS: Readonly<Record<NonNullable<VisitRow['end']>, string>> = {
  exit: 'exits',
  pruned: 'pruned',
  rejected: 'rejected',
  dead: 'dead end',
};

function columnsOf(
  table: VisitTable,
  shown: readonly number[],
  rowAt: (index: number) => VisitRow | undefined,
): readonly TableColumn[] {
  const digits = (n: number): number => count(n).length;
  const looked = Array.from({ length: LOOKED_AT }, (_, i) => rowAt(Math.max(table.here - 20, 0) + i));
  const width = (texts: readonly (string | undefined)[], least: number, most: number): number =>
    Math.min(Math.max(least, ...texts.map((text) => text?.length ?? 0)), most);
  return [
    { id: 'visit', title: 'visit', width: Math.max(digits(table.count), 5) },
    { id: 'step', title: 'step', width: 9 },
    { id: 'path', title: 'path', width: looked.some((row) => typeof row?.end === 'string') ? 16 : 7 },
    ...(table.depths ? [{ id: 'frame', title: 'frame', width: 5 }] : []),
    ...(table.held
      ? [
          {
            id: 'held',
            title: 'held',
            width: width(
              looked.map((row) => row?.held),
              NARROW,
              WIDE,
            ),
          },
        ]
      : []),
    ...shown.map((c) => ({
      id: table.columns[c]!.name,
      title: table.columns[c]!.name,
      width: width(
        looked.map((row) => row?.cells[c]),
        NARROW,
        WIDE,
      ),
    })),
  ];
}

function Cells({
  table,
  index,
  row,
  shown,
}: {
  readonly table: VisitTable;
  readonly index: number;
  readonly row: VisitRow | undefined;
  readonly shown: readonly number[];
}) {
  return (
    <>
      <span role="rowheader">{count(index + 1)}</span>
      <span role="gridcell">{row === undefined ? '' : count(row.step + 1)}</span>
      <span
        role="gridcell"
        title={
          row === undefined || row.end === null ? undefined : `The path ends here: ${END_WORDS[row.end]}`
        }
      >
        {row === undefined ? '' : count(row.path + 1)}
        {row !== undefined && row.end !== null && (
          <span className={`visit-end end-${row.end}`}>{END_WORDS[row.end]}</span>
        )}
      </span>
      {table.depths && <span role="gridcell">{row?.frame ?? ''}</span>}
      {table.held && (
        <span role="gridcell" title={row?.held}>
          {row?.held ?? ''}
        </span>
      )}
      {shown.map((c) => {
        const text = row?.cells[c] ?? '';
        const changed = row?.changed.includes(c) === true;
        return (
          <span
            key={c}
            role="gridcell"
            className={`${changed ? 'changed' : ''}${text === 'uninit' ? ' faint' : ''}`}
            title={text}
          >
            {text === 'uninit' ? '–' : text}
            {changed && <span className="visually-hidden"> changed</span>}
          </span>
        );
      })}
    </>
  );
}

/** Every time that the walk came to one instruction, side by side. */
export function VisitsPane() {
  const playground = usePlayground();
  const result = useApp((state) => state.run?.result ?? null);
  const step = useApp((state) => state.step);
  const opened = useApp((state) => state.run?.opened ?? null);
  const [pin, setPin] = useState<Pin | null>(null);
  const [only, setOnly] = useState<boolean | null>(null);
  const run = result === null || result.stats.steps === 0 ? null : result.run;
  const kept = useMemo(
    () => (pin === null || result === null || pin.opened !== opened ? null : findPinned(result.insns, pin)),
    [pin, result, opened],
  );
  const wanted = kept ?? step?.insn ?? null;
  const { table, rowAt, onRange } = useVisits(run, wanted, step?.step ?? 0);
  const insn = table?.insn ?? wanted;
  const name = `${run} ${insn}`;
  const [picked, setPicked] = useState({ name, index: -1 });
  const active = picked.name === name && picked.index >= 0 ? picked.index : null;

  if (run === null || insn === null || result === null)
    return <Nothing>There are no visits to compare.</Nothing>;
  const text = result.insns.find((row) => row.index === insn)?.llvm ?? '';
  const hidesConstant = only ?? (table?.columns.length ?? 0) > MANY;
  const columns = table?.columns ?? [];
  const all = columns.map((_, c) => c);
  const shown = hidesConstant && (table?.count ?? 0) > 1 ? all.filter((c) => columns[c]!.changes > 0) : all;
  const hidden = all.length - shown.length;
  return (
    <div className="visits" aria-busy={insn !== wanted}>
      <div className="pane-bar">
        <h2 className="pane-bar-title">
          <span className="visit-insn">{insn}</span> <code>{text}</code>
        </h2>
        <span className="faint">{table === null ? '…' : plural(table.count, 'visit')}</span>
        <span className="grow" />
        <label className="check">
          <input
            type="checkbox"
            checked={hidesConstant}
            onChange={(event) => setOnly(event.currentTarget.checked)}
          />
          only what changes{hidden > 0 && <span className="faint"> (hides {hidden})</span>}
        </label>
        <Button
          tone="plain"
          pressed={kept !== null}
          title="Keep the table of this instruction while stepping elsewhere"
          onClick={() => setPin(kept === null ? pinOf(result.insns, insn, opened ?? 0) : null)}
        >
          Pin
        </Button>
      </div>
      {table === null ? (
        <p className="empty">Comparing the visits …</p>
      ) : table.count === 0 ? (
        <p className="empty">No explored path comes to this instruction.</p>
      ) : (
        <VirtualTable
          key={name}
          label={`Visits of instruction ${insn}`}
          columns={columnsOf(table, shown, rowAt)}
          count={table.count}
          rowHeight={ROW}
          current={table.here}
          active={active}
          onActive={(index) => setPicked({ name, index })}
          onTake={(index) => {
            const row = rowAt(index);
            if (row !== undefined) playground.move({ to: 'step', step: row.step });
          }}
          onRange={onRange}
          rowId={(index) => `visit-${index}`}
          rowClass={(index) => (rowAt(index)?.end === 'rejected' ? 'rejected' : '')}
          cells={(index) => <Cells table={table} index={index} row={rowAt(index)} shown={shown} />}
        />
      )}
    </div>
  );
}
