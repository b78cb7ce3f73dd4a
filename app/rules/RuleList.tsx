import { useState } from 'react';
import type { KeyboardEvent, Ref } from 'react';
import type { RuleEntry } from '../../worker/protocol/rules.ts';

/** Rows that PageUp and PageDown go. */
const PAGE = 10;

/** Where keys lead from a row, of `count`. */
const MOVES: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + PAGE,
  PageUp: (at) => at - PAGE,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Rules under their headings: one stop for Tab, arrows inside. */
export function RuleList({
  ref,
  rules,
  headed,
  current,
  onRule,
}: {
  readonly ref: Ref<HTMLDivElement>;
  readonly rules: readonly RuleEntry[];
  /** Under their headings, rather than in the order in which a search found them. */
  readonly headed: boolean;
  /** Id of the rule whose page is open. */
  readonly current: string | null;
  readonly onRule: (id: string) => void;
}) {
  const [visited, setVisited] = useState<string | null>(null);
  const has = (id: string | null): boolean => rules.some((rule) => rule.id === id);
  const stop = has(visited) ? visited : has(current) ? current : rules[0]?.id;

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const move = MOVES[event.key];
    if (move === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const rows = [...event.currentTarget.querySelectorAll('button')];
    const to = move(
      rows.findIndex((row) => row === document.activeElement),
      rows.length,
    );
    rows[Math.min(Math.max(to, 0), rows.length - 1)]?.focus();
  };
  return (
    <div ref={ref} className="rule-groups" role="group" aria-label="Rules" onKeyDown={onKeyDown}>
      {grouped(rules, headed).map(([title, members]) => (
        <section key={title}>
          {title !== '' && <h3>{title}</h3>}
          <ul>
            {members.map((rule) => (
              <li key={rule.id}>
                <button
                  type="button"
                  aria-current={rule.id === current ? 'true' : undefined}
                  tabIndex={rule.id === stop ? 0 : -1}
                  onFocus={() => setVisited(rule.id)}
                  onClick={() => onRule(rule.id)}
                >
                  <span className="rule-title">{rule.title}</span>
                  <code>{rule.text === '' ? rule.id : rule.text}</code>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** Rules by their headings, in the order in which these come; in one nameless group unless `headed`. */
function grouped(
  rules: readonly RuleEntry[],
  headed: boolean,
): readonly (readonly [title: string, members: readonly RuleEntry[]])[] {
  const groups = new Map<string, RuleEntry[]>();
  for (const rule of rules) {
    const title = headed ? rule.group : '';
    const members = groups.get(title);
    if (members === undefined) groups.set(title, [rule]);
    else members.push(rule);
  }
  return [...groups];
}
