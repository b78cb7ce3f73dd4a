import type { Explanation, Problem } from '../../worker/protocol.ts';
import { verdictWord } from '../playground/verdict-words.ts';
import { RelatedRules } from '../rules/RulePage.tsx';
import { showRules } from '../rules/rule-dialog.ts';
import { useRule } from '../rules/use-rules.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { Nothing } from '../shell/Nothing.tsx';
import { showPane } from '../shell/layout.ts';
import { Button } from '../ui/Button.tsx';
import { Chain, Missing } from './Chain.tsx';

type Fix = Explanation['fixes'][number];

/** Changes with which the program passes: those that mend it first, then those that give something up. */
function Fixes({ fixes }: { readonly fixes: readonly Fix[] }) {
  // Only what was verified is offered.
  const verified = fixes.filter((fix) => fix.verified);
  if (verified.length === 0) return null;
  const mends = verified.filter((fix) => !fix.lastResort);
  const lastResorts = verified.filter((fix) => fix.lastResort);
  return (
    <section aria-label="Fixes">
      {mends.length > 0 && (
        <>
          <h3>What would fix it</h3>
          <FixList fixes={mends} />
        </>
      )}
      {lastResorts.length > 0 && (
        <>
          <h3>{mends.length > 0 ? 'Or give something up' : 'It passes if something is given up'}</h3>
          <FixList fixes={lastResorts} />
        </>
      )}
    </section>
  );
}

function FixList({ fixes }: { readonly fixes: readonly Fix[] }) {
  const playground = usePlayground();
  return (
    <ul className="fixes">
      {fixes.map((fix) => (
        <li key={fix.title}>
          <span>
            {fix.title}
            {fix.note !== '' && <span className="fix-note"> {fix.note}</span>}
          </span>
          <span className="tag ok">accepted with this change</span>
          <Button tone="plain" label={`Apply: ${fix.title}`} onClick={() => playground.applyFix(fix.edits)}>
            Apply
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** The broken rule's page, and rules that belong to it. */
function Rule({ id }: { readonly id: string }) {
  const rule = useRule(id, false);
  return (
    <>
      {rule !== null && <RelatedRules rules={rule.related.slice(0, 4)} onRule={showRules} />}
      <p className="faint why-rule">
        Rule <code>{id}</code> ·{' '}
        <button type="button" className="step-link" onClick={() => showRules(id)}>
          {rule?.page === true ? 'its page, with programs' : 'more about it'}
        </button>{' '}
        ·{' '}
        <button type="button" className="step-link" onClick={() => showRules()}>
          all rules
        </button>
      </p>
    </>
  );
}

/** What keeps the text from being a program. */
function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  const playground = usePlayground();
  return (
    <article className="why verdict-bad-input">
      <header>
        <p className="why-verdict">{verdictWord('bad-input')}</p>
        <h2>
          {problems.length === 1
            ? 'One thing to mend in the text'
            : `${problems.length} things to mend in the text`}
        </h2>
      </header>
      <ul className="problems">
        {problems.map((problem) => (
          <li key={`${problem.span.line}:${problem.span.col} ${problem.message}`}>
            <button
              type="button"
              className="step-link"
              onClick={() => {
                showPane('code');
                playground.reveal(problem.span);
              }}
            >
              line {problem.span.line}
            </button>
            <span>{problem.message}</span>
            {problem.fixes.map((fix) => (
              <Button key={fix.title} tone="plain" onClick={() => playground.applyFix(fix.edits)}>
                {fix.title}
              </Button>
            ))}
          </li>
        ))}
      </ul>
    </article>
  );
}

/** Why the verifier decided as it did. */
export function WhyPanel() {
  const explanation = useApp((state) => state.explanation);
  const walked = useApp((state) => state.run !== null);
  const bad = useApp((state) =>
    state.latest?.result.verdict === 'bad-input' ? state.latest.result.problems : null,
  );
  if (bad !== null) return <Problems problems={bad} />;
  if (explanation === null)
    return walked ? (
      <p className="empty">The reasons are being put together.</p>
    ) : (
      <Nothing>There is no verdict to explain.</Nothing>
    );
  return (
    <article className={`why verdict-${explanation.verdict}`}>
      <header>
        <p className="why-verdict">{verdictWord(explanation.verdict)}</p>
        <h2>{explanation.title}</h2>
        {explanation.message !== '' && <pre className="why-message">{explanation.message}</pre>}
      </header>
      {explanation.explanation !== '' && <p className="prose">{explanation.explanation}</p>}
      {explanation.rationale !== '' && (
        <p className="prose rationale">
          <strong>Why the kernel insists.</strong> {explanation.rationale}
        </p>
      )}
      <Missing explanation={explanation} />
      <Fixes fixes={explanation.fixes} />
      <Chain explanation={explanation} />
      {explanation.rule !== null && <Rule id={explanation.rule} />}
    </article>
  );
}
