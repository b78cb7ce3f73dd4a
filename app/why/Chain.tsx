import { useStore } from 'zustand';
import type { Explanation } from '../../worker/protocol.ts';
import { count } from '../playground/verdict-words.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { toggleAllSteps, whyView } from './why-view.ts';

/** What each kind of cause did, for those who cannot see its mark. */
const KINDS = {
  value: '',
  lost: 'Lost: ',
  held: 'Held: ',
  branch: 'Branch: ',
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
  const known = new Map(chain.map((link) => [link.step, link]));
  const rows: Row[] = all
    ? way.map(({ step, insn, text }) => {
        const link = known.get(step);
        return link === undefined
          ? { step, insn, text, kind: 'step' }
          : { step, insn, text: link.why, kind: link.kind };
      })
    : chain.map(({ step, insn, why, kind }) => ({ step, insn, text: why, kind }));
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

/** The fact that was missing, and the way on which it was not. */
export function Missing({ explanation }: { readonly explanation: Explanation }) {
  const playground = usePlayground();
  const { missing, sibling } = explanation;
  if (missing === null && sibling === null) return null;
  const go = (step: number): void => playground.move({ to: 'step', step });
  return (
    <section className="missing" aria-label="What was missing">
      {missing !== null && (
        <p>
          <strong>What was missing.</strong> {capital(missing.fact)}.{' '}
          {missing.step < 0 ? (
            <span className="faint">It never was so on this path.</span>
          ) : (
            <>
              It was so until{' '}
              <button type="button" className="step-link" onClick={() => go(missing.step)}>
                step {count(missing.step + 1)}
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
