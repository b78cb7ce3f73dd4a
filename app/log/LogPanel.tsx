import { useState } from 'react';
import type { ReactNode } from 'react';
import type { LogLine } from '../../worker/protocol.ts';
import { copyText, saveFile } from '../files/save.ts';
import { plural } from '../playground/verdict-words.ts';
import { useApp, useLayout, usePlayground } from '../shell/context.ts';
import { layout } from '../shell/layout.ts';
import { Button } from '../ui/Button.tsx';
import { VirtualList } from '../ui/VirtualList.tsx';
import { useLogLines } from './use-log-lines.ts';

const ROW = 19;

/** Logs of longer walks are not written until somebody wants to read them. */
const AT_ONCE = 20_000;

/** Kinds of log lines, told by how they begin; only for colour. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^\d+: \([0-9a-f]{2}\)/, 'log-insn'],
  [/^;/, 'log-source'],
  [/^(?:from \d+ to \d+|\d+: safe|\d+:? safe)/, 'log-path'],
  [/^\d+: (?:R\d|frame)/, 'log-state'],
  [/^(?:processed|verification time|stack depth|mark_precise|Live regs|func#)/, 'log-stats'],
];

function kindOf(text: string): string {
  return KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? '';
}

function Line({
  index,
  line,
  active,
  here,
}: {
  readonly index: number;
  readonly line: LogLine | undefined;
  readonly active: boolean;
  readonly here: boolean;
}) {
  const linked = line !== undefined && line.step >= 0;
  return (
    <div
      id={`log-${index}`}
      role="option"
      aria-selected={active}
      aria-label={line?.text === '' ? 'empty line' : undefined}
      className={`log-line ${line === undefined ? '' : kindOf(line.text)}${linked ? ' linked' : ''}${active ? ' active' : ''}${here ? ' here' : ''}`}
      style={{ height: ROW }}
      data-index={index}
    >
      {line?.text ?? ''}
    </div>
  );
}

/** The kernel's own text, linked both ways with the steps. */
export function LogPanel({ head }: { readonly head?: ReactNode }) {
  const playground = usePlayground();
  const level = useLayout((state) => state.logLevel);
  const run = useApp((state) => state.run?.result.run ?? null);
  const step = useApp((state) => state.step);
  const insns = useApp((state) => state.run?.result.stats.insns ?? 0);
  const [asked, setAsked] = useState<number | null>(null);
  const waits = insns > AT_ONCE && asked !== run;
  const { total, lineAt, onRange, whole } = useLogLines(waits ? null : run, level);
  const list = `${run} ${level}`;
  const [picked, setPicked] = useState({ list, index: -1 });
  const active = picked.list === list && picked.index >= 0 ? picked.index : null;
  const setActive = (index: number): void => setPicked({ list, index });
  const range = level === 1 ? (step?.log.level1 ?? null) : (step?.log.level2 ?? null);

  const take = (index: number): void => {
    setActive(index);
    const line = lineAt(index);
    if (line !== undefined && line.step >= 0) playground.move({ to: 'step', step: line.step });
  };
  const withText = (use: (text: string) => void): void => {
    whole().then(use, (reason: unknown) =>
      playground.notify('error', `The log could not be read: ${String(reason)}`),
    );
  };
  const onCopy = (text: string): void => {
    void copyText(text).then((done) =>
      done
        ? playground.notify('info', 'The log is on the clipboard.')
        : playground.notify('warning', 'The browser does not allow copying here; download the log instead.'),
    );
  };
  return (
    <div className="log">
      <div className="log-bar">
        {head}
        <div className="segmented" role="group" aria-label="Log level">
          {([1, 2] as const).map((value) => (
            <button
              key={value}
              type="button"
              aria-pressed={level === value}
              onClick={() => layout.setState({ logLevel: value })}
            >
              Level {value}
            </button>
          ))}
        </div>
        {!waits && <span className="faint">{plural(total, 'line')}</span>}
        <span className="grow" />
        <Button icon="copy" title="Copy the log" disabled={total === 0} onClick={() => withText(onCopy)} />
        <Button
          icon="download"
          title="Download the log"
          disabled={total === 0}
          onClick={() => withText((text) => saveFile(text, `verifier-level${level}.log`))}
        />
      </div>
      {waits && (
        <div className="log-wait">
          <p>
            The log of a walk this long ({plural(insns, 'instruction')}) is written when you ask for it; that
            takes some seconds.
          </p>
          <Button tone="plain" onClick={() => setAsked(run)}>
            Write the log
          </Button>
        </div>
      )}
      {/* A click takes the line under it; the keyboard goes through the list's own keys. */}
      <div
        className="log-lines"
        hidden={waits}
        onClick={(event) => {
          const line =
            event.target instanceof Element ? event.target.closest<HTMLElement>('.log-line') : null;
          if (line !== null && getSelection()?.isCollapsed !== false) take(Number(line.dataset['index']));
        }}
      >
        <VirtualList
          label="Verifier log"
          pane="log"
          count={total}
          rowHeight={ROW}
          reveal={range?.from ?? null}
          active={active}
          onActive={setActive}
          onTake={take}
          onRange={onRange}
          rowId={(index) => `log-${index}`}
          row={(index) => (
            <Line
              key={index}
              index={index}
              line={lineAt(index)}
              active={index === active}
              here={range !== null && index >= range.from && index < range.to}
            />
          )}
        />
      </div>
    </div>
  );
}
