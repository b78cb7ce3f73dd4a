import type { Explanation } from '../protocol/explain.ts';
import { acceptance } from './accepted.ts';
import { causesOf, NO_CAUSES } from './chain.ts';
import type { Case } from './context.ts';
import { verifiedFixes } from './fixes/search.ts';
import { wordsOf } from './words.ts';

/** Programs that take longer than this get no fixes: each would have to be walked again. */
const FIXABLE_INSNS = 60_000;

/** Would each change take too long to verify? Not where the walk itself was too long: with a bound it is short. */
const isTooLong = (c: Case, rule: string): boolean =>
  c.result.stats.insns > FIXABLE_INSNS && !/^search\.too/.test(rule);

/** Why the verifier decided as it did, how it came to this, and what would change it. */
export async function explain(c: Case): Promise<Explanation> {
  const { verdict, message, rule } = c.result;
  if (verdict === 'accepted') return acceptance(c);
  if (verdict === 'bad-input') {
    const explanation =
      'The text has mistakes, so there is no program to verify yet. They are marked in the editor.';
    return {
      verdict,
      message,
      rule,
      title: 'Not a program yet',
      explanation,
      rationale: '',
      related: [],
      ...NO_CAUSES,
      fixes: [],
    };
  }
  if (verdict === 'not-modelled') {
    const explanation =
      'The program needs something that this verifier does not do yet. This is no verdict: the kernel may accept it or not.';
    return {
      verdict,
      message,
      rule,
      title: 'Cannot be decided here',
      explanation,
      rationale: '',
      related: [],
      ...NO_CAUSES,
      fixes: [],
    };
  }
  const { words } = wordsOf(c);
  return {
    verdict,
    message,
    rule,
    title: words.title,
    explanation: words.explanation,
    rationale: words.rationale,
    related: words.related,
    ...causesOf(c),
    fixes: rule === null || isTooLong(c, rule) ? [] : await verifiedFixes(c),
  };
}
