import { useEffect, useState } from 'react';
import type { RuleEntry, RuleView } from '../../worker/protocol/rules.ts';
import { programsOf } from './programs.ts';
import { usePlayground } from '../shell/context.ts';

/** How long a search waits for more to be typed, in ms. */
const PAUSE = 120;

/** Rules that a search finds; null until the first answer. */
export function useRules(search: string): readonly RuleEntry[] | null {
  const playground = usePlayground();
  const [found, setFound] = useState<readonly RuleEntry[] | null>(null);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      playground
        .ask((worker) => worker.rules(search))
        .then(
          (rules) => {
            if (current) setFound(rules);
          },
          // The worker was replaced: the next search asks the new one.
          () => undefined,
        );
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [playground, search]);
  return found;
}

/** What is said of a rule; null while it is asked for. `programs`: with programs for it, which may have to be fetched. */
export function useRule(id: string | null, programs: boolean): RuleView | null {
  const playground = usePlayground();
  const [view, setView] = useState<RuleView | null>(null);
  useEffect(() => {
    let current = true;
    if (id === null) return;
    playground
      .ask((worker) => worker.rulePage(id))
      .then(async (rule) =>
        rule === null || rule.failing !== null || !programs ? rule : { ...rule, ...(await programsOf(id)) },
      )
      .then(
        (rule) => {
          if (current) setView(rule);
        },
        () => undefined,
      );
    return () => {
      current = false;
    };
  }, [playground, id, programs]);
  return view !== null && view.id === id ? view : null;
}
