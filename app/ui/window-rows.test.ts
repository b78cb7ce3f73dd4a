import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scrollTo, windowRows } from './window-rows.ts';

describe('a window over rows', () => {
  test('covers the view and not much more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (count, share) => {
          const view = 400;
          const { height } = windowRows(count, 20, 0, view);
          const scrollTop = share * Math.max(height - view, 0);
          const rows = windowRows(count, 20, scrollTop, view);
          expect(rows.to - rows.from).toBeLessThanOrEqual(view / 20 + 14);
          expect(rows.top).toBeLessThanOrEqual(scrollTop);
          expect(rows.top + (rows.to - rows.from) * 20).toBeGreaterThanOrEqual(
            Math.min(scrollTop + view, height) - 1,
          );
        },
      ),
    );
  });

  test('reaches the last row of a list that no browser could lay out', () => {
    const { height } = windowRows(2_000_000, 20, 0, 400);
    expect(height).toBeLessThanOrEqual(8_000_000);
    expect(windowRows(2_000_000, 20, height - 400, 400).to).toBe(2_000_000);
  });

  test('a row scrolled to is in view', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 30, max: 3_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (count, share) => {
          const index = Math.min(Math.floor(share * count), count - 1);
          const { height } = windowRows(count, 20, 0, 400);
          const at = Math.min(scrollTo(index, count, 20, 400), height - 400);
          const rows = windowRows(count, 20, at, 400, 0);
          expect(rows.from).toBeLessThanOrEqual(index);
          expect(rows.to).toBeGreaterThan(index);
        },
      ),
    );
  });
});
