import { allRules, type Rule } from '../failure/rule.ts';
import type { RuleEntry, RuleView } from '../protocol/rules.ts';
import { PAGES, pageOf } from './registry.ts';
import { areaRank, areaTitle } from './rules/areas.ts';
import { noteOf } from './rules/notes.ts';

const ASKED_MOST = 'Asked about most';

const PLACEHOLDER = /%[-0-9]*(?:ll|l)?[a-zA-Z]/g;

/** One line of a rule's text. */
interface Template {
  readonly rule: Rule;
  readonly matches: RegExp;
  /** How much of it is not filled in: the more, the surer. */
  readonly literal: number;
}

let templates: readonly Template[] | null = null;

function templatesOf(): readonly Template[] {
  templates ??= allRules().flatMap((rule) =>
    rule.text
      .split('\n')
      .filter((line) => line.replace(PLACEHOLDER, '').trim().length > 3)
      .map((line): Template => {
        const parts = line.split(PLACEHOLDER).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
        return {
          rule,
          matches: new RegExp(`^${parts.join('.*?')}$`),
          literal: line.replace(PLACEHOLDER, '').length,
        };
      }),
  );
  return templates;
}

function entryOf(rule: Rule): RuleEntry {
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
function everyRule(): RuleEntry[] {
  const pages = new Map(PAGES.map((page, rank) => [page.rules[0], rank]));
  const rank = ({ id }: Rule): number => pages.get(id) ?? pages.size + areaRank(id);
  return [...allRules()].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1)).map(entryOf);
}

/** Rules whose text a message may be, the surest first. */
export function rulesOfMessage(message: string): Rule[] {
  const found = new Map<Rule, number>();
  for (const line of message
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => one !== '')) {
    for (const { rule, matches, literal } of templatesOf()) {
      if (matches.test(line)) found.set(rule, Math.max(found.get(rule) ?? 0, literal));
    }
  }
  return [...found].sort((a, b) => b[1] - a[1]).map(([rule]) => rule);
}

/** Rules that a search finds; all of them for an empty one. */
export function searchRules(search: string): RuleEntry[] {
  const wanted = search.trim();
  if (wanted === '') return everyRule();
  const all = [...allRules()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const exact = rulesOfMessage(wanted);
  const words = wanted.toLowerCase().split(/\s+/);
  const scored = all
    .filter((rule) => !exact.includes(rule))
    .map((rule) => {
      const entry = entryOf(rule);
      const hay = `${entry.id} ${entry.text} ${entry.title}`.toLowerCase();
      return { entry, hits: words.filter((word) => hay.includes(word)).length };
    })
    .filter(({ hits }) =>
      exact.length === 0 ? hits === words.length : hits === words.length && words.length < 4,
    );
  const found = [...exact.map(entryOf), ...scored.map(({ entry }) => entry)];
  if (found.length !== 0) return found;
  // a message with names in it that is none of ours word by word: the rules that share most with it
  const near = all
    .map((rule) => ({ rule, share: shared(rule.text, words) }))
    .filter(({ share }) => share >= 0.5);
  return near
    .sort((a, b) => b.share - a.share)
    .slice(0, 12)
    .map(({ rule }) => entryOf(rule));
}

/** Which part of a text's own words occurs in a message. */
function shared(text: string, words: readonly string[]): number {
  const own = text
    .replace(PLACEHOLDER, ' ')
    .toLowerCase()
    .split(/[^a-z_!]+/)
    .filter((word) => word.length > 2);
  return own.length < 2 ? 0 : own.filter((word) => words.includes(word)).length / own.length;
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
  };
}
