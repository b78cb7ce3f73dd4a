import type { RuleEntry } from '../../worker/protocol/rules.ts';
import { usePlayground } from '../shell/context.ts';
import { Button } from '../ui/Button.tsx';
import { useRule } from './use-rules.ts';

function Program({
  title,
  source,
  name,
  onOpen,
}: {
  readonly title: string;
  readonly source: string;
  readonly name: string;
  readonly onOpen: () => void;
}) {
  const playground = usePlayground();
  return (
    <section className="rule-program" aria-label={title}>
      <div className="rule-program-head">
        <h3>{title}</h3>
        <Button
          tone="plain"
          onClick={() => {
            playground.openText(source, name);
            onOpen();
          }}
        >
          Open in the editor
        </Button>
      </div>
      <pre tabIndex={0}>{source}</pre>
    </section>
  );
}

/** One rule: what it says, why, and programs that break and keep it. */
export function RulePage({
  id,
  onRule,
  onOpen,
}: {
  readonly id: string;
  readonly onRule: (id: string) => void;
  /** A program was opened: whatever covers the editor should go. */
  readonly onOpen: () => void;
}) {
  const rule = useRule(id, true);
  if (rule === null) return <p className="empty">Looking it up …</p>;
  return (
    <article className="rule-page">
      <h2>{rule.title}</h2>
      {rule.text === '' ? (
        <p className="faint">The kernel refuses without a word.</p>
      ) : (
        <pre className="rule-text">{rule.text}</pre>
      )}
      <p className="prose">{rule.explanation}</p>
      <p className="prose rationale">
        <strong>Why the kernel insists.</strong> {rule.rationale}
      </p>
      {rule.failing !== null && (
        <Program title="Refused" source={rule.failing} name={`${rule.id} (refused)`} onOpen={onOpen} />
      )}
      {rule.noProgram !== null && <p className="prose faint">{rule.noProgram}</p>}
      {rule.fixed !== null && (
        <Program title="Accepted" source={rule.fixed} name={`${rule.id} (accepted)`} onOpen={onOpen} />
      )}
      {rule.unasked !== null && <p className="prose faint">{rule.unasked}</p>}
      <RelatedRules rules={rule.related} onRule={onRule} />
      <p className="faint why-rule">
        Rule <code>{rule.id}</code>, errno {rule.errno}
      </p>
    </article>
  );
}

/** Links to rules that belong to one. */
export function RelatedRules({
  rules,
  onRule,
}: {
  readonly rules: readonly RuleEntry[];
  readonly onRule: (id: string) => void;
}) {
  if (rules.length === 0) return null;
  return (
    <section aria-label="Related rules">
      <h3>Related</h3>
      <ul className="related-rules">
        {rules.map((one) => (
          <li key={one.id}>
            <button type="button" className="step-link" onClick={() => onRule(one.id)}>
              {one.title}
            </button>{' '}
            <span className="faint">{one.text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
