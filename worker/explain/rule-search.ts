import { allRules, type Rule } from '../failure/rule.ts';
import type { RuleEntry } from '../protocol/rules.ts';
import { entryOf, everyRule } from './rule-index.ts';
import { PLACEHOLDER, rulesOfMessage } from './rule-messages.ts';
import { pageOf } from './registry.ts';
import { noteOf } from './rules/notes.ts';
import { OTHER_TEXTS } from './rules/other-texts.ts';

/** How well a rule answers a search; rules with a page of their own come before others as good. */
const PHRASE = 3;
const WORDS = 2;
const MEANING = 1;

/** How many rules are listed that share only some words with what was typed. */
const NEAR = 12;

/** Rules that a search finds, the best first: by a message, by a phrase or words of texts and titles, by what is said of them. All of them for an empty one. */
export function searchRules(search: string): RuleEntry[] {
  const wanted = search.trim().replaceAll('…', ' ').toLowerCase();
  if (wanted === '') return everyRule();
  const exact = rulesOfMessage(search);
  const words = wanted.split(/\s+/);
  const others = allRules()
    .filter((rule) => !exact.includes(rule))
    .map((rule) => ({ rule, rank: rankOf(rule, wanted, words) }))
    // beside a message that is known, only what holds the very words
    .filter(({ rank }) => rank >= (exact.length === 0 ? MEANING : PHRASE))
    .sort((a, b) => b.rank - a.rank)
    .map(({ rule }) => rule);
  const found = [...exact, ...others];
  return (found.length === 0 ? sharingWords(words) : found).map(entryOf);
}

function rankOf(rule: Rule, wanted: string, words: readonly string[]): number {
  const { id, text, title } = entryOf(rule);
  const page = pageOf(rule.id);
  const texts = [id, text, title, ...(OTHER_TEXTS[id] ?? [])].join('\n').toLowerCase();
  const meaning = `${texts}\n${page?.explanation ?? noteOf(id)?.[1] ?? ''}`.toLowerCase();
  const rank = texts.includes(wanted)
    ? PHRASE
    : words.every((word) => texts.includes(word))
      ? WORDS
      : words.every((word) => meaning.includes(word))
        ? MEANING
        : 0;
  return rank === 0 || page === null ? rank : rank + 0.5;
}

/** A message with names in it that is none of ours word by word: the rules that share most with it. */
function sharingWords(words: readonly string[]): Rule[] {
  return allRules()
    .map((rule) => ({ rule, share: shared(rule.text, words) }))
    .filter(({ share }) => share >= 0.5)
    .sort((a, b) => b.share - a.share)
    .slice(0, NEAR)
    .map(({ rule }) => rule);
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
