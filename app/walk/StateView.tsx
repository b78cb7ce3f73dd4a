import { useState } from 'react';
import type { FrameView, RegView, StepView } from '../../worker/protocol.ts';
import { ScalarDetail } from './ScalarDetail.tsx';

/** Stack slots shown at once; deeper stacks scroll by this many. */
const SLOTS = 24;

interface RowProps {
  readonly row: RegView;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function Row({ row, open, onToggle }: RowProps) {
  const hasDetail = row.scalar !== null || row.id !== 0;
  return (
    <>
      <tr className={[row.changed ? 'changed' : '', row.live ? '' : 'dead'].join(' ').trim()}>
        <th scope="row">
          {hasDetail ? (
            <button type="button" className="reg-toggle" aria-expanded={open} onClick={onToggle}>
              {row.name}
            </button>
          ) : (
            <span className="reg-name">{row.name}</span>
          )}
          {row.precise && (
            <span
              className="reg-precise"
              title="Precise: its exact value mattered to the proof"
              aria-label="precise"
            >
              P
            </span>
          )}
        </th>
        <td>
          {row.before !== null && (
            <>
              <del>
                <code>{row.before}</code>
              </del>
              <span className="arrow"> → </span>
            </>
          )}
          <code className="reg-text">{row.text}</code>
          {!row.live && row.text !== 'uninit' && (
            <span
              className="reg-dead"
              title="Nothing reads it from here on: it does not matter what it holds"
            >
              not live
            </span>
          )}
          {row.why !== null && <span className="reg-why">{row.why}</span>}
        </td>
      </tr>
      {open && hasDetail && (
        <tr className="reg-detail">
          <td colSpan={2}>
            {row.scalar !== null && <ScalarDetail row={row} />}
            <dl className="reg-ids">
              <dt>type</dt>
              <dd>
                <code>{row.type}</code>
              </dd>
              {row.id !== 0 && (
                <>
                  <dt>id</dt>
                  <dd>{row.id}</dd>
                </>
              )}
              {row.parentId !== 0 && (
                <>
                  <dt>parent id</dt>
                  <dd>{row.parentId}</dd>
                </>
              )}
            </dl>
          </td>
        </tr>
      )}
    </>
  );
}

interface RowsProps {
  readonly label: string;
  readonly rows: readonly RegView[];
  readonly opened: ReadonlySet<string>;
  readonly onToggle: (name: string) => void;
}

function Rows({ label, rows, opened, onToggle }: RowsProps) {
  const [from, setFrom] = useState(0);
  const start = Math.min(from, Math.max(rows.length - SLOTS, 0));
  const shown = rows.slice(start, start + SLOTS);
  return (
    <section aria-label={label}>
      <h3>{label}</h3>
      <table className="state-table">
        <tbody>
          {shown.map((row) => (
            <Row key={row.name} row={row} open={opened.has(row.name)} onToggle={() => onToggle(row.name)} />
          ))}
        </tbody>
      </table>
      {rows.length > SLOTS && (
        <p className="state-more">
          <button
            type="button"
            className="step-link"
            disabled={start === 0}
            onClick={() => setFrom(Math.max(start - SLOTS, 0))}
          >
            nearer to the frame
          </button>
          <span className="faint">
            {' '}
            {start + 1} to {start + shown.length} of {rows.length}{' '}
          </span>
          <button
            type="button"
            className="step-link"
            disabled={start + SLOTS >= rows.length}
            onClick={() => setFrom(start + SLOTS)}
          >
            deeper
          </button>
        </p>
      )}
    </section>
  );
}

function Frames({
  frames,
  selected,
  onSelect,
}: {
  readonly frames: readonly FrameView[];
  readonly selected: number;
  readonly onSelect: (n: number) => void;
}) {
  return (
    <div className="frames" role="group" aria-label="Call frames">
      {frames.map((frame) => (
        <button
          key={frame.frameno}
          type="button"
          aria-pressed={frame.frameno === selected}
          onClick={() => onSelect(frame.frameno)}
        >
          <span className="faint">{frame.frameno}</span> {frame.subprog}
        </button>
      ))}
    </div>
  );
}

/** Registers and stack of one frame, the innermost unless another is asked for. Opened rows stay open from step to step. */
export function StateView({ step }: { readonly step: StepView }) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [wanted, setWanted] = useState<number | null>(null);
  const frame = step.frames.find((f) => f.frameno === wanted) ?? step.frames.at(-1);
  if (frame === undefined) return null;
  const toggle = (name: string): void => {
    const next = new Set(opened);
    if (!next.delete(name)) next.add(name);
    setOpened(next);
  };
  return (
    <div className="state">
      {step.frames.length > 1 && (
        <Frames frames={step.frames} selected={frame.frameno} onSelect={setWanted} />
      )}
      <Rows label="Registers" rows={frame.regs} opened={opened} onToggle={toggle} />
      {frame.stack.length > 0 && <Rows label="Stack" rows={frame.stack} opened={opened} onToggle={toggle} />}
    </div>
  );
}
