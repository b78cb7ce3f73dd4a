import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import '../engine/verify.ts';
import { RECORDED as PREPASSES } from '../cfg/cases.recorded.ts';
import { allRules, type Rule } from '../failure/rule.ts';
import type { Recorded } from './cases.ts';
import { UNCOVERED } from './uncovered.ts';

const ROOT = join(import.meta.dirname, '..');

/** A rule's text as a pattern for whole lines; null where the kernel says nothing. */
function pattern(rule: Rule): RegExp | null {
  const text = rule.text.replace(/\n$/, '');
  if (text === '') return null;
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/%(?:#?0?\d*(?:ll)?[dusxc])/g, '.*');
  return new RegExp(`^${escaped}$`, 'm');
}

/** Rules that some recorded case breaks: those that ended a walk, and those whose text was said on the way (prototypes that do not fit). */
async function covered(): Promise<Set<string>> {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.cases.recorded.ts'));
  const ids = new Set<string>();
  const messages = new Set<string>(Object.values(PREPASSES).filter((r) => r.errno !== 0).map((r) => r.log));
  for (const file of files) {
    const { RECORDED } = (await import(join(ROOT, file))) as { RECORDED: Recorded };
    for (const row of Object.values(RECORDED)) {
      for (const v of row) {
        if (v?.[1] === undefined) continue;
        ids.add(v[1]);
        messages.add(v[2] ?? '');
      }
    }
  }
  const said = [...messages].join('\n');
  for (const rule of allRules()) if (pattern(rule)?.test(said)) ids.add(rule.id);
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
