import { diffArrays } from 'diff';

/** Columns that each side gets. */
const WIDTH = 92;
/** Lines shown around a difference. */
const CONTEXT = 4;
/** Differences (lines here or there) after which two texts count as having nothing in common. */
const MOST_EDITS = 1000;
/** Lines of output after which the rest is left out. */
const MOST_LINES = 400;

interface Row {
  readonly line: number;
  readonly theirs: string | null;
  readonly ours: string | null;
}

/** Lines side by side: equal ones face each other, and so do lines that stand in for one another. */
function rowsOf(theirs: readonly string[], ours: readonly string[]): Row[] {
  const changes = diffArrays([...theirs], [...ours], { maxEditLength: MOST_EDITS }) ?? [
    { removed: true, added: false, value: theirs },
    { removed: false, added: true, value: ours },
  ];
  const rows: Row[] = [];
  let line = 1;
  for (let i = 0; i < changes.length; i++) {
    const { value, removed, added } = changes[i];
    if (!removed && !added) for (const text of value) rows.push({ line: line++, theirs: text, ours: text });
    else {
      const left = removed ? value : [];
      const right = removed ? (changes[i + 1]?.added ? changes[++i].value : []) : value;
      for (let k = 0; k < Math.max(left.length, right.length); k++) {
        rows.push({ line, theirs: left[k] ?? null, ours: right[k] ?? null });
        if (k < left.length) line++;
      }
    }
  }
  return rows;
}

/** Cuts a line into pieces of a column's width. */
function pieces(text: string | null): string[] {
  if (text === null) return [''];
  return text.match(new RegExp(`.{1,${WIDTH}}`, 'gu')) ?? [''];
}

/**
 * The differences of two texts side by side, theirs on the left, with the lines around them; `|` marks rows that differ.
 * Empty if the texts are equal.
 */
export function sideBySide(theirs: string, ours: string): string {
  if (theirs === ours) return '';
  const rows = rowsOf(theirs.split('\n'), ours.split('\n'));
  const near = new Set<number>();
  rows.forEach((row, at) => {
    if (row.theirs !== row.ours) for (let k = at - CONTEXT; k <= at + CONTEXT; k++) near.add(k);
  });
  const out: string[] = [];
  let last = -1;
  for (const [at, row] of rows.entries()) {
    if (!near.has(at)) continue;
    if (out.length > MOST_LINES) return [...out, '… further differences are left out'].join('\n');
    if (at !== last + 1) out.push(`@@ line ${row.line} @@`);
    last = at;
    const [left, right] = [pieces(row.theirs), pieces(row.ours)];
    const mark = row.theirs === row.ours ? ' ' : '|';
    for (let k = 0; k < Math.max(left.length, right.length); k++)
      out.push(`${(left[k] ?? '').padEnd(WIDTH)} ${mark} ${right[k] ?? ''}`.trimEnd());
  }
  return out.join('\n');
}
