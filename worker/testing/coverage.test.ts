import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import '../engine/verify.ts';
import { RECORDED as PREPASSES } from '../cfg/cases.recorded.ts';
import { allRules, type Rule } from '../failure/rule.ts';
import type { Recorded } from './cases.ts';
import { UNCOVERED } from './uncovered.ts';

const ROOT = join(import.meta.dirname, '..');

/** A rule's text, line by line, as patterns with how much of them is fixed; none where the kernel says nothing. */
function patterns(
  rule: Rule,
): readonly { readonly rule: Rule; readonly line: RegExp; readonly fixed: number }[] {
  return rule.text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parts = line.split(/%(?:#?0?\d*(?:ll)?[dusxc])/);
      const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      return { rule, line: new RegExp(`^${escaped.join('.*')}$`), fixed: parts.join('').length };
    });
}

const areaOf = (id: string): string => id.slice(0, id.indexOf('.'));

/**
 * Rules that some recorded case breaks: those that ended a walk, by the name that was recorded with the kernel's
 * text; and those whose text was said on the way to another rule (prototypes that do not fit) or by the cases of the
 * passes before the walk, which have no names. A line counts for the rule whose text fits it best; of
 * two that say the same, for the one of the same area as the rule that ended the walk.
 */
async function covered(): Promise<Set<string>> {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((f) =>
    f.endsWith('.cases.recorded.ts'),
  );
  const ids = new Set<string>();
  const said = new Map<string, string>();
  const all = allRules().flatMap(patterns);
  for (const { errno, log } of Object.values(PREPASSES))
    if (errno !== 0) for (const line of log.split('\n')) said.set(line, '');
  for (const file of files) {
    const { RECORDED } = (await import(join(ROOT, file))) as { RECORDED: Recorded };
    for (const row of Object.values(RECORDED)) {
      for (const v of row) {
        if (v?.[1] === undefined) continue;
        ids.add(v[1]);
        const own = all.filter((p) => p.rule.id === v[1]);
        for (const line of (v[2] ?? '').split('\n'))
          if (!own.some((p) => p.line.test(line))) said.set(line, areaOf(v[1]));
      }
    }
  }
  for (const [line, area] of said) {
    const fits = all.filter((p) => p.line.test(line)).sort((a, b) => b.fixed - a.fixed);
    const best = fits.filter((p) => p.fixed === fits[0].fixed);
    const there = best.length === 1 ? best : best.filter((p) => areaOf(p.rule.id) === area);
    if (there.length === 1) ids.add(there[0].rule.id);
  }
  return ids;
}

describe('every rule has a rejected case, or a reason why not', () => {
  it('covers', async () => {
    const have = await covered();
    const missing = allRules()
      .map((r) => r.id)
      .filter((id) => !have.has(id) && !(id in UNCOVERED));
    expect(missing).toEqual([]);
  });

  it('gives no reason for rules that have a case, or do not exist', async () => {
    const have = await covered();
    const ids = new Set(allRules().map((r) => r.id));
    expect(Object.keys(UNCOVERED).filter((id) => have.has(id) || !ids.has(id))).toEqual([]);
  });
});
