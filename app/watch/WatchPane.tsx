import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { VerifyResult } from '../../worker/protocol.ts';
import type { WatchWords } from '../../worker/protocol/watch.ts';
import { count, plural } from '../playground/verdict-words.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { keysText } from '../shell/keys.ts';
import { Button } from '../ui/Button.tsx';
import { insnsOn, runTo, toggleHere } from './run-to.ts';
import { addWatch, changeWatch, stops, toggleLine } from './stops.ts';
import type { WatchEntry } from './stops.ts';
import { useMatches } from './use-matches.ts';
import { WatchInput } from './WatchInput.tsx';

function Watch({ entry, index }: { readonly entry: WatchEntry; readonly index: number }) {
  const playground = usePlayground();
  const result = useApp((state) => state.run?.result ?? null);
  const step = useApp((state) => state.step?.step ?? 0);
  const run = result === null || result.stats.steps === 0 ? null : result.run;
  const matches = useMatches(run, entry.text, entry.on, step);
  const go = (to: number): void => playground.move({ to: 'step', step: to });
  return (
    <li className={`watch-row${matches !== null && matches.at > 0 ? ' here' : ''}`}>
      <label className="watch-text">
        <input
          type="checkbox"
          checked={entry.on}
          onChange={() => changeWatch(index, { ...entry, on: !entry.on })}
        />
        <code>{entry.text}</code>
      </label>
      <span className="watch-count" aria-live="polite">
        {!entry.on || run === null
          ? ''
          : matches === null
            ? '…'
            : matches.at > 0
              ? `match ${count(matches.at)} of ${count(matches.count)}`
              : matches.count === 0
                ? 'never'
                : `${count(matches.count)} ${matches.count === 1 ? 'match' : 'matches'}`}
      </span>
      <span className="watch-buttons">
        <Button
          icon="back"
          title={`Previous match of ${entry.text}`}
          disabled={matches === null || matches.before < 0}
          onClick={() => go(matches?.before ?? 0)}
        />
        <Button
          icon="forward"
          title={`Next match of ${entry.text}`}
          disabled={matches === null || matches.after < 0}
          onClick={() => go(matches?.after ?? 0)}
        />
        <Button
          icon="trash"
          title={`Remove the watch ${entry.text}`}
          onClick={() => changeWatch(index, null)}
        />
      </span>
    </li>
  );
}

function Breakpoints({
  lines,
  result,
}: {
  readonly lines: readonly number[];
  readonly result: VerifyResult | null;
}) {
  const playground = usePlayground();
  const at = useApp((state) => state.step?.insn ?? null);
  return (
    <ul className="watch-list">
      {lines.map((line) => {
        const insns = result === null ? [] : insnsOn(result, [line]);
        const first = result?.insns.find(({ index }) => index === insns[0]);
        const visits = insns.reduce(
          (sum, insn) => sum + (result?.insns.find(({ index }) => index === insn)?.visits ?? 0),
          0,
        );
        return (
          <li key={line} className={`watch-row${at !== null && insns.includes(at) ? ' here' : ''}`}>
            <button
              type="button"
              className="watch-place"
              disabled={first === undefined || visits === 0}
              onClick={() => first !== undefined && playground.move({ to: 'insn', insn: first.index })}
            >
              <span className="breakpoint-dot" aria-hidden="true" />
              <span className="faint">line {line}</span> <code>{first?.llvm ?? 'no instruction here'}</code>
            </button>
            <span className="watch-count">
              {first === undefined ? '' : visits === 0 ? 'never walked' : plural(visits, 'visit')}
            </span>
            <span className="watch-buttons">
              <Button
                icon="trash"
                title={`Remove the breakpoint on line ${line}`}
                onClick={() => toggleLine(line)}
              />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** The words of watches, from the worker, which knows them. */
function Help() {
  const playground = usePlayground();
  const [words, setWords] = useState<readonly WatchWords[]>([]);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!open) return;
    playground.ask((worker) => worker.watchWords()).then(setWords, () => undefined);
  }, [playground, open]);
  return (
    <details className="watch-help" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What a watch can say</summary>
      <p>
        Conditions are joined with <code>and</code>, <code>or</code>, <code>not</code> and parentheses.
        Registers <code>r0</code> to <code>r10</code> and stack slots <code>fp-8</code>, <code>fp-16</code> …
        are those of the innermost frame. <code>r3 == 7</code> holds where the value is known to be 7; ranges
        are compared by name: <code>r3.umax &gt; 100</code>.
      </p>
      {words.map(({ title, rows }) => (
        <section key={title} aria-label={title}>
          <h3>{title}</h3>
          <dl>
            {rows.map(({ name, means }) => (
              <div key={name}>
                <dt>
                  <code>{name}</code>
                </dt>
                <dd>{means.replaceAll('`', '')}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </details>
  );
}

/** Where the walk is to stop: breakpoints on lines, and conditions. */
export function WatchPane() {
  const playground = usePlayground();
  const result = useApp((state) => state.run?.result ?? null);
  const none = useApp((state) => state.step === null);
  const lines = useStore(stops, (state) => state.lines);
  const watches = useStore(stops, (state) => state.watches);
  const searching = useStore(stops, (state) => state.searching);
  const here = useApp(
    (state) => state.run?.result.insns.find(({ index }) => index === state.step?.insn)?.span?.line,
  );
  const isHere = here !== undefined && lines.includes(here);
  const nothing = lines.length === 0 && watches.every(({ on }) => !on);
  return (
    <div className="watch">
      <h2 className="visually-hidden">Watch</h2>
      <div className="watch-bar">
        <Button
          icon="back"
          tone="plain"
          title={`Run back (${keysText('Shift+F8')})`}
          disabled={none || nothing}
          onClick={() => void runTo(playground, -1)}
        >
          Previous stop
        </Button>
        <Button
          icon="forward"
          tone="plain"
          title={`Run on (${keysText('F8')})`}
          disabled={none || nothing}
          onClick={() => void runTo(playground, 1)}
        >
          Next stop
        </Button>
        {searching !== null && (
          <span className="watch-searching" role="status">
            searched {Math.round(searching * 100)} %{' '}
            <Button
              tone="quiet"
              onClick={() => void playground.ask((worker) => worker.stopWatching()).catch(() => undefined)}
            >
              Stop
            </Button>
          </span>
        )}
      </div>
      <section aria-label="Watches">
        <h3>Watches</h3>
        <WatchInput onAdd={addWatch} />
        <ul className="watch-list">
          {watches.map((entry, index) => (
            <Watch key={entry.text} entry={entry} index={index} />
          ))}
        </ul>
      </section>
      <section aria-label="Breakpoints">
        <div className="watch-head">
          <h3>Breakpoints</h3>
          <Button tone="plain" disabled={none} onClick={() => toggleHere(playground)}>
            {isHere ? 'Remove the one here' : 'Set one here'}
          </Button>
        </div>
        {lines.length === 0 ? (
          <p className="faint">
            None. Click or tap left of a line in the editor, or press B where the walk stands.
          </p>
        ) : (
          <Breakpoints lines={lines} result={result} />
        )}
      </section>
      <Help />
    </div>
  );
}
