/** A place in the source: `line` and columns count from 1, `endCol` is exclusive. */
export interface Span {
  readonly line: number;
  readonly col: number;
  readonly endCol: number;
}

/** Replaces the text of a span (which may be empty, to insert). */
export interface Edit extends Span {
  readonly text: string;
}

/** A change that would repair what is reported. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** Something wrong (in `errors`) or worth knowing (in `notes`) about a piece of source text. */
export interface AsmError extends Span {
  /** Stable name of the kind of mistake: `imm-range`, `unknown-symbol`, … */
  readonly id: string;
  /** One sentence, no full stop needed by the caller. */
  readonly message: string;
  /** What would have been accepted here. */
  readonly expected?: string;
  readonly fix?: Fix;
}

/** One line of source with its number in the whole text (from 1). */
export interface SourceLine {
  readonly line: number;
  readonly text: string;
}

/** Splits a text into numbered lines. */
export const sourceLines = (text: string, first = 1): SourceLine[] =>
  text.split(/\r?\n/).map((t, i) => ({ line: first + i, text: t }));

/** A fix that replaces one span. */
export const replace = (title: string, span: Span, text: string): Fix => ({
  title,
  edits: [{ line: span.line, col: span.col, endCol: span.endCol, text }],
});

/** Leaves a statement that cannot be read further; the parser catches it and goes on with the next one. */
export class Unreadable extends Error {
  constructor(readonly error: AsmError) {
    super(error.message);
  }
}

/** The name in `names` that is closest to `name` by edits, if any is close enough to be what was meant. */
export function closest(name: string, names: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const d = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      let best = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, before[j - 2] + 1);
      next.push(best);
    }
    before = row;
    row = next;
  }
  return row[b.length];
}
