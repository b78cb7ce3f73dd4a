/** Browsers cannot lay out elements much taller than this. */
const TALLEST = 8_000_000;

/** Which rows of a list of equal rows are in view. */
export interface RowWindow {
  readonly from: number;
  readonly to: number;
  /** Where the first of them is placed. */
  readonly top: number;
  /** Height of the whole scrolled area. */
  readonly height: number;
}

/**
 * Rows in view at a scroll position. Lists taller than a browser can lay out are scrolled in proportion: the area is
 * clipped and the position maps to rows linearly.
 */
export function windowRows(
  count: number,
  rowHeight: number,
  scrollTop: number,
  viewHeight: number,
  overscan = 6,
): RowWindow {
  const full = count * rowHeight;
  const height = Math.min(full, TALLEST);
  const reach = Math.max(height - viewHeight, 1);
  const offset = full === height ? scrollTop : (Math.min(scrollTop, reach) / reach) * (full - viewHeight);
  const first = Math.floor(offset / rowHeight);
  const from = Math.max(first - overscan, 0);
  const to = Math.min(Math.ceil((offset + viewHeight) / rowHeight) + overscan, count);
  return { from, to, top: scrollTop - (offset - from * rowHeight), height };
}

/** The scroll position that brings a row into the middle of the view. */
export function scrollTo(index: number, count: number, rowHeight: number, viewHeight: number): number {
  const full = count * rowHeight;
  const offset = Math.max(index * rowHeight - (viewHeight - rowHeight) / 2, 0);
  if (full <= TALLEST) return offset;
  return (offset / (full - viewHeight)) * (TALLEST - viewHeight);
}
