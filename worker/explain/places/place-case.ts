import { printLlvm } from '../../isa/llvm-print.ts';
import type { SourceSpan } from '../../program/text/problem.ts';
import { splitText } from '../../program/text/split.ts';
import type { Span } from '../../protocol.ts';
import { callee, type Case, type TextCase } from '../context.ts';
import { functionsOf, type FunctionPlace } from './functions.ts';

/** A rejection that is about the program as it stands rather than about a step of its walk. A bundle has no text to point to. */
export interface PlaceCase extends TextCase {
  readonly functions: readonly FunctionPlace[];
}

/** Something in the program that a rejection is due to. */
export interface PlaceLink {
  /** Null for what is no instruction. */
  readonly insn: number | null;
  /** In the text, for what is no instruction; null if there is no text. */
  readonly span: Span | null;
  readonly why: string;
}

/** How a rejection follows from the program. */
export interface PlaceCauses {
  /** In the order in which they explain it. */
  readonly links: readonly PlaceLink[];
  /** What would have to be so; a sentence without its full stop. */
  readonly missing: string | null;
  /** Where the rejection itself stands, if that is no instruction. */
  readonly refused?: PlaceLink | undefined;
}

/** Knows how rejections of one kind follow from the program; null if this one does not. */
export type PlaceMaker = (c: PlaceCase) => PlaceCauses | null;

/** The case with the program's functions; null if there is no program. */
export function placed(c: Case): PlaceCase | null {
  const { text, program, model, result } = c;
  if (text === null || program === null || model === null) return null;
  return {
    ...c,
    text,
    program,
    model,
    insn: result.failedAt ?? -1,
    functions: functionsOf(program, text.outline),
  };
}

/** An instruction as a link. */
export const at = (insn: number, why: string): PlaceLink => ({ insn, span: null, why });

/** A piece of the text as a link. */
export const inText = (span: Span | null, why: string): PlaceLink => ({ insn: null, span, why });

/** A piece of one line, as the page takes it. */
export const spanOf = ({ line, col, endCol }: SourceSpan): Span => ({ line, col, endLine: line, endCol });

/** An instruction as the text has it; without text, with names for what it calls and where it jumps. */
export function insnText(c: PlaceCase, insn: number): string {
  const span = insn < c.text.sourceMap.length ? c.text.sourceMap[insn] : null;
  const text = span === null ? '' : c.source.split('\n')[span.line - 1].slice(span.col - 1, span.endCol - 1);
  // data and repeated lines do not say what they are
  if (text !== '' && !text.startsWith('.')) return text;
  const name = callee(c, insn);
  return printLlvm(c.program.insns, insn, {
    label: (slot) => c.text.outline.labels.find((label) => label.slot === slot)?.name ?? null,
    callee: () => (name === '' ? null : name),
  });
}

/** The last of some directives of the text, with what follows it; null if there is none. */
export function directive(c: PlaceCase, ...names: readonly string[]): Span | null {
  const found = splitText(c.source).directives.findLast((d) => names.includes(d.name));
  if (found === undefined) return null;
  const { line, col, endCol } = found.span;
  const end = found.textSpan.line === line ? Math.max(found.textSpan.endCol, endCol) : endCol;
  return { line, col, endLine: line, endCol: end };
}

/** The first place of the text that fits, outside of comments that begin a line; null if there is none. */
export function findText(c: PlaceCase, what: RegExp): Span | null {
  for (const [i, text] of c.source.split('\n').entries()) {
    if (/^\s*(\/\/|#)/.test(text)) continue;
    const match = what.exec(text);
    if (match === null) continue;
    const col = match.index + 1;
    return { line: i + 1, col, endLine: i + 1, endCol: col + match[0].length };
  }
  return null;
}

/** Where a function is declared; null if it is not, or there is no text. */
export function functionSpan(c: PlaceCase, start: number): Span | null {
  const span = c.text.outline.functions.find((f) => f.start === start)?.span ?? null;
  return span === null ? null : spanOf(span);
}

/** Where the text says what type of program it is. */
export const typeSpan = (c: PlaceCase): Span | null =>
  directive(c, 'prog', 'section') ?? findText(c, /SEC\("[^."][^"]*"\)/);

/** Where the text gives the privileges away. */
export const privilegeSpan = (c: PlaceCase): Span | null => directive(c, 'unprivileged', 'privileged');

/** The program is loaded without privileges, as a link. */
export const unprivileged = (c: PlaceCase): PlaceLink =>
  inText(privilegeSpan(c), 'The program is loaded without privileges (CAP_BPF)');
