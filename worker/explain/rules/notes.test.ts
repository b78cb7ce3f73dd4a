import { describe, expect, test } from 'vitest';
import '../../engine/verify.ts';
import { allRules } from '../../failure/rule.ts';
import { noteOf, notedRules } from './notes.ts';

const rules = new Set(allRules().map((rule) => rule.id));

describe('notes of rules', () => {
  test('every rule has one', () => {
    expect([...rules].filter((id) => noteOf(id) === undefined)).toEqual([]);
  });

  test('each is about a rule that exists, and so are those that it refers to', () => {
    expect(notedRules().filter((id) => !rules.has(id))).toEqual([]);
    for (const id of notedRules()) {
      const related = noteOf(id)![3] ?? [];
      expect(
        related.filter((other) => !rules.has(other) || other === id),
        id,
      ).toEqual([]);
    }
  });

  test('each says what is wrong and why, in sentences', () => {
    for (const id of notedRules()) {
      const [title, explanation, why] = noteOf(id)!;
      expect(title, id).toMatch(/^\w.*[^.]$/);
      for (const text of [explanation, why]) {
        expect(text, id).toMatch(/[.)]$/);
        expect(text.length, id).toBeGreaterThan(14);
      }
      expect(explanation, id).not.toBe(why);
    }
  });
});
