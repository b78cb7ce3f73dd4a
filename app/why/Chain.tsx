import { useStore } from 'zustand';
import { useState } from 'react';
import type { ChainLink, Explanation } from '../../worker/protocol.ts';
import { count } from '../playground/verdict-words.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { showPane } from '../shell/layout.ts';
import { toggleAllSteps, whyView } from './why-view.ts';

/** What each kind of cause did, for those who cannot see its mark. */
const KINDS = {
  value: '',
  lost: 'Lost: ',
  held: 'Held: ',
  branch: 'Branch: ',
  place: '',
  refused: '',
} as const;

interface Row extends Pick<ChainLink, 'step' | 'insn' | 'span'> {
  readonly text: string;
  readonly kind: keyof typeof KINDS | 'step';
}

/** How it came to the verdict: the steps and places that matter, or all steps. */
export function Chain({ explanation }: { readonly explanation: Explanation }) {
  const all = useStore(whyView, (state) => state.all);
  // which place was shown last; steps are marked where the cursor stands
  const [shown, setShown] = useState(-1);
  const { chain, way } = explanation;
  if (chain.length === 0) return null;
  const known = new Map(chain.map((link) => [link.step, link]));
  const isWhole = all && way.length > 0;
  const rows: Row[] = isWhole
    ? way.map(({ step, insn, text }) => {
        const link = known.get(step);
        return { step, insn, span: null, text: link?.why ?? text, kind: link?.kind ?? 'step' };
      })
    : chain.map(({ why, ...link }) => ({ ...link, text: why }));
  const left = isWhole ? (way[0]?.step ?? 0) : 0;
  return (
    <section aria-label="How it came to this">
      <div className="chain-head">
        <h3>How it came to this</h3>
        {way.length > chain.length && (
          <button type="button" className="step-link" aria-pressed={all} onClick={toggleAllSteps}>
            {all ? 'Only what matters' : `All ${count(way.length)} steps`} <kbd>A</kbd>
          </button>
        )}
      </div>
      {left > 0 && way.length >= 400 && (
        <p className="faint">The last {count(way.length)} steps of the way.</p>
      )}
      <ol className="chain">
        {rows.map((row, i) =>
          row.step === null ? (
            <PlaceRow key={`${i} ${row.text}`} row={row} here={i === shown} onShow={() => setShown(i)} />
          ) : (
            <StepRow key={`${row.step} ${row.kind}`} row={row} step={row.step} />
          ),
        )}
      </ol>
    </section>
  );
}

/** A step of the walk, to which the cursor moves. */
function StepRow({ row, step }: { readonly row: Row; readonly step: number }) {
  const playground = usePlayground();
  const here = useApp((state) => state.step?.step === step);
  return (
    <li className={`link-${row.kind}${here ? ' here' : ''}`}>
      <button
        type="button"
        aria-current={here ? 'step' : undefined}
        onClick={() => playground.move({ to: 'step', step })}
      >
        <span className="chain-why">
          {row.kind !== 'step' && KINDS[row.kind] !== '' && (
            <span className="visually-hidden">{KINDS[row.kind]}</span>
          )}
          {row.text}
        </span>
        <span className="chain-place">
          instruction {row.insn} · step {count(step + 1)}
        </span>
      </button>
    </li>
  );
}

/** A place of the program, which the editor shows; of a program without its text it is said only. */
function PlaceRow({
  row,
  here,
  onShow,
}: {
  readonly row: Row;
  readonly here: boolean;
  readonly onShow: () => void;
}) {
  const playground = usePlayground();
  const own = useApp(
    (state) => state.run?.result.insns.find(({ index }) => index === row.insn)?.span ?? null,
  );
  const span = row.span ?? own;
  const place = [
    ...(row.insn === null ? [] : [`instruction ${row.insn}`]),
    ...(span === null ? [] : [`line ${span.line}`]),
  ].join(' · ');
  return (
    <li className={`link-${row.kind}${here ? ' here' : ''}`}>
      {span === null ? (
        <p className="chain-why chain-still">{row.text}</p>
      ) : (
        <button
          type="button"
          aria-current={here ? 'location' : undefined}
          onClick={({ currentTarget }) => {
            onShow();
            showPane('code');
            playground.reveal(span);
            // the next row is a key away
            currentTarget.focus();
          }}
        >
          <span className="chain-why">{row.text}</span>
          <span className="chain-place">{place}</span>
        </button>
      )}
    </li>
  );
}

/** The fact that was missing, and the way on which it was not. */
export function Missing({ explanation }: { readonly explanation: Explanation }) {
  const playground = usePlayground();
  const { missing, sibling } = explanation;
  if (missing === null && sibling === null) return null;
  const go = (step: number): void => playground.move({ to: 'step', step });
  const until = missing?.step ?? null;
  return (
    <section className="missing" aria-label="What was missing">
      {missing !== null && (
        <p>
          <strong>What was missing.</strong> {capital(missing.fact)}.{' '}
          {until === null ? null : until < 0 ? (
            <span className="faint">It never was so on this path.</span>
          ) : (
            <>
              It was so until{' '}
              <button type="button" className="step-link" onClick={() => go(until)}>
                step {count(until + 1)}
              </button>
              {missing.how === '' ? '.' : `: ${missing.how}.`}
            </>
          )}
        </p>
      )}
      {sibling !== null && (
        <p>
          <strong>Where it goes well.</strong> {sibling.why}:{' '}
          <button type="button" className="step-link" onClick={() => go(sibling.step)}>
            step {count(sibling.step + 1)}
          </button>
          .
        </p>
      )}
    </section>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
