import { useState } from 'react';
import type { VerifierWorker } from '../../worker/protocol.ts';
import type { ComparedRow, EarlierState, Proof, PruneMoment } from '../../worker/protocol/proof.ts';
import { count, plural } from '../playground/verdict-words.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { Nothing } from '../shell/Nothing.tsx';
import { useAnswer } from '../shell/use-answer.ts';
import { AS_WORDS, RESULT_WORDS } from './words.ts';

const ask = (worker: VerifierWorker, run: number, step: number): Promise<Proof> => worker.proof(run, step);

/** Comparisons that take longer than this are announced by what is known without them. */
const PATIENCE_MS = 150;

async function askOutline(worker: VerifierWorker, run: number, step: number): Promise<Proof> {
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  return worker.proofOutline(run, step);
}

function StepLink({ step, children }: { readonly step: number; readonly children?: string }) {
  const playground = usePlayground();
  return (
    <button type="button" className="step-link" onClick={() => playground.move({ to: 'step', step })}>
      {children ?? `step ${count(step + 1)}`}
    </button>
  );
}

function Rows({ earlier, label }: { readonly earlier: EarlierState; readonly label: string }) {
  const firstDifference = earlier.rows.findIndex((row) => row.result === 'differs');
  const cell = (text: string): React.ReactNode =>
    text === '' ? <span className="faint">–</span> : <code>{text}</code>;
  const rowClass = (row: ComparedRow, index: number): string =>
    `result-${row.result}${index === firstDifference ? ' first' : ''}`;
  return (
    <>
      <table className="compare-table" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Then</th>
            <th scope="col">Now</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          {earlier.rows.map((row, index) => (
            <tr key={row.name} className={rowClass(row, index)}>
              <th scope="row">{row.name}</th>
              <td data-label="then">{cell(row.then)}</td>
              <td data-label="now">
                {row.now === row.then && row.now !== '' ? (
                  <span className="faint">the same</span>
                ) : (
                  cell(row.now)
                )}
              </td>
              <td>
                <span className={`tag compared compared-${row.result}`}>{RESULT_WORDS[row.result]}</span>
                {row.result !== 'equal' && <span className="compare-why">{row.why}</span>}
                {index === firstDifference && (
                  <span className="compare-why">The verifier stops comparing here.</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {earlier.dead.length > 0 && (
        <p className="faint">Not live, nothing known of them: {earlier.dead.join(', ')}.</p>
      )}
    </>
  );
}

function Earlier({ earlier, first }: { readonly earlier: EarlierState; readonly first: boolean }) {
  const [toggled, setToggled] = useState(false);
  const open = toggled !== first;
  return (
    <li className={`earlier${earlier.covers ? ' covers' : ''}`}>
      <div className="earlier-head">
        <button
          type="button"
          className="earlier-toggle"
          aria-expanded={open}
          disabled={earlier.rows.length === 0}
          onClick={() => setToggled(!toggled)}
        >
          <span className={`chevron${open && earlier.rows.length > 0 ? ' open' : ''}`} aria-hidden="true" />
          {earlier.step < 0
            ? 'A state not on record'
            : `Step ${count(earlier.step + 1)}, visit ${count(earlier.visit)}`}
        </button>
        {earlier.step >= 0 && <StepLink step={earlier.step}>go there</StepLink>}
        <span className="faint">{AS_WORDS[earlier.as]}</span>
      </div>
      <p className="earlier-verdict">{earlier.verdict}</p>
      {open && earlier.rows.length > 0 && (
        <Rows earlier={earlier} label={`Comparison with the state of step ${count(earlier.step + 1)}`} />
      )}
    </li>
  );
}

/** What came of the comparisons of a moment. */
function Compared({
  moment,
  earlier,
}: {
  readonly moment: PruneMoment;
  readonly earlier: readonly EarlierState[];
}) {
  const covering = earlier.findIndex((one) => one.covers);
  const rest = earlier.length + moment.leftOut;
  return (
    <>
      {moment.kind === 'pruned' ? (
        <p>
          {moment.loop
            ? 'An earlier state of the same loop covers what is known here: another round would add nothing.'
            : 'A state that was proven safe covers what is known here: whatever comes next was looked at already.'}
          {covering > 0 && ` ${plural(covering, 'newer state')} did not cover it.`}
        </p>
      ) : (
        <p>
          {rest === 0
            ? 'No earlier state was kept here, so there was nothing to compare with.'
            : `${plural(rest, 'earlier state')} kept here, none of which covers what is known now. The first thing that differs in each:`}
        </p>
      )}
      <ol className="earlier-list">
        {earlier
          .map((one, index) => ({ one, index }))
          .sort((a, b) => Number(b.one.covers) - Number(a.one.covers))
          .map(({ one, index }) => (
            <Earlier
              key={`${one.step} ${index}`}
              earlier={one}
              first={covering >= 0 ? index === covering : index === 0}
            />
          ))}
      </ol>
      {moment.leftOut > 0 && <p className="faint">And {plural(moment.leftOut, 'older state')}.</p>}
    </>
  );
}

function Moment({ moment }: { readonly moment: PruneMoment }) {
  return (
    <section
      className={`moment ${moment.kind}`}
      aria-label={moment.kind === 'pruned' ? `Pruned: path ${count(moment.path)}` : 'Not pruned'}
    >
      <h3>
        {moment.kind === 'pruned' ? (
          <>
            Path {count(moment.path)} is pruned before instruction {moment.insn} <code>{moment.text}</code>
          </>
        ) : (
          <>
            The verifier came to instruction {moment.insn} <code>{moment.text}</code> and went on
          </>
        )}
      </h3>
      {moment.earlier === null ? (
        <p className="faint">The states are being compared.</p>
      ) : (
        <Compared moment={moment} earlier={moment.earlier} />
      )}
    </section>
  );
}

function Covers({ covers }: { readonly covers: Proof['covers'] }) {
  if (covers.total === 0) return null;
  return (
    <section className="moment" aria-label="Covered by this state">
      <h3>The state at this step covers {plural(covers.total, 'path')}</h3>
      <p className="path-links">
        {covers.steps.map((step, index) => (
          <StepLink key={`${step} ${index}`} step={step} />
        ))}
        {covers.total > covers.steps.length && <span className="faint">and more</span>}
      </p>
    </section>
  );
}

/** Why the verifier went on from here, or need not. */
export function ProofPane() {
  const run = useApp((state) => state.run);
  const step = useApp((state) => state.step);
  const compared = useAnswer(ask);
  const outline = useAnswer(askOutline);
  // What the walk says by itself comes first where the comparisons take long.
  const early = !compared.current && outline.current;
  const proof = early ? outline.value : compared.value;
  if (run === null || step === null)
    return <Nothing>There are no steps, and so nothing was compared.</Nothing>;
  if (proof === null) return <p className="empty">The states are being compared.</p>;
  return (
    <article className={`proof${compared.current || early ? '' : ' passing'}`} aria-busy={!compared.current}>
      <h2 className="visually-hidden">Pruning</h2>
      <p className="path-links">
        {proof.prevPruned !== null && <StepLink step={proof.prevPruned}>previous pruned path</StepLink>}
        {proof.nextPruned !== null && <StepLink step={proof.nextPruned}>next pruned path</StepLink>}
        {proof.prevPruned === null &&
          proof.nextPruned === null &&
          proof.moments.every((moment) => moment.kind === 'kept') && (
            <span className="faint">No path of this walk was pruned.</span>
          )}
      </p>
      {proof.moments.map((moment) => (
        <Moment key={`${proof.step} ${moment.kind} ${moment.path}`} moment={moment} />
      ))}
      {proof.moments.length === 0 && (
        <p className="prose">
          Nothing is compared at this step. The verifier keeps and compares states only where ways meet or
          part: at jumps, their targets, and calls that may come round again.
        </p>
      )}
      <Covers covers={proof.covers} />
      {proof.checkpoint && (
        <p className="faint">This state was kept, so that later ones can be compared with it.</p>
      )}
    </article>
  );
}
