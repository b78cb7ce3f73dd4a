import type { Explanation, Fix } from '../protocol/explain.ts';
import { acceptance } from './accepted.ts';
import { causes, NO_CAUSES } from './chain.ts';
import { walked, written, type Case } from './context.ts';
import { applyEdits, wholeEdit } from './edits.ts';
import { wordsOf } from './words.ts';
import { makersFor } from './fixes/by-rule.ts';
import { WITH_PRIVILEGES } from './fixes/settings.ts';
import type { Candidate, FixMaker } from './fixes/fix.ts';

/** Programs that take longer than this get no fixes: each would have to be walked again. */
const FIXABLE_INSNS = 20_000;
/** Changes that are tried at most, fixes that are offered at most, and how long the search may take in milliseconds. */
const TRIES = 60;
const OFFERS = 3;
const PATIENCE_MS = 800;

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
    fixes:
      rule === null || c.result.stats.insns > FIXABLE_INSNS
        ? []
        : await verifiedFixes(c, [...candidatesFor(c, rule, page?.fixes ?? [])]),
  };
}

/** Changes that might help: those that the rule's page names, those for the rule, then those of the program's settings. */
function* candidatesFor(c: Case, rule: string, own: readonly FixMaker[]): Iterable<Candidate> {
  // a program that came without its text cannot be edited
  const text = written(c);
  if (text === null) return;
  const { walk: makers, text: settings } = makersFor(rule);
  const walk = walked(text);
  if (walk !== null && walk.insn >= 0) for (const maker of new Set([...own, ...makers])) yield* maker(walk);
  for (const maker of settings) yield* maker(text);
}

/** Changes that pass, of all that are tried within a number and a time. */
interface Search {
  readonly until: number;
  tries: number;
}

/** Tries changes one by one; only those with which the program passes are offered, one of each kind. */
async function verifiedFixes(c: Case, candidates: readonly Candidate[]): Promise<Explanation['fixes']> {
  const search: Search = { until: performance.now() + (c.patience ?? PATIENCE_MS), tries: TRIES };
  const fixes = await passing(c, candidates, OFFERS, search);
  // more privileges mend a lot, and say little
  if (c.again === undefined || fixes.some((fix) => fix.title !== WITH_PRIVILEGES)) return fixes;
  return [...(await inTwo(c, candidates, search)), ...fixes];
}

async function passing(
  c: Case,
  candidates: Iterable<Candidate>,
  most: number,
  search: Search,
): Promise<Fix[]> {
  const fixes: Fix[] = [];
  const tried = new Set<string>();
  const kinds = new Set<string>();
  for (const { title, edits, note, kind = title } of candidates) {
    if (fixes.length === most || search.tries === 0 || performance.now() > search.until) break;
    if (kinds.has(kind)) continue;
    const source = applyEdits(c.source, edits);
    if (tried.has(source)) continue;
    tried.add(source);
    search.tries--;
    if (!(await c.passes(source))) continue;
    kinds.add(kind);
    fixes.push({ title, edits, verified: true, note: note ?? '' });
  }
  return fixes;
}

/** First changes that are followed up. */
const FOLLOWED = 6;

/** The program may have a second fault: a change that mends the first and one that mends what is refused then. */
async function inTwo(c: Case, candidates: readonly Candidate[], search: Search): Promise<Fix[]> {
  search.tries = TRIES;
  const kinds = new Set<string>();
  for (const { title, edits, kind = title } of candidates) {
    if (kinds.size === FOLLOWED || performance.now() > search.until) break;
    if (kinds.has(kind)) continue;
    kinds.add(kind);
    const source = applyEdits(c.source, edits);
    const next = await c.again!(source);
    // still refused for the same reason: nothing was mended
    if (next === null || next.result.rule === null || next.result.message === c.result.message) continue;
    const [second] = await passing(next, candidatesFor(next, next.result.rule, []), 1, search);
    if (second === undefined) continue;
    const edit = wholeEdit(c.source, applyEdits(source, second.edits));
    return [
      {
        title: `${title}; then ${second.title.charAt(0).toLowerCase()}${second.title.slice(1)}`,
        edits: [edit],
        verified: true,
        note: second.note,
      },
    ];
  }
  return [];
}
