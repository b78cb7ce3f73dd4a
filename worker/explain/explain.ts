import type { Explanation } from '../protocol.ts';
import { acceptance } from './accepted.ts';
import { causes, NO_CAUSES } from './chain.ts';
import { walked, type Case, type WalkedCase } from './context.ts';
import { applyEdits } from './edits.ts';
import { wordsOf } from './words.ts';
import type { Candidate } from './fixes/fix.ts';

/** Programs that take longer than this get no fixes: each would have to be walked again. */
const FIXABLE_INSNS = 20_000;
/** Changes that are tried at most, fixes that are offered at most, and how long the search may take in milliseconds. */
const TRIES = 40;
const OFFERS = 3;
const PATIENCE_MS = 400;

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
  const { page, words } = wordsOf(c);
  const walk = walked(c);
  return {
    verdict,
    message,
    rule,
    title: words.title,
    explanation: words.explanation,
    rationale: words.rationale,
    related: words.related,
    ...(walk === null ? NO_CAUSES : causes(walk)),
    // a program that came without its text cannot be edited
    fixes:
      walk === null ||
      page === null ||
      walk.text.sourceMap.length === 0 ||
      c.result.stats.insns > FIXABLE_INSNS
        ? []
        : await verifiedFixes(
            walk,
            page.fixes.flatMap((maker) => [...maker(walk)]),
          ),
  };
}

/** Tries changes one by one; only those with which the program passes are offered, one per title. */
async function verifiedFixes(c: WalkedCase, candidates: readonly Candidate[]): Promise<Explanation['fixes']> {
  const fixes: Explanation['fixes'][number][] = [];
  const until = performance.now() + PATIENCE_MS;
  for (const { title, edits, note } of candidates.slice(0, TRIES)) {
    if (fixes.length === OFFERS || performance.now() > until) break;
    if (fixes.some((fix) => fix.title === title)) continue;
    if (await c.passes(applyEdits(c.source, edits)))
      fixes.push({ title, edits, verified: true, note: note ?? '' });
  }
  return fixes;
}
