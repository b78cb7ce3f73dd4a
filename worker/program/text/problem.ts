import type { AsmError } from '../../asm/diagnostic.ts';
import type { CProblem } from '../../btf/c/problem.ts';

/** Something that the author of a text should know; columns count from 1, `endCol` is exclusive. */
export type Problem = CProblem;

/** Line and columns of a piece of source. */
export interface SourceSpan {
  readonly line: number;
  readonly col: number;
  readonly endCol: number;
}

/** A problem on one line. */
export function problemAt(span: SourceSpan, severity: Problem['severity'], id: string, message: string, fix?: Problem['fix']): Problem {
  const { line, col, endCol } = span;
  return { line, col, endLine: line, endCol, severity, id, message, ...(fix === undefined ? {} : { fix }) };
}

/** The assembler's errors and notes as problems. */
export function fromAsm(e: AsmError, severity: Problem['severity']): Problem {
  const expected = e.expected === undefined ? '' : `; expected: ${e.expected}`;
  return problemAt(e, severity, `asm-${e.id}`, `${e.message}${expected}.`, e.fix);
}
