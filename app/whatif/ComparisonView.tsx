import { lazy, Suspense, useState } from 'react';
import { useStore } from 'zustand';
import type { About, VerifyResult } from '../../worker/protocol.ts';
import { count, plural, verdictWord } from '../playground/verdict-words.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { againstInWords } from './against.ts';
import { SideBySide } from './SideBySide.tsx';
import { against } from './store.ts';

const LogDiff = lazy(async () => ({ default: (await import('./LogDiff.tsx')).LogDiff }));

function Side({ title, result }: { readonly title: string; readonly result: VerifyResult }) {
  return (
    <div className={`side verdict-${result.verdict}`}>
      <p className="side-title">{title}</p>
      <p className="side-verdict">{verdictWord(result.verdict)}</p>
      {result.message !== '' && <p className="side-message">{result.message}</p>}
      <p className="faint">{plural(result.stats.insns, 'instruction')} processed</p>
    </div>
  );
}

/** The program as set beside what it is compared with: verdicts, where the walks part, both states there, both logs. */
export function ComparisonView({ about }: { readonly about: About }) {
  const playground = usePlayground();
  const comparison = useApp((state) => state.comparison);
  const run = useApp((state) => state.run);
  const chosen = useStore(against);
  const [logs, setLogs] = useState(false);
  const words = againstInWords(
    chosen,
    about.kernel,
    new Map(about.semantics.map(({ id, title }) => [id, title])),
  );
  if (comparison === null)
    return <p className="faint comparison-note">Compared with {words} as soon as the verifier is done.</p>;
  const { left, right, firstDifference } = comparison.result;
  const same = firstDifference === null && left.verdict === right.verdict && left.message === right.message;
  if (same)
    return (
      <section className="comparison" aria-label="Comparison">
        <p className="faint">
          As set here, the verdict and every step are those of {words}:{' '}
          {verdictWord(right.verdict).toLowerCase()}.
        </p>
      </section>
    );
  return (
    <section className={`comparison${comparison.of === run ? '' : ' stale'}`} aria-label="Comparison">
      <div className="sides">
        <Side title={words} result={left} />
        <Side title="As set here" result={right} />
      </div>
      {firstDifference === null ? (
        <p className="faint">Both walks are the same.</p>
      ) : (
        <p>
          They part at{' '}
          <button
            type="button"
            className="step-link"
            onClick={() => playground.move({ to: 'step', step: firstDifference.rightStep })}
          >
            step {count(firstDifference.rightStep + 1)}
          </button>
          : {firstDifference.why}
        </p>
      )}
      <SideBySide comparison={comparison.result} />
      <button type="button" className="disclosure" aria-expanded={logs} onClick={() => setLogs(!logs)}>
        <span className={`chevron${logs ? ' open' : ''}`} aria-hidden="true" />
        Difference of the logs
      </button>
      {logs && (
        <Suspense fallback={<p className="faint">Loading …</p>}>
          <LogDiff comparison={comparison.result} />
        </Suspense>
      )}
    </section>
  );
}
