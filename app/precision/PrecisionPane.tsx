import { useState } from 'react';
import type { VerifierWorker } from '../../worker/protocol.ts';
import type {
  FrameLiveness,
  PrecisionDescent,
  PrecisionMark,
  PrecisionView,
} from '../../worker/protocol/precision.ts';
import { count, plural } from '../playground/verdict-words.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { Nothing } from '../shell/Nothing.tsx';
import { useAnswer } from '../shell/use-answer.ts';

const ask = (worker: VerifierWorker, run: number, step: number): Promise<PrecisionView> =>
  worker.precision(run, step);

function StepLink({ step }: { readonly step: number }) {
  const playground = usePlayground();
  return (
    <button type="button" className="step-link" onClick={() => playground.move({ to: 'step', step })}>
      step {count(step + 1)}
    </button>
  );
}

/** The way back from what asked to the state that was marked. */
function Descent({
  descent,
  onFollow,
}: {
  readonly descent: PrecisionDescent;
  readonly onFollow: (mark: number) => void;
}) {
  const { mark, hops, coverStep, coverMark } = descent;
  return (
    <div className="descent">
      <p>{descent.cause}</p>
      <ol className="chain">
        <li>
          <span className="chain-why">
            {descent.step >= 0 && <StepLink step={descent.step} />} instruction {mark.byInsn}{' '}
            <code>{mark.byText}</code> wants <strong>{descent.wanted}</strong>
          </span>
        </li>
        {hops.map((hop, index) => (
          <li key={`${hop.step} ${hop.insn} ${index}`}>
            <span className="chain-why">
              {hop.step >= 0 && <StepLink step={hop.step} />} instruction {hop.insn} <code>{hop.text}</code>:{' '}
              {hop.wanted === '' ? (
                'nothing more is wanted'
              ) : (
                <>
                  before it, <strong>{hop.wanted}</strong>
                </>
              )}
            </span>
          </li>
        ))}
        <li>
          <span className="chain-why">
            The state kept at <StepLink step={mark.keptStep} />: <strong>{mark.name}</strong> becomes precise
          </span>
        </li>
      </ol>
      {descent.gaveUp && (
        <p>The way back could not be followed further: the verifier took every number on it for precise.</p>
      )}
      {coverStep >= 0 && (
        <p>
          The covering state is that of <StepLink step={coverStep} />.{' '}
          {coverMark !== null && (
            <button type="button" className="step-link" onClick={() => onFollow(coverMark)}>
              Why was it precise there?
            </button>
          )}
        </p>
      )}
    </div>
  );
}

type Told = { readonly mark: number; readonly descent: PrecisionDescent | null | 'waiting' };

/** Marks of precision; each can be followed back. */
function Marks({
  marks,
  run,
  kept,
}: {
  readonly marks: readonly PrecisionMark[];
  readonly run: number;
  readonly kept: boolean;
}) {
  const playground = usePlayground();
  const [opened, setOpened] = useState<number | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const follow = (row: number, mark: number): void => {
    setOpened(row);
    setTold({ mark, descent: 'waiting' });
    playground
      .ask((worker) => worker.descent(run, mark))
      .then((descent) => setTold((now) => (now?.mark === mark ? { mark, descent } : now)))
      // The run was replaced: the next one's marks take the place of these.
      .catch(() => setTold(null));
  };
  return (
    <ul className="marks">
      {marks.map((mark) => (
        <li key={mark.mark}>
          <span className="mark-head">
            <strong className="reg-name">{mark.name}</strong>
            {kept ? (
              <span>
                asked for at <StepLink step={mark.byStep} />, instruction {mark.byInsn}{' '}
                <code>{mark.byText}</code>
              </span>
            ) : (
              <span>
                of the state kept at <StepLink step={mark.keptStep} />
              </span>
            )}
            <button
              type="button"
              className="step-link"
              aria-expanded={opened === mark.mark}
              onClick={() => (opened === mark.mark ? setOpened(null) : follow(mark.mark, mark.mark))}
            >
              {opened === mark.mark ? 'close' : 'how?'}
            </button>
          </span>
          {opened === mark.mark && told !== null && (
            <div aria-live="polite">
              {told.descent === 'waiting' ? (
                <p className="faint">The way back is being looked for.</p>
              ) : told.descent === null ? (
                <p className="faint">The way back is not on record.</p>
              ) : (
                <Descent descent={told.descent} onFollow={(next) => follow(mark.mark, next)} />
              )}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function Life({ frame, alone }: { readonly frame: FrameLiveness; readonly alone: boolean }) {
  return (
    <div className="life">
      {!alone && (
        <h4>
          Frame {frame.frameno}, {frame.subprog}
        </h4>
      )}
      <dl>
        <dt>Live</dt>
        <dd>{frame.live.length === 0 ? 'nothing' : frame.live.map((row) => row.name).join(', ')}</dd>
        <dt>Not live</dt>
        <dd>
          {frame.dead.length === 0 ? (
            <span className="faint">nothing that holds a value</span>
          ) : (
            <ul>
              {frame.dead.map((row) => (
                <li key={row.name} className="dead">
                  <span className="reg-name">{row.name}</span> <code>{row.text}</code>
                </li>
              ))}
            </ul>
          )}
        </dd>
      </dl>
    </div>
  );
}

/** Which values had to be exact and why, and which matter at all. */
export function PrecisionPane() {
  const run = useApp((state) => state.run?.result.run ?? null);
  const step = useApp((state) => state.step);
  const { value: view, current } = useAnswer(ask);
  if (run === null || step === null)
    return <Nothing>There are no steps, and so nothing had to be exact.</Nothing>;
  if (view === null) return <p className="empty">The marks are being read.</p>;
  const { asked, precise, keptStep, frames } = view;
  return (
    <article className={`precision${current ? '' : ' passing'}`} aria-busy={!current} key={run}>
      <h2 className="visually-hidden">Precision</h2>
      <section aria-label="Precise here">
        <h3>What had to be exact here</h3>
        {keptStep < 0 ? (
          <p className="faint">No state was kept on the way here; precision is noted in kept states only.</p>
        ) : precise.length === 0 ? (
          <p>
            Nothing in the state kept at <StepLink step={keptStep} />: any other numbers in its registers
            would have done, and a later state with other numbers is covered by it.
          </p>
        ) : (
          <>
            <p className="prose">
              In the state kept at <StepLink step={keptStep} />, later steps relied on these numbers. A state
              with other ones is not covered by it.
            </p>
            <Marks key={`kept ${keptStep}`} marks={precise} run={run} kept />
          </>
        )}
      </section>
      {asked.total > 0 && (
        <section aria-label="Asked for by this step">
          <h3>What this step asked for</h3>
          <Marks key={`asked ${view.step}`} marks={asked.marks} run={run} kept={false} />
          {asked.total > asked.marks.length && (
            <p className="faint">And {plural(asked.total - asked.marks.length, 'more mark')}.</p>
          )}
        </section>
      )}
      <section aria-label="Live and not live">
        <h3>What may still be read</h3>
        {frames.map((frame) => (
          <Life key={frame.frameno} frame={frame} alone={frames.length === 1} />
        ))}
      </section>
    </article>
  );
}
