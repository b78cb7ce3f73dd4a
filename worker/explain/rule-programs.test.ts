import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allRules } from '../failure/rule.ts';
import { judge } from '../testing/judge.testkit.ts';
import { pageOf } from './registry.ts';

interface Programs {
  readonly failing: string;
  readonly fixed: string | null;
}

const PROGRAMS = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../public/rules/programs.json'), 'utf8'),
) as Record<string, Programs>;

const verdict = async (text: string) =>
  (await judge({ title: '', index: 0, text, edit: null, accepted: false, truth: { kind: 'kernel' } }))
    .verdict;

describe('programs of rules without a page', () => {
  test('are about rules that exist, many of them', () => {
    const known = new Set(allRules().map((rule) => rule.id));
    expect(Object.keys(PROGRAMS).filter((id) => !known.has(id) || pageOf(id) !== null)).toEqual([]);
    expect(Object.keys(PROGRAMS).length).toBeGreaterThan(200);
  });

  test('break the rule, and those beside them pass', async () => {
    const wrong: string[] = [];
    for (const [id, { failing, fixed }] of Object.entries(PROGRAMS)) {
      if ((await verdict(failing))[1] !== id) wrong.push(id);
      if (fixed !== null && (await verdict(fixed))[0] !== 0) wrong.push(`${id}: fixed`);
    }
    expect(wrong).toEqual([]);
  }, 240_000);
});
