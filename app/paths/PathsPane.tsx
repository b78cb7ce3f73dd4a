import { useEffect, useMemo, useState } from 'react';
import type { PathEndKind, PathRegion, PathRow, PathTreeState } from '../../worker/protocol/paths.ts';
import { count, plural } from '../playground/verdict-words.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { Nothing } from '../shell/Nothing.tsx';
import { showPane } from '../shell/layout.ts';
import { Button } from '../ui/Button.tsx';
import { VirtualTree } from '../ui/VirtualTree.tsx';
import type { TreeRow } from '../ui/VirtualTree.tsx';
import { usePaths } from './use-paths.ts';
import { coverText, END_WORDS, REGION_WORDS, spokenRow, stepsText } from './words.ts';

const ROW = 26;
/** Trees with fewer paths are laid open at first. */
const SMALL = 200;

const ENDS: readonly PathEndKind[] = ['exit', 'pruned', 'rejected', 'dead', 'unexplored'];
const REGIONS: readonly PathRegion[] = ['lock', 'rcu', 'preempt', 'irq', 'nofault', 'ref', 'speculation'];

/** How the tree is laid open, as long as one run is shown. */
interface Laid {
  readonly run: number;
  readonly open: 'all' | 'way';
  readonly except: readonly number[];
  readonly active: number | null;
}

function Row({ row }: { readonly row: PathRow }) {
  return (
    <>
      <span className={`path-way${row.begins ? ' begins' : ''}`}>{row.outcome}</span>
      {row.fork !== null && (
        <span className="path-fork">
          <span className="faint">{row.fork.insn}</span> <code>{row.fork.text}</code>
        </span>
      )}
      <span className="grow" />
      {row.regions.map((region) =>
        region === 'speculation' ? (
          <span key={region} className="tag plain">
            guess
          </span>
        ) : (
          <span key={region} className={`path-held lane-${region}`} title={REGION_WORDS[region]} />
        ),
      )}
      {row.open === false && <span className="path-hidden">+{count(row.hidden)}</span>}
      <span className="path-steps">{stepsText(row)}</span>
      {row.end !== null && <span className={`path-end end-${row.end}`}>{END_WORDS[row.end]}</span>}
    </>
  );
}

function treeRow(row: PathRow): TreeRow {
  const marks = [
    row.failing ? 'failing' : '',
    row.at === 'here' ? 'here' : row.at === 'way' ? 'way' : '',
    row.match ? '' : 'beside',
  ];
  return {
    id: `path-${row.node}`,
    level: row.level,
    place: row.place,
    places: row.places,
    parent: row.parent,
    open: row.open,
    label: spokenRow(row),
    className: marks.filter((mark) => mark !== '').join(' '),
    current: row.at === 'here',
    content: <Row row={row} />,
  };
}

/** What there is to know of the row that was chosen, and where one can go from it. */
function Detail({ row }: { readonly row: PathRow }) {
  const playground = usePlayground();
  const go = (step: number): void => playground.move({ to: 'step', step });
  const { steps, cover } = row;
  return (
    <section className="path-detail" aria-label="The chosen run of steps">
      <p>
        {row.fork === null ? (
          <strong>{row.outcome}</strong>
        ) : (
          <>
            Instruction {row.fork.insn} <code>{row.fork.text}</code>: <strong>{row.outcome}</strong>
          </>
        )}
        {steps !== null && (
          <span className="faint">
            {' '}
            · {plural(steps.to - steps.from + 1, 'step')}, instruction {steps.fromInsn} to {steps.toInsn}
          </span>
        )}
        {row.regions.length > 0 && (
          <span className="faint"> · {row.regions.map((region) => REGION_WORDS[region]).join(', ')}</span>
        )}
      </p>
      {cover !== null && <p>Pruned: {coverText(row)}.</p>}
      {row.end === 'unexplored' && <p>The walk ended before its turn came.</p>}
      {row.end === 'dead' && <p>The verifier found that this way can not be taken.</p>}
      <p className="path-links">
        {steps !== null && (
          <>
            <button type="button" className="step-link" onClick={() => go(steps.from)}>
              first step
            </button>
            <button type="button" className="step-link" onClick={() => go(steps.to)}>
              last step
            </button>
          </>
        )}
        {row.fork !== null && steps === null && (
          <button type="button" className="step-link" onClick={() => go(row.seek)}>
            the fork
          </button>
        )}
        {cover !== null && (
          <button
            type="button"
            className="step-link"
            onClick={() => {
              go(steps?.to ?? row.seek);
              showPane('proof');
            }}
          >
            compare the two
          </button>
        )}
        {cover !== null && cover.step >= 0 && (
          <button type="button" className="step-link" onClick={() => go(cover.step)}>
            the covering state
          </button>
        )}
      </p>
    </section>
  );
}

/** Every path that the verifier explored, as a tree. */
export function PathsPane() {
  const playground = usePlayground();
  const result = useApp((state) => state.run?.result ?? null);
  const step = useApp((state) => state.step?.step ?? null);
  const run = result === null || result.stats.steps === 0 ? null : result.run;
  const fresh: Laid = {
    run: run ?? -1,
    open: (result?.stats.paths ?? 0) < SMALL ? 'all' : 'way',
    except: [],
    active: null,
  };
  const [kept, setLaid] = useState<Laid>(fresh);
  const laid = kept.run === fresh.run ? kept : fresh;
  const [typed, setTyped] = useState('');
  const [text, setText] = useState('');
  const [end, setEnd] = useState<PathEndKind | null>(null);
  const [region, setRegion] = useState<PathRegion | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setText(typed), 120);
    return () => clearTimeout(timer);
  }, [typed]);
  const { open, except } = laid;
  const state = useMemo<PathTreeState>(
    () => ({ search: { text, end, region }, open, except, step }),
    [text, end, region, open, except, step],
  );
  const { window, rowAt, onRange } = usePaths(run, state, laid.active);
  /** A row that keys went to before it was there. */
  const [pending, setPending] = useState<number | null>(null);
  const arrived = pending === null ? undefined : rowAt(pending);
  if (arrived !== undefined) {
    setPending(null);
    setLaid({ ...laid, active: arrived.node });
  }

  if (run === null) return <Nothing>There are no steps, and so no paths.</Nothing>;
  const searching = text.trim() !== '' || end !== null || region !== null;
  const active = pending ?? (laid.active === null ? -1 : (window?.row ?? -1));
  const chosen = rowAt(active);
  const lay = (change: Partial<Laid>): void => setLaid({ ...laid, ...change });
  const toggle = (index: number): void => {
    const node = rowAt(index)?.node;
    if (node === undefined) return;
    lay({
      active: node,
      except: except.includes(node) ? except.filter((other) => other !== node) : [...except, node],
    });
  };
  const take = (index: number): void => {
    const row = rowAt(index);
    if (row !== undefined) playground.move({ to: 'step', step: row.seek });
  };
  return (
    <div className="paths">
      <div className="paths-bar">
        <input
          type="search"
          className="field"
          value={typed}
          placeholder="Instruction: number or text"
          aria-label="Search the paths for an instruction, by number or text"
          onChange={(event) => setTyped(event.target.value)}
        />
        <select
          className="field"
          aria-label="How the path ends"
          value={end ?? ''}
          onChange={(event) => setEnd(ENDS.find((kind) => kind === event.target.value) ?? null)}
        >
          <option value="">any end</option>
          {ENDS.map((kind) => (
            <option key={kind} value={kind}>
              {END_WORDS[kind]}
            </option>
          ))}
        </select>
        <select
          className="field"
          aria-label="What is held along the way"
          value={region ?? ''}
          onChange={(event) => setRegion(REGIONS.find((kind) => kind === event.target.value) ?? null)}
        >
          <option value="">held: anything</option>
          {REGIONS.map((kind) => (
            <option key={kind} value={kind}>
              {REGION_WORDS[kind]}
            </option>
          ))}
        </select>
        <span className="faint paths-count" role="status">
          {window === null
            ? ''
            : searching
              ? `${count(window.matches)} of ${plural(window.nodes, 'run')}`
              : plural(window.nodes, 'run')}
        </span>
        <span className="grow" />
        <Button icon="down" title="Open every fork" onClick={() => lay({ open: 'all', except: [] })} />
        <Button
          icon="up"
          title="Close every fork off the way to this step"
          onClick={() => lay({ open: 'way', except: [] })}
        />
      </div>
      {window !== null && window.total === 0 ? (
        <p className="empty">No path matches.</p>
      ) : (
        <VirtualTree
          label="Explored paths"
          count={window?.total ?? 0}
          rowHeight={ROW}
          row={(index) => {
            const row = rowAt(index);
            return row === undefined ? undefined : treeRow(row);
          }}
          reveal={window === null || window.here < 0 ? null : window.here}
          active={active}
          onActive={(index) => {
            const node = rowAt(index)?.node;
            setPending(node === undefined ? index : null);
            if (node !== undefined) lay({ active: node });
          }}
          onTake={take}
          onToggle={toggle}
          onExpandAll={() => lay({ open: 'all', except: [] })}
          onRange={onRange}
        />
      )}
      {chosen !== undefined && <Detail row={chosen} />}
    </div>
  );
}
