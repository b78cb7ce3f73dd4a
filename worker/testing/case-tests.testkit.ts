import { describe, expect, it } from 'vitest';
import { caseName, type CaseTable, type Recorded } from './cases.ts';
import { judge } from './judge.testkit.ts';

/** Runs every program of a table and expects what was recorded of it. */
export function testCases(area: string, table: CaseTable, recorded: Recorded): void {
  describe(area, () => {
    it.each(table.cases.map((c) => [caseName(c), c] as const))('%s', async (_name, c) => {
      const expected = recorded[c.title]?.[c.index];
      if (expected === undefined || expected === null) throw new Error('nothing is recorded: run npm run record-cases');
      const { verdict } = await judge(c);
      expect(verdict).toEqual(expected);
      if (c.truth.kind === 'document') expect([verdict[0], verdict[2] ?? '']).toEqual([c.truth.errno, expect.stringContaining(c.truth.message)]);
      else if (c.truth.kind === 'kernel') expect(expected[0] === 0).toBe(c.accepted);
    });
  });
}
