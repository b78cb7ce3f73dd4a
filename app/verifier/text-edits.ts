import type { Span, TextEdit } from '../../worker/protocol.ts';

/** Offsets at which the lines of a text begin. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

function offsetOf(starts: readonly number[], length: number, line: number, col: number): number {
  const start = starts[Math.min(line, starts.length) - 1] ?? length;
  return Math.min(start + col - 1, length);
}

/** Start and end offset of a span (1-based, end exclusive). */
export function spanOffsets(text: string, span: Span): readonly [number, number] {
  const starts = lineStarts(text);
  return [
    offsetOf(starts, text.length, span.line, span.col),
    offsetOf(starts, text.length, span.endLine, span.endCol),
  ];
}

/** The text with all edits applied together; they may not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const placed = edits.map((edit) => ({ at: spanOffsets(text, edit.span), text: edit.text }));
  placed.sort((a, b) => b.at[0] - a.at[0]);
  let result = text;
  for (const { at, text: inserted } of placed)
    result = result.slice(0, at[0]) + inserted + result.slice(at[1]);
  return result;
}
