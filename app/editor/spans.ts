import type { Span } from '../../worker/protocol.ts';

/** A span as Monaco's range; both are 1-based with an exclusive end column. */
export function toRange(span: Span): {
  startLineNumber: number;
  startColumn: number;
  endLineNumber: number;
  endColumn: number;
} {
  return {
    startLineNumber: span.line,
    startColumn: span.col,
    endLineNumber: span.endLine,
    endColumn: span.endCol,
  };
}
