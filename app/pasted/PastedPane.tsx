import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { LoggedStep, LoggedWalk } from '../../worker/protocol/pasted.ts';
import { count, plural, verdictWord } from '../playground/verdict-words.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { ownKeys } from '../shell/own-keys.ts';
import { Button } from '../ui/Button.tsx';
import { VirtualList } from '../ui/VirtualList.tsx';
import { stateAt, stepOfLine } from './compare-logs.ts';
import type { LoggedRow } from './compare-logs.ts';
import { stepByKeys } from './keys.ts';
import { linkOpen, pasted, readPasted } from './store.ts';
import { useHere, type Here } from './use-here.ts';

const ROW = 19;
const CLASSES = {
  insn: 'log-insn',
  state: '',
  path: 'log-path',
  source: 'log-source',
  message: 'log-message',
  stats: 'log-stats',
  other: '',
} as const;

function Paste() {
  const playground = usePlayground();
  const refused = useStore(pasted, (state) => state.refused);
  const [text, setText] = useState('');
  return (
    <form
      className="pasted-form"
      onSubmit={(event) => {
        event.preventDefault();
        void readPasted(playground, text);
      }}
    >
      <label htmlFor="pasted-text">The log of any kernel’s verifier, of today or years ago</label>
      <textarea
        id="pasted-text"
        spellCheck={false}
        placeholder={'0: R1=ctx() R10=fp0\n0: (b7) r0 = 0         ; R0=0\n1: (95) exit'}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div>
        <button type="submit" className="button strong" disabled={text.trim() === ''}>
          Step through it
        </button>
      </div>
      {refused !== null && <p className="pasted-refused">{refused}</p>}
    </form>
  );
}

/** What a screen reader says after each step of the log. */
function spokenLogStep(step: number, { insn, text }: LoggedStep, rows: readonly LoggedRow[]): string {
  const changed = rows.filter((row) => row.changed).map((row) => ` ${row.name} is ${row.text}.`);
  return `Step ${count(step + 1)} of the log, instruction ${insn}: ${text}.${changed.join('')}`;
}

/** What became of the same program here. */
function Verified({ walk, here }: { readonly walk: LoggedWalk; readonly here: Here }) {
  const { compared, result } = here;
  const verdicts =
    walk.verdict === 'unknown' || walk.verdict === result.verdict
      ? null
      : `${verdictWord(result.verdict)} here, ${walk.verdict} in the log. `;
  const { first, sameLines, sameSteps } = compared;
  const foreign = walk.dialect === 'old' && first !== null;
  return (
    <div
      className={`pasted-verified${verdicts === null && first === null ? ' agrees' : ''}`}
      aria-live="polite"
    >
      <p>
        <strong>Verified here: </strong>
        {verdicts}
        {first === null
          ? `agrees line by line (${plural(sameLines, 'line')}).`
          : foreign
            ? `an older kernel writes states another way; both walk the same ${plural(sameSteps, 'instruction')} from the start, of ${count(walk.steps.length)} in the log and ${count(here.walk.steps.length)} here.`
            : `first difference at line ${first.pasted === null ? 'the end' : count(first.pasted + 1)}; ${plural(sameLines, 'line')} before it agree.`}
      </p>
      {first !== null && (
        <dl>
          <dt>log</dt>
          <dd>{first.pasted === null ? '(has ended)' : walk.lines[first.pasted]!.text}</dd>
          <dt>here</dt>
          <dd>{first.here === null ? '(has ended)' : here.walk.lines[first.here]!.text}</dd>
        </dl>
      )}
    </div>
  );
}

function Document({ walk }: { readonly walk: LoggedWalk }) {
  const playground = usePlayground();
  const step = useStore(pasted, (state) => state.step);
  const linked = useStore(pasted, (state) => state.linked);
  const open = useApp((state) => state.opened === linked);
  const here = useHere(open ? walk : null);
  const [line, setLine] = useState<number | null>(null);
  const now = walk.steps[step] ?? null;
  const upTo = walk.steps[step + 1]?.line ?? walk.lines.length;

  function go(to: number): void {
    const next = Math.min(Math.max(to, 0), walk.steps.length - 1);
    pasted.setState({ step: next });
    setLine(walk.steps[next]!.line);
    if (here === null || !open) return;
    // the walk here follows, as long as it goes the same way
    const own = next < here.compared.sameSteps ? here.walk.steps[next] : undefined;
    const target = own === undefined ? -1 : (here.steps[own.line] ?? -1);
    if (target >= 0) playground.move({ to: 'step', step: target });
    else playground.move({ to: 'insn', insn: walk.steps[next]!.insn });
  }

  useEffect(() =>
    ownKeys('pasted', (keys) => {
      const to = stepByKeys(keys, step, walk.steps.length);
      if (to !== null) go(to);
      return to !== null;
    }),
  );

  const rows = now === null ? [] : stateAt(walk.steps, step);
  return (
    <>
      <div className="pasted-bar">
        <Button
          icon="first"
          title="First step of the log (Home)"
          disabled={step <= 0}
          onClick={() => go(0)}
        />
        <Button
          icon="back"
          title="Step back in the log (←)"
          disabled={step <= 0}
          onClick={() => go(step - 1)}
        />
        <span className="pasted-count">
          {count(step + 1)} / {count(walk.steps.length)}
        </span>
        <Button
          icon="forward"
          title="Step forward in the log (→)"
          disabled={step >= walk.steps.length - 1}
          onClick={() => go(step + 1)}
        />
        <Button
          icon="last"
          title="Last step of the log (End)"
          disabled={step >= walk.steps.length - 1}
          onClick={() => go(walk.steps.length - 1)}
        />
        {walk.verdict !== 'unknown' && (
          <span className={`pasted-verdict verdict-${walk.verdict}`}>{walk.verdict}</span>
        )}
        <span className="pasted-do">
          {walk.program !== null && !open && (
            <Button
              icon="code"
              tone="plain"
              onClick={() => {
                playground.openText(walk.program!.source, 'From a verifier log');
                linkOpen(playground);
                if (walk.program!.notes.length > 0) playground.notify('info', walk.program!.notes.join(' '));
              }}
            >
              Verify its program here
            </Button>
          )}
          {!open && (
            <Button
              icon="flip"
              title="Compare with the program that is open"
              onClick={() => linkOpen(playground)}
            />
          )}
          <Button
            icon="cross"
            title="Put this log away"
            onClick={() => pasted.setState({ walk: null, step: 0, linked: null, refused: null })}
          />
        </span>
      </div>
      {walk.message !== null && <p className="pasted-message">{walk.message}</p>}
      {walk.program === null && <p className="faint">The program cannot be put together from this log.</p>}
      {open && here !== null && <Verified walk={walk} here={here} />}
      <div className="pasted-lines">
        <VirtualList
          label="Pasted log"
          count={walk.lines.length}
          rowHeight={ROW}
          reveal={now?.line ?? null}
          active={line ?? now?.line ?? null}
          onActive={(index) => setLine(index)}
          onTake={(index) => go(stepOfLine(walk.steps, index))}
          rowId={(index) => `pasted-${index}`}
          row={(index) => {
            const { text, kind } = walk.lines[index]!;
            const first = open ? here?.compared.first?.pasted : undefined;
            const current = now !== null && index >= now.line && index < upTo;
            return (
              <div
                key={index}
                id={`pasted-${index}`}
                role="option"
                aria-selected={index === (line ?? now?.line)}
                className={`log-line linked ${CLASSES[kind]}${current ? ' here' : ''}${index === first ? ' parts' : ''}${index === line ? ' active' : ''}`}
                onClick={() => go(stepOfLine(walk.steps, index))}
              >
                {text === '' ? '\u00a0' : text}
              </div>
            );
          }}
        />
      </div>
      {now !== null && (
        <section className="pasted-state" aria-label="What the log says before this step" tabIndex={0}>
          <p>
            <span className="walk-insn-index">{now.insn}</span> <code>{now.text}</code>
            {now.frame > 0 && <span className="faint"> in frame {now.frame}</span>}
          </p>
          {rows.length === 0 ? (
            <p className="faint">The log says nothing of the state here.</p>
          ) : (
            <table className="state-table">
              <tbody>
                {rows.map(({ name, text, changed }) => (
                  <tr key={name} className={changed ? 'changed' : ''}>
                    <th scope="row">{name}</th>
                    <td>{text}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </section>
      )}
      <p className="visually-hidden" role="status">
        {line !== null && now !== null && spokenLogStep(step, now, rows)}
      </p>
    </>
  );
}

/** A log of any kernel: stepped as it says, and compared with what the verifier here says of its program. */
export function PastedPane() {
  const walk = useStore(pasted, (state) => state.walk);
  return (
    <div className="pasted-pane">
      <h2 className="visually-hidden">Pasted log</h2>
      {walk === null ? <Paste /> : <Document walk={walk} />}
    </div>
  );
}
