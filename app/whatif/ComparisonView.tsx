import type { VerifyResult } from '../../worker/protocol.ts';
import { count, plural, verdictWord } from '../playground/verdict-words.ts';
import { useApp, usePlayground } from '../shell/context.ts';

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

/** The program under the kernel as released beside the program as set, and where the two walks part. */
export function ComparisonView({ kernel }: { readonly kernel: string }) {
  const playground = usePlayground();
  const comparison = useApp((state) => state.comparison);
  const run = useApp((state) => state.run);
  if (comparison === null)
    return (
      <p className="faint comparison-note">
        Compared with Linux {kernel} as released as soon as the verifier is done.
      </p>
    );
  const { left, right, firstDifference } = comparison.result;
  const same = firstDifference === null && left.verdict === right.verdict && left.message === right.message;
  if (same)
    return (
      <section className="comparison" aria-label="Comparison">
        <p className="faint">
          As set here, the verdict and every step are those of Linux {kernel} as released:{' '}
          {verdictWord(right.verdict).toLowerCase()}.
        </p>
      </section>
    );
  return (
    <section className={`comparison${comparison.of === run ? '' : ' stale'}`} aria-label="Comparison">
      <div className="sides">
        <Side title={`Linux ${kernel} as released`} result={left} />
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
    </section>
  );
}
