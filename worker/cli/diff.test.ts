import { expect, test } from 'vitest';
import { sideBySide } from './diff.ts';

const lines = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i}: (95) exit`);
const text = (rows: readonly string[]): string => rows.join('\n');

test('equal texts have no difference', () => expect(sideBySide(text(lines(5)), text(lines(5)))).toBe(''));

test('a changed line faces its twin, with four lines around', () => {
  const changed = lines(30);
  changed[10] = '10: (b7) r0 = 0';
  const shown = sideBySide(text(lines(30)), text(changed)).split('\n');
  expect(shown[0]).toBe('@@ line 7 @@');
  expect(shown).toHaveLength(10);
  expect(shown[5]).toMatch(/^10: \(95\) exit +\| 10: \(b7\) r0 = 0$/);
});

test('a missing line leaves its side empty, and what follows still faces its equal', () => {
  const less = lines(8);
  less.splice(3, 1);
  const shown = sideBySide(text(lines(8)), text(less)).split('\n');
  expect(shown.filter((row) => row.includes('|'))).toEqual([expect.stringMatching(/^3: \(95\) exit +\|$/)]);
});

test('texts with nothing in common are shown, up to a limit', () => {
  const shown = sideBySide(text(lines(9000)), text(lines(9000).map((line) => `;${line}`)));
  expect(shown).toMatch(/left out$/);
});
