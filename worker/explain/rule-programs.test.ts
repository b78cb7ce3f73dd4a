import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allRules } from '../failure/rule.ts';
import { judge } from '../testing/judge.testkit.ts';
import { UNCOVERED } from '../testing/uncovered.ts';
import { pageOf } from './registry.ts';
import { rulesSaid } from './rule-says.testkit.ts';

interface Programs {
  readonly failing: string | null;
  readonly fixed: string | null;
  readonly noProgram?: string;
  readonly unasked?: string;
}

const PROGRAMS = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../public/rules/programs.json'), 'utf8'),
) as Record<string, Programs>;

const judged = (text: string) =>
  judge({ title: '', index: 0, text, edit: null, accepted: false, truth: { kind: 'kernel' } });

describe('programs of rules without a page', () => {
  test('are about rules that exist, many of them', () => {
    const known = new Set(allRules().map((rule) => rule.id));
    expect(Object.keys(PROGRAMS).filter((id) => !known.has(id) || pageOf(id) !== null)).toEqual([]);
    expect(Object.keys(PROGRAMS).length).toBeGreaterThan(200);
  });

  test('are there for every rule, or else the reason why not', () => {
    const without = allRules().filter(({ id }) => pageOf(id) === null && !(id in PROGRAMS));
    expect(without.map(({ id }) => id)).toEqual([]);
    const bare = Object.entries(PROGRAMS).filter(
      ([, p]) => p.failing === null && !p.noProgram?.endsWith('.'),
    );
    expect(bare).toEqual([]);
    // what some recorded case breaks can be written, and stands beside a program that passes
    const unwritten = Object.entries(PROGRAMS).filter(([id, p]) => p.failing === null && !(id in UNCOVERED));
    expect(unwritten.map(([id]) => id)).toEqual([]);
    const alone = Object.entries(PROGRAMS).filter(([, p]) => p.failing !== null && p.fixed === null);
    expect(alone.map(([id]) => id)).toEqual([]);
  });

  test('say so where no kernel knows what they declare', () => {
    const invents = Object.entries(PROGRAMS).filter(([, p]) => p.failing?.includes('__kf_flags'));
    expect(invents.length).toBeGreaterThan(10);
    expect(invents.filter(([, p]) => !p.unasked?.endsWith('.')).map(([id]) => id)).toEqual([]);
  });

  test('break the rule, and those beside them pass', async () => {
    const wrong: string[] = [];
    for (const [id, { failing, fixed }] of Object.entries(PROGRAMS)) {
      if (failing !== null) {
        const { verdict, log } = await judged(failing);
        if (verdict[1] === undefined || !rulesSaid(log, verdict[1]).has(id)) wrong.push(id);
      }
      if (fixed !== null && (await judged(fixed)).verdict[0] !== 0) wrong.push(`${id}: fixed`);
    }
    expect(wrong).toEqual([]);
  }, 240_000);
});
