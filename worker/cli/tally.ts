import { TIERS, type Tier } from './agreement.ts';
import type { Judgement } from './judge.ts';
import { SUBSETS, type Subset } from './recording.ts';

/** How many programs of a subset agree, tier by tier. */
export type Counts = { total: number; notModelled: number; internalErrors: number } & Record<Tier, number>;

export interface Tally {
  readonly subsets: Record<Subset | 'all', Counts>;
  readonly wrongAccepts: string[];
  readonly wrongRejects: string[];
}

const zero = (): Counts => ({ total: 0, notModelled: 0, internalErrors: 0, verdict: 0, errno: 0, message: 0, report: 0, stats: 0, walk: 0, log1: 0, log2: 0 });

/** Adds up judgements. `all` leaves the proposals' recordings out: they are another kernel's. */
export function tally(judgements: Iterable<Judgement>): Tally {
  const subsets = { plain: zero(), kfunc: zero(), attach: zero(), series: zero(), all: zero() };
  const wrongAccepts: string[] = [];
  const wrongRejects: string[] = [];
  for (const j of judgements) {
    for (const counts of j.subset === 'series' ? [subsets.series] : [subsets[j.subset], subsets.all]) {
      counts.total++;
      if (j.kind === 'not-modelled') counts.notModelled++;
      if (j.kind === 'internal-error') counts.internalErrors++;
      for (const tier of TIERS) if (j.agreement[tier]) counts[tier]++;
    }
    if (j.kind !== 'judged' || j.agreement.verdict) continue;
    (j.got === 0 ? wrongAccepts : wrongRejects).push(j.id);
  }
  return { subsets, wrongAccepts, wrongRejects };
}

/** The tally as a table. */
export function tallyTable(t: Tally): string {
  const rows = [...SUBSETS, 'all' as const].filter((s) => t.subsets[s].total !== 0);
  const share = (n: number, of: number): string => `${n} ${((100 * n) / of).toFixed(1)}%`.padStart(12);
  const head = ['subset'.padEnd(7), 'total'.padStart(6), 'unmod'.padStart(6), 'error'.padStart(6), ...TIERS.map((tier) => tier.padStart(12))].join(' ');
  const lines = rows.map((s) => {
    const c = t.subsets[s];
    return [s.padEnd(7), String(c.total).padStart(6), String(c.notModelled).padStart(6), String(c.internalErrors).padStart(6), ...TIERS.map((tier) => share(c[tier], c.total))].join(' ');
  });
  return [head, ...lines, `wrong accepts: ${t.wrongAccepts.length}   wrong rejects: ${t.wrongRejects.length}`].join('\n');
}

/** The most frequent texts, `count text` each; numbers are folded so that like cases count together. */
export function histogram(texts: Iterable<string>, limit: number): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const key = text.replace(/0x[0-9a-f]+/g, '0x_').replace(/\d+/g, 'N');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, limit)
    .map(([text, count]) => `${String(count).padStart(5)}  ${text}`);
}
