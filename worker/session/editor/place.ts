import type { Span } from '../../protocol.ts';
import { splitText } from '../../program/text/split.ts';

/** Where in a text something is asked about. */
export interface Place {
  readonly line: string;
  /** Up to the cursor. */
  readonly before: string;
  /** The name under the cursor, empty if there is none, and where it stands. */
  readonly word: string;
  readonly span: Span;
  readonly inC: boolean;
  readonly inComment: boolean;
}

const WORD = /[.%\w]/;

/** The surroundings of a position (1-based). */
export function placeAt(source: string, line: number, col: number): Place {
  const text = source.split(/\r\n|\n|\r/)[line - 1] ?? '';
  const at = Math.min(Math.max(col - 1, 0), text.length);
  let from = at;
  let to = at;
  while (from > 0 && WORD.test(text[from - 1])) from--;
  while (to < text.length && WORD.test(text[to])) to++;
  const before = text.slice(0, at);
  const inC = splitText(source).cBlocks.some((block) => block.some((row) => row.line === line));
  return {
    line: text,
    before,
    word: text.slice(from, to),
    span: { line, col: from + 1, endLine: line, endCol: to + 1 },
    inC,
    inComment: /\/\/|^\s*;/.test(before),
  };
}
