import type { Case } from './context.ts';
import { genericWords } from './generic.ts';
import type { RulePage } from './page.ts';
import { pageOf } from './registry.ts';
import { noteOf } from './rules/notes.ts';

/** What is said of a rejection. */
export interface Words {
  readonly title: string;
  readonly explanation: string;
  readonly rationale: string;
  /** Ids of rules that belong to this one. */
  readonly related: readonly string[];
}

/** Words for a rejection: its rule's page, else the rule's note and what the kernel suggests, else what the report says. */
export function wordsOf(c: Case): { readonly page: RulePage | null; readonly words: Words } {
  const { rule } = c.result;
  const page = rule === null ? null : pageOf(pageRule(c, rule));
  if (page !== null) return { page, words: { ...page, related: page.related.filter((id) => id !== rule) } };
  const note = rule === null ? undefined : noteOf(rule);
  if (note === undefined) return { page, words: { ...genericWords(c), related: [] } };
  const [title, explanation, rationale, related = []] = note;
  return {
    page,
    words: {
      title,
      explanation: [explanation, suggestion(c)].filter((text) => text !== '').join(' '),
      rationale,
      related,
    },
  };
}

/** The rule whose page fits: bounds of packets are those that a comparison has shown. */
function pageRule({ report }: Case, rule: string): string {
  const isBound = /^memory\.(unbounded|max-outside|min-outside)$/.test(rule);
  return isBound && report?.kind === 'mem-bounds' && /packet|pkt/.test(report.typeName)
    ? 'packet.outside'
    : rule;
}

/** What the kernel's own report advises. */
function suggestion({ report }: Case): string {
  if (report === null || !('suggestion' in report) || report.suggestion === '') return '';
  return `The kernel’s advice: ${/[.!?]$/.test(report.suggestion) ? report.suggestion : `${report.suggestion}.`}`;
}
