import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { RuleList } from './RuleList.tsx';
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
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  /** To the row that Tab stops at. */
  const toList = (): void => list.current?.querySelector<HTMLElement>('button[tabindex="0"]')?.focus();
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
            if (first === undefined || event.shiftKey) return;
            const atEnd = event.currentTarget.selectionStart === search.length;
            if (event.key === 'Enter') setId(first.id);
            else if (event.key === 'ArrowDown' && atEnd) toList();
            else return;
            event.preventDefault();
          }}
        />
        <p className="faint" role="status">
          {rules === null ? 'Looking …' : rules.length === 1 ? '1 rule' : `${rules.length} rules`}
          {id !== null && (
            <span className="visually-hidden">. The page of a rule is open: Tab leads to it.</span>
          )}
        </p>
        <RuleList ref={list} rules={rules ?? []} headed={search.trim() === ''} current={id} onRule={setId} />
        {rules?.length === 0 && <p className="empty">No rule says that.</p>}
      </div>
      {id !== null && (
        <div className="rule-pane" ref={page} role="region" aria-label="Rule" tabIndex={0}>
          <div className="rule-back">
            <Button tone="plain" onClick={() => setId(null)}>
              All rules
            </Button>
          </div>
          <RulePage
            id={id}
            onRule={(related) => {
              // the link goes with its page
              page.current?.focus();
              setId(related);
            }}
            onOpen={onOpen}
          />
        </div>
      )}
    </div>
  );
}
