import { allRules, type Rule } from '../failure/rule.ts';
import type { RuleEntry, RuleView } from '../protocol/rules.ts';
import { PAGES, pageOf } from './registry.ts';
import { areaRank, areaTitle } from './rules/areas.ts';
import { noteOf } from './rules/notes.ts';

const ASKED_MOST = 'Asked about most';

/** A rule as lists show it. */
export function entryOf(rule: Rule): RuleEntry {
  const page = pageOf(rule.id);
  return {
    id: rule.id,
    text: rule.text.trim().replaceAll('\n', ' '),
    title: page?.title ?? noteOf(rule.id)?.[0] ?? rule.id,
    page: page !== null,
    group: page?.rules[0] === rule.id ? ASKED_MOST : areaTitle(rule.id),
  };
}

/** Every rule: the first of each page in the order of the pages, then the others by area. */
export function everyRule(): RuleEntry[] {
  const pages = new Map(PAGES.map((page, rank) => [page.rules[0], rank]));
  const rank = ({ id }: Rule): number => pages.get(id) ?? pages.size + areaRank(id);
  return [...allRules()].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1)).map(entryOf);
}

/** All that is said of a rule, null if there is none. */
export function ruleView(id: string): RuleView | null {
  const rule = allRules().find((one) => one.id === id);
  if (rule === undefined) return null;
  const page = pageOf(id);
  const note = noteOf(id);
  const related = (page?.related ?? note?.[3] ?? []).filter((other) => other !== id);
  const entries = related.flatMap((other) =>
    allRules()
      .filter((one) => one.id === other)
      .map(entryOf),
  );
  const own =
    page?.rules
      .filter((other) => other !== id)
      .flatMap((other) =>
        allRules()
          .filter((one) => one.id === other)
          .map(entryOf),
      ) ?? [];
  return {
    ...entryOf(rule),
    errno: rule.errno,
    explanation: page?.explanation ?? note?.[1] ?? '',
    rationale: page?.rationale ?? note?.[2] ?? '',
    related: [...own, ...entries],
    failing: page?.failing ?? null,
    fixed: page?.fixed ?? null,
    noProgram: null,
    unasked: null,
  };
}
