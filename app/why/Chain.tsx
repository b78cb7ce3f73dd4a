import { useStore } from 'zustand';
import { useState } from 'react';
import type { ChainLink, Explanation, Span } from '../../worker/protocol.ts';
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

interface Row {
  readonly step: number;
  readonly insn: number;
  readonly text: string;
  readonly kind: keyof typeof KINDS | 'step';
}

/** How it came to the verdict: the steps that matter, or all of them. */
export function Chain({ explanation }: { readonly explanation: Explanation }) {
  const playground = usePlayground();
  const at = useApp((state) => state.step?.step);
  const all = useStore(whyView, (state) => state.all);
  const { chain, way } = explanation;
  if (chain.length === 0) return null;
  if (chain.some((link) => link.step === null)) return <Places chain={chain} />;
  const known = new Map(chain.map((link) => [link.step, link]));
  const rows: Row[] = all
    ? way.map(({ step, insn, text }) => {
        const link = known.get(step);
        return link === undefined
          ? { step, insn, text, kind: 'step' }
          : { step, insn, text: link.why, kind: link.kind };
      })
    : chain.map(({ step, insn, why, kind }) => ({ step: step!, insn: insn!, text: why, kind }));
  const left = all ? (way[0]?.step ?? 0) : 0;
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
      {all && left > 0 && way.length >= 400 && (
        <p className="faint">The last {count(way.length)} steps of the way.</p>
      )}
      <ol className="chain">
        {rows.map((row) => (
          <li key={`${row.step} ${row.kind}`} className={`link-${row.kind}${row.step === at ? ' here' : ''}`}>
            <button
              type="button"
              aria-current={row.step === at ? 'step' : undefined}
              onClick={() => playground.move({ to: 'step', step: row.step })}
            >
              <span className="chain-why">
                {row.kind !== 'step' && KINDS[row.kind] !== '' && (
                  <span className="visually-hidden">{KINDS[row.kind]}</span>
                )}
                {row.text}
              </span>
              <span className="chain-place">
                instruction {row.insn} · step {count(row.step + 1)}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** How a rejection outside of the walk came about: places of the program, which the editor shows. */
function Places({ chain }: { readonly chain: readonly ChainLink[] }) {
  const playground = usePlayground();
  const insns = useApp((state) => state.run?.result.insns);
  const [chosen, setChosen] = useState(-1);
  const spanOf = ({ insn, span }: ChainLink): Span | null =>
    span ?? (insn === null ? null : (insns?.find((row) => row.index === insn)?.span ?? null));
  return (
    <section aria-label="How it came to this">
      <h3>How it came to this</h3>
      <ol className="chain">
        {chain.map((link, i) => {
          const span = spanOf(link);
          const place = [
            ...(link.insn === null ? [] : [`instruction ${link.insn}`]),
            ...(span === null ? [] : [`line ${span.line}`]),
          ].join(' · ');
          return (
            <li key={`${i} ${link.why}`} className={`link-${link.kind}${i === chosen ? ' here' : ''}`}>
              {span === null ? (
                <p className="chain-why chain-still">{link.why}</p>
              ) : (
                <button
                  type="button"
                  aria-current={i === chosen ? 'location' : undefined}
                  onClick={({ currentTarget }) => {
                    setChosen(i);
                    showPane('code');
                    playground.reveal(span);
                    // the next row is a key away
                    currentTarget.focus();
                  }}
                >
                  <span className="chain-why">{link.why}</span>
                  <span className="chain-place">{place}</span>
                </button>
              )}
            </li>
          );
        })}
      </ol>
    </section>
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
