import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { InsnView, VerifyResult } from '../../worker/protocol.ts';
import type { SourceFile, SourceLine } from '../../worker/protocol/source.ts';
import { count, plural } from '../playground/verdict-words.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { Button } from '../ui/Button.tsx';
import { VirtualList } from '../ui/VirtualList.tsx';
import { stops, toggleLine } from '../watch/stops.ts';

const ROW = 22;

type Row =
  | { readonly kind: 'file'; readonly file: SourceFile }
  | { readonly kind: 'gap' }
  | {
      readonly kind: 'line';
      readonly line: SourceLine;
      readonly visits: number;
      readonly failed: boolean;
      readonly at: number | null;
    }
  | { readonly kind: 'insn'; readonly insn: InsnView };

/** The rows of all files: lines of C, and, if asked for, the instructions of each below it. */
function rowsOf(files: readonly SourceFile[], result: VerifyResult, withInsns: boolean): readonly Row[] {
  const insnOf = new Map(result.insns.map((insn) => [insn.index, insn]));
  const named = files.length > 1 || files[0]?.name !== '';
  return files.flatMap((file) => {
    const rows: Row[] = named ? [{ kind: 'file', file }] : [];
    file.lines.forEach((line, i) => {
      const before = file.lines[i - 1];
      if (before !== undefined && file.name !== '' && line.line > before.line + 1) rows.push({ kind: 'gap' });
      const insns = line.insns.flatMap((index) => insnOf.get(index) ?? []);
      rows.push({
        kind: 'line',
        line,
        visits: insns.reduce((most, { visits }) => Math.max(most, visits), 0),
        failed:
          result.verdict !== 'accepted' && result.failedAt !== null && line.insns.includes(result.failedAt),
        at: insns[0]?.span?.line ?? null,
      });
      if (withInsns) for (const insn of insns) rows.push({ kind: 'insn', insn });
    });
    return rows;
  });
}

function useFiles(run: number | null): readonly SourceFile[] | null {
  const playground = usePlayground();
  const [known, setKnown] = useState<{ readonly run: number; readonly files: readonly SourceFile[] } | null>(
    null,
  );
  useEffect(() => {
    if (run === null) return;
    let current = true;
    playground
      .ask((worker) => worker.sourceFiles(run))
      .then(
        (files) => current && setKnown({ run, files }),
        // The run was replaced: the next one's source takes its place.
        () => undefined,
      );
    return () => {
      current = false;
    };
  }, [playground, run]);
  return known !== null && known.run === run ? known.files : null;
}

function Line({
  row,
  index,
  active,
  here,
  breakpoint,
}: {
  readonly row: Row;
  readonly index: number;
  readonly active: boolean;
  readonly here: boolean;
  readonly breakpoint: boolean;
}) {
  const attributes = {
    id: `source-${index}`,
    role: 'option',
    'aria-selected': active,
    'aria-current': here ? ('step' as const) : undefined,
    'data-index': index,
    style: { height: ROW },
  };
  const state = `${active ? ' active' : ''}${here ? ' here' : ''}`;
  switch (row.kind) {
    case 'file':
      return (
        <div {...attributes} className={`source-row source-file${state}`}>
          {row.file.name === '' ? 'without a file' : row.file.name}
          <span className="faint"> {plural(row.file.lines.length, 'line')} with instructions</span>
        </div>
      );
    case 'gap':
      return (
        <div
          {...attributes}
          className={`source-row source-gap${state}`}
          aria-label="lines without instructions"
        >
          ⋮
        </div>
      );
    case 'line':
      return (
        <div
          {...attributes}
          className={`source-row source-line${row.visits === 0 ? ' never' : ''}${row.failed ? ' failed' : ''}${state}`}
        >
          <span className="source-margin" data-breakpoint={row.at ?? undefined} aria-hidden="true">
            {breakpoint && <span className="breakpoint-dot" />}
          </span>
          <span className="source-number">{row.line.line}</span>
          <code className="source-text">{row.line.text}</code>
          {breakpoint && <span className="visually-hidden">, breakpoint</span>}
          <span className="source-visits">
            {row.visits === 0 ? 'never walked' : `${count(row.visits)}×`}
            <span className="visually-hidden">, {plural(row.line.insns.length, 'instruction')}</span>
          </span>
        </div>
      );
    case 'insn':
      return (
        <div
          {...attributes}
          className={`source-row source-insn${row.insn.visits === 0 ? ' never' : ''}${state}`}
        >
          <span className="source-number">{row.insn.index}</span>
          <code>{row.insn.llvm}</code>
        </div>
      );
  }
}

/** The C lines that the instructions come from, linked both ways with the walk. */
export function SourcePane() {
  const playground = usePlayground();
  const result = useApp((state) => state.run?.result ?? null);
  const insn = useApp((state) => state.step?.insn ?? null);
  const lines = useStore(stops, (state) => state.lines);
  const [withInsns, setWithInsns] = useState(false);
  const [picked, setPicked] = useState({ run: -1, index: -1 });
  const run = result?.run ?? null;
  const files = useFiles(run);
  const rows = useMemo(
    () => (files === null || result === null ? [] : rowsOf(files, result, withInsns)),
    [files, result, withInsns],
  );
  const isHere = (row: Row): boolean =>
    insn !== null &&
    ((row.kind === 'line' && row.line.insns.includes(insn)) ||
      (row.kind === 'insn' && row.insn.index === insn));
  const exact = rows.findIndex((row) => row.kind === 'insn' && isHere(row));
  const here = exact >= 0 ? exact : rows.findIndex(isHere);

  if (result === null || files === null)
    return <p className="empty">{run === null ? 'No program yet.' : 'Reading …'}</p>;
  if (rows.length === 0)
    return (
      <div className="empty source-none">
        <p>This program does not say which lines of C it was made from.</p>
        <p className="prose">
          Write <code>; C text @ file.c:12</code> on a line of its own above the instructions that belong to
          it, or paste a verifier log or a disassembly that has such lines (compile with <code>-g</code>, and
          use <code>llvm-objdump -dS</code> or <code>bpftool prog dump xlated linum</code>).
        </p>
      </div>
    );
  const active = picked.run === run && picked.index >= 0 && picked.index < rows.length ? picked.index : null;

  const take = (index: number): void => {
    setPicked({ run: result.run, index });
    const row = rows[index];
    const wanted = row?.kind === 'line' ? row.line.insns : row?.kind === 'insn' ? [row.insn.index] : [];
    const walked = wanted.find((at) => (result.insns.find((view) => view.index === at)?.visits ?? 0) > 0);
    if (walked === undefined) return;
    // A line that the walk stands on already: on to its next visit.
    if (row !== undefined && isHere(row) && insn === walked) playground.move({ to: 'next-visit' });
    else playground.move({ to: 'insn', insn: walked });
  };
  const current = rows[here];
  const known = result.insns.find(({ index }) => index === insn);
  return (
    <div className="source">
      <div className="pane-bar">
        <h2 className="visually-hidden">Source</h2>
        <span>
          {current?.kind === 'line' || current?.kind === 'insn' ? (
            <>
              instruction {insn} <code>{known?.llvm}</code>
            </>
          ) : (
            <span className="faint">The walk stands at an instruction without a line of C.</span>
          )}
        </span>
        <span className="grow" />
        <Button
          tone="plain"
          pressed={withInsns}
          title="Show the instructions below each line"
          onClick={() => setWithInsns(!withInsns)}
        >
          Instructions
        </Button>
      </div>
      <div
        className="source-lines"
        onClick={(event) => {
          if (!(event.target instanceof Element)) return;
          const margin = event.target.closest<HTMLElement>('[data-breakpoint]');
          if (margin !== null) return toggleLine(Number(margin.dataset['breakpoint']));
          const row = event.target.closest<HTMLElement>('.source-row');
          if (row !== null && getSelection()?.isCollapsed !== false) take(Number(row.dataset['index']));
        }}
      >
        <VirtualList
          label="C source"
          count={rows.length}
          rowHeight={ROW}
          reveal={here < 0 ? null : here}
          active={active}
          onActive={(index) => setPicked({ run: result.run, index })}
          onTake={take}
          rowId={(index) => `source-${index}`}
          row={(index) => {
            const row = rows[index]!;
            return (
              <Line
                key={index}
                row={row}
                index={index}
                active={index === active}
                here={isHere(row)}
                breakpoint={row.kind === 'line' && row.at !== null && lines.includes(row.at)}
              />
            );
          }}
        />
      </div>
    </div>
  );
}
