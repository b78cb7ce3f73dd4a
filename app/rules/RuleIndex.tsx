import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RuleEntry } from '../../worker/protocol/rules.ts';
import { Button } from '../ui/Button.tsx';
import { RulePage } from './RulePage.tsx';
import { useRules } from './use-rules.ts';

/**
 * All rules, searchable by words or by a message that is pasted; a rule opens beside the list (on a phone in its
 * place). `initial`: the rule to begin with.
 */
export function RuleIndex({
  initial = null,
  onOpen,
}: {
  readonly initial?: string | null;
  /** A program was opened: whatever covers the editor should go. */
  readonly onOpen: () => void;
}) {
  const [search, setSearch] = useState('');
  const [id, setId] = useState<string | null>(initial);
  const rules = useRules(search);
  const page = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    // where a dialog puts the focus when it opens; on a touch screen that would only bring up the keyboard
    if (field.current !== null)
      field.current.autofocus = initial === null && matchMedia('(pointer: fine)').matches;
  }, [initial]);
  useEffect(() => {
    // what scrollTo returns differs between browsers, and an effect may return nothing but its end
    page.current?.scrollTo(0, 0);
  }, [id]);
  return (
    <div className={`rule-index${id === null ? '' : ' with-page'}`}>
      <div className="rule-list">
        <textarea
          ref={field}
          aria-label="Search rules, or paste a message"
          placeholder="Search rules, or paste a message of the verifier"
          rows={2}
          spellCheck={false}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            const first = rules?.at(0);
            if (event.key !== 'Enter' || event.shiftKey || first === undefined) return;
            event.preventDefault();
            setId(first.id);
          }}
        />
        <p className="faint" role="status">
          {rules === null ? 'Looking …' : rules.length === 1 ? '1 rule' : `${rules.length} rules`}
        </p>
        <div className="rule-groups" role="group" aria-label="Rules">
          {grouped(rules ?? [], search.trim() === '').map(([title, members]) => (
            <section key={title}>
              {title !== '' && <h3>{title}</h3>}
              <ul>
                {members.map((rule) => (
                  <li key={rule.id}>
                    <button
                      type="button"
                      aria-current={rule.id === id ? 'true' : undefined}
                      onClick={() => setId(rule.id)}
                    >
                      <span className="rule-title">{rule.title}</span>
                      <code>{rule.text === '' ? rule.id : rule.text}</code>
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ))}
          {rules?.length === 0 && <p className="empty">No rule says that.</p>}
        </div>
      </div>
      {id !== null && (
        <div className="rule-pane" ref={page}>
          <div className="rule-back">
            <Button tone="plain" onClick={() => setId(null)}>
              All rules
            </Button>
          </div>
          <RulePage id={id} onRule={setId} onOpen={onOpen} />
        </div>
      )}
    </div>
  );
}

/** Rules by their headings, in the order in which these come; in one nameless group unless `all` are listed. */
function grouped(
  rules: readonly RuleEntry[],
  all: boolean,
): readonly (readonly [title: string, members: readonly RuleEntry[]])[] {
  const groups = new Map<string, RuleEntry[]>();
  for (const rule of rules) {
    const title = all ? rule.group : '';
    const members = groups.get(title);
    if (members === undefined) groups.set(title, [rule]);
    else members.push(rule);
  }
  return [...groups];
}
