import { ruleView } from '../explain/rule-index.ts';
import { searchRules } from '../explain/rule-search.ts';
import type { RuleQueries } from '../protocol/rules.ts';

/** Answers about the verifier's own rules. */
export function ruleQueries(): RuleQueries {
  return {
    rules: (search) => Promise.resolve(searchRules(search)),
    rulePage: (id) => Promise.resolve(ruleView(id)),
  };
}
