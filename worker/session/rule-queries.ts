import { ruleView, searchRules } from '../explain/rule-index.ts';
import type { RuleQueries } from '../protocol/rules.ts';

/** Answers about the verifier's own rules. */
export function ruleQueries(): RuleQueries {
  return {
    rules: (search) => Promise.resolve(searchRules(search)),
    rulePage: (id) => Promise.resolve(ruleView(id)),
  };
}
