import { useEffect, useState } from 'react';
import type { KfuncDetail as Detail, KfuncMatrix } from '../../worker/protocol/kfuncs.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { closeDialog } from '../shell/dialogs.ts';
import { Button } from '../ui/Button.tsx';
import type { ShownColumn } from './filter.ts';
import { HERE } from './store.ts';

const ERRNO: Readonly<Record<number, string>> = {
  1: 'EPERM',
  13: 'EACCES',
  14: 'EFAULT',
  22: 'EINVAL',
  71: 'EPROTO',
};
const VERDICT = { yes: 'Allowed', no: 'Refused', none: 'Not in these rules' } as const;

interface Props {
  readonly row: KfuncMatrix['rows'][number];
  readonly column: ShownColumn;
  readonly step: number | null;
  /** Escape: back to the table. */
  readonly onLeave: () => void;
}

/** What there is to say of a cell, and the way to a program that shows it. */
export function KfuncDetail({ row, column, step, onLeave }: Props) {
  const playground = usePlayground();
  const run = useApp((state) => state.run?.result.run ?? null);
  const [known, setKnown] = useState<{ readonly of: string; readonly detail: Detail } | null>(null);
  const [busy, setBusy] = useState(false);
  const here = column.id === HERE;
  const wanted = `${run} ${row.key} ${here ? `step ${step}` : column.id}`;

  useEffect(() => {
    let current = true;
    const place = here ? { step: step ?? 0 } : { column: column.id };
    playground
      .ask((worker) => worker.kfuncDetail(run, row.key, place))
      .then(
        (detail) => {
          if (current) setKnown({ of: wanted, detail });
        },
        // a newer run took over; the table follows it
        () => undefined,
      );
    return () => {
      current = false;
    };
  }, [playground, run, row.key, column.id, here, step, wanted]);

  async function open(): Promise<void> {
    setBusy(true);
    try {
      const program = await playground.ask((worker) => worker.kfuncProgram(run, row.key, column.id));
      if (program === null) {
        playground.notify('info', 'No program can be in these circumstances under the rules in force.');
        return;
      }
      closeDialog();
      playground.openText(program.source, program.title);
      if (!program.shows)
        playground.notify(
          'warning',
          program.missing === null
            ? 'This program calls the kfunc there, but the verifier stops elsewhere: it wants something that the prototype does not tell.'
            : `This is a skeleton: it reaches the call, but ${program.missing} cannot be made here. Put one where the comment says so.`,
        );
    } catch (reason) {
      playground.notify('error', reason instanceof Error ? reason.message : String(reason));
    } finally {
      setBusy(false);
    }
  }

  function copyLink(): void {
    const url = new URL(location.pathname, location.href);
    url.search = new URLSearchParams({ kfunc: row.key, in: column.id }).toString();
    navigator.clipboard.writeText(url.href).then(
      () => playground.notify('info', 'A link to this cell is copied.'),
      () => playground.notify('warning', `The link could not be copied: ${url.href}`),
    );
  }

  const detail = known?.of === wanted ? known.detail : null;
  return (
    <section
      className="kfuncs-detail"
      aria-label="The cell"
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onLeave();
      }}
    >
      <div className="kfuncs-detail-head">
        <span className="kfuncs-detail-what">
          <code>{row.name}</code> <span className="faint">· {column.title}</span>
        </span>
        {detail !== null && <span className={`pill is-${detail.verdict}`}>{VERDICT[detail.verdict]}</span>}
        {!here && (
          <span className="kfuncs-detail-do">
            <Button
              icon="code"
              tone="plain"
              disabled={busy || detail === null || detail.verdict === 'none'}
              onClick={() => void open()}
            >
              Program that shows it
            </Button>
            <Button icon="share" title="Copy a link to this cell" onClick={copyLink} />
          </span>
        )}
      </div>
      {detail !== null && (
        <>
          <p aria-live="polite">{detail.sentence}</p>
          {detail.text !== null && (
            <p className="kfuncs-text">
              <code>{detail.text}</code>{' '}
              <span className="faint">
                −{ERRNO[detail.errno] ?? detail.errno} · rule {detail.rule}
              </span>
            </p>
          )}
        </>
      )}
      <p className="kfuncs-facts">
        <code>{row.prototype}</code>
        <span>
          {row.flagsText === '0' ? 'no flags' : row.flagsText}
          {row.families.length > 0 && ` · families ${row.families.join(', ')}`} · registered for {row.hooks}
          {detail !== null && detail.section !== null && ` · judged in section ${detail.section}`}
        </span>
      </p>
    </section>
  );
}
