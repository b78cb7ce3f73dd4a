/** What the why card of one rejected program has. */
export interface Finding {
  readonly id: string;
  readonly rule: string;
  readonly insns: number;
  /** Time that the card took, its fixes with it, in milliseconds. */
  readonly ms: number;
  readonly page: boolean;
  readonly cause: boolean;
  readonly fix: boolean;
  /** One of the fixes does more than to leave something out or to ask for privileges. */
  readonly mends: boolean;
}

const COLUMNS: readonly (readonly [head: string, has: (f: Finding) => boolean])[] = [
  ['page', (f) => f.page],
  ['cause', (f) => f.cause],
  ['fix', (f) => f.fix],
  ['mends', (f) => f.mends],
];

/** One line by rule, the most frequent first: how many of its programs have what. */
export function ruleTable(findings: readonly Finding[]): string {
  const byRule = new Map<string, Finding[]>();
  for (const finding of findings) byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  const cell = (text: string | number): string => String(text).padStart(8);
  const head = [cell('programs'), ...COLUMNS.map(([name]) => cell(name)), '  rule'].join('');
  const rows = [...byRule]
    .sort(([a, x], [b, y]) => y.length - x.length || a.localeCompare(b))
    .map(([rule, own]) =>
      [cell(own.length), ...COLUMNS.map(([, has]) => cell(own.filter(has).length)), `  ${rule}`].join(''),
    );
  return [head, ...rows].join('\n');
}

/** Programs with more instructions are left out of the figures for time. */
const TYPICAL_INSNS = 300;

/** The sums, and how long a card of a typical program took. */
export function summary(findings: readonly Finding[]): string {
  const count = (has: (f: Finding) => boolean): string =>
    `${findings.filter(has).length} of ${findings.length}`;
  const times = findings
    .filter((f) => f.insns < TYPICAL_INSNS)
    .map((f) => f.ms)
    .sort((a, b) => a - b);
  const quantile = (q: number): string => `${Math.round(times[Math.floor(q * (times.length - 1))] ?? 0)} ms`;
  return [
    `rule page: ${count((f) => f.page)}`,
    `cause: ${count((f) => f.cause)}`,
    `verified fix: ${count((f) => f.fix)}, of which ${findings.filter((f) => f.fix && !f.mends).length} only leave something out or ask for privileges`,
    `all three: ${count((f) => f.page && f.cause && f.fix)}`,
    `time of a card, programs under ${TYPICAL_INSNS} instructions: ${quantile(0.5)} median, ${quantile(0.95)} p95`,
  ].join('\n');
}
