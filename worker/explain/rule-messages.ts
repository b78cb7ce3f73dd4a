import { allRules, type Rule } from '../failure/rule.ts';
import { OTHER_TEXTS } from './rules/other-texts.ts';

/** What a printf-style text fills in. */
export const PLACEHOLDER = /%[-0-9]*(?:ll|l)?[a-zA-Z]/g;

/** One line of a rule's text, or another text that leads to the rule. */
interface Template {
  readonly rule: Rule;
  /** The whole line. */
  readonly whole: RegExp;
  /** What stands between the first and the last thing that is filled in: people leave off the register in front. */
  readonly within: RegExp;
  /** How much of it is not filled in: the more, the surer. */
  readonly literal: number;
}

let templates: readonly Template[] | null = null;

function templatesOf(): readonly Template[] {
  templates ??= allRules().flatMap((rule) =>
    [...rule.text.split('\n'), ...(OTHER_TEXTS[rule.id] ?? [])]
      .filter((line) => line.replace(PLACEHOLDER, '').trim().length > 3)
      .map((line): Template => {
        const parts = line.split(PLACEHOLDER).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
        return {
          rule,
          whole: new RegExp(`^${parts.join('.*?')}$`),
          within: new RegExp(parts.join('.*?').replace(/^(?:\.\*\?| |R(?=\.\*\?))+|(?:\.\*\?| )+$/g, '')),
          literal: line.replace(PLACEHOLDER, '').length,
        };
      }),
  );
  return templates;
}

/** Rules whose text a message may be, or may be part of, the surest first. */
export function rulesOfMessage(message: string): Rule[] {
  const lines = message
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const whole = matching(lines, ({ whole }) => whole);
  return whole.length !== 0 ? whole : matching(lines, ({ within }) => within);
}

function matching(lines: readonly string[], pattern: (template: Template) => RegExp): Rule[] {
  const found = new Map<Rule, number>();
  for (const template of templatesOf()) {
    if (lines.some((line) => pattern(template).test(line)))
      found.set(template.rule, Math.max(found.get(template.rule) ?? 0, template.literal));
  }
  return [...found].sort((a, b) => b[1] - a[1]).map(([rule]) => rule);
}
