import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { TIERS, type Tier } from './agreement.ts';
import { SUBSETS } from './recording.ts';
import type { Tally } from './tally.ts';

/** Committed numbers per subset: agreement may only rise. */
export type Baseline = Record<string, { total: number; notModelled: number } & Record<Tier, number>>;

export function readBaseline(file: string): Baseline {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Baseline) : {};
}

/** What fell below the baseline, one sentence each. Subsets of another size are not comparable and are left out. */
export function regressions(baseline: Baseline, t: Tally): string[] {
  const fallen: string[] = [];
  for (const subset of SUBSETS) {
    const before = baseline[subset];
    const now = t.subsets[subset];
    if (before === undefined || before.total !== now.total) continue;
    for (const tier of TIERS) if (now[tier] < before[tier]) fallen.push(`${subset} ${tier}: ${before[tier]} before, ${now[tier]} now`);
  }
  return fallen;
}

export function writeBaseline(file: string, t: Tally): void {
  const next: Baseline = {};
  for (const subset of SUBSETS) {
    const { internalErrors: _ignored, ...counts } = t.subsets[subset];
    if (counts.total !== 0) next[subset] = counts;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(next, null, 2) + '\n');
}
