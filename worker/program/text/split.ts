import type { CLine } from '../../btf/c/problem.ts';
import { problemAt } from './problem.ts';
import type { Problem, SourceSpan } from './problem.ts';

/** A directive of the program text: `.prog tc`. */
export interface TextDirective {
  /** Without its dot. */
  readonly name: string;
  /** What follows, comments removed, blanks trimmed. */
  readonly text: string;
  /** The directive's name in the source. */
  readonly span: SourceSpan;
  /** The text in the source (empty at the end of the line if there is none). */
  readonly textSpan: SourceSpan;
}

/** Where a line of assembly says (by `; C text`) that its C source is. */
export interface CSource {
  readonly text: string;
  readonly file: string | null;
  readonly line: number;
}

/** A text taken apart; every part keeps its line numbers. */
export interface SplitText {
  readonly directives: readonly TextDirective[];
  readonly cBlocks: readonly (readonly CLine[])[];
  /** All other lines; those of directives and C parts are blank. */
  readonly assembly: readonly CLine[];
  /** By line: the C source comment that covers it. */
  readonly cSources: ReadonlyMap<number, CSource>;
  readonly problems: readonly Problem[];
}

/** Directives of the program text; everything else that begins with a dot is the assembler's. */
const KNOWN = new Set([
  'prog',
  'section',
  'name',
  'license',
  'privileged',
  'unprivileged',
  'flags',
  'semantics',
  'kfunc',
  'func',
  'file',
  'attach',
  'attach_type',
  'info',
  'jumptable',
  'freeze',
  'func_info',
  'line_info',
]);
const DIRECTIVE = /^(\s*)\.([A-Za-z_]\w*)\b/;
const C_SOURCE = /^\s*;\s?(.*)$/;
const AT_FILE = /^(.*?)\s+@ ([^\s:]+):(\d+)\s*$/;

/** Separates directives, C parts and assembly. */
export function splitText(text: string): SplitText {
  const directives: TextDirective[] = [];
  const cBlocks: CLine[][] = [];
  const assembly: CLine[] = [];
  const cSources = new Map<number, CSource>();
  const problems: Problem[] = [];
  let block: CLine[] | null = null;
  let opened: SourceSpan | null = null;
  let inComment = false;
  let source: CSource | null = null;
  text.split(/\r\n|\n|\r/).forEach((raw, index) => {
    const line = index + 1;
    const match = inComment ? null : DIRECTIVE.exec(raw);
    const name = match?.[2] ?? '';
    const span = { line, col: (match?.[1].length ?? 0) + 1, endCol: (match?.[0].length ?? raw.length) + 1 };
    if (block !== null) {
      if (name === 'endc') {
        cBlocks.push(block);
        block = null;
      } else block.push({ line, text: raw });
      assembly.push({ line, text: '' });
      return;
    }
    if (name === 'c') {
      block = [];
      opened = span;
      source = null;
      assembly.push({ line, text: '' });
      return;
    }
    if (name === 'endc') problems.push(problemAt(span, 'error', 'text-endc', '.endc without .c before it.'));
    if (KNOWN.has(name) || name === 'endc') {
      directives.push(directive(raw, match![0].length, name, span));
      source = null;
      assembly.push({ line, text: '' });
      return;
    }
    const comment = inComment ? null : C_SOURCE.exec(raw);
    if (comment !== null) source = cSource(comment[1], line);
    else if (raw.trim() === '') source = null;
    else if (source !== null) cSources.set(line, source);
    inComment = endsInComment(raw, inComment);
    assembly.push({ line, text: raw });
  });
  if (block !== null) {
    cBlocks.push(block);
    problems.push(problemAt(opened!, 'error', 'text-c-open', '.c has no .endc: everything below is read as C.'));
  }
  return { directives, cBlocks, assembly, cSources, problems };
}

function directive(raw: string, nameEnd: number, name: string, span: SourceSpan): TextDirective {
  const rest = raw.slice(nameEnd);
  const text = stripComment(rest);
  const lead = text.length - text.trimStart().length;
  const col = nameEnd + lead + 1;
  return { name, text: text.trim(), span, textSpan: { line: span.line, col, endCol: Math.max(col, nameEnd + text.trimEnd().length + 1) } };
}

/** What stands behind a directive, separated by blanks or commas, each with its place. */
export function directiveWords({ text, textSpan: { line, col } }: TextDirective): { readonly text: string; readonly span: SourceSpan }[] {
  return [...text.matchAll(/[^\s,]+/g)].map(({ 0: word, index }) => ({
    text: word,
    span: { line, col: col + index, endCol: col + index + word.length },
  }));
}

/** Without `//`, `/* … *\/` and blank-separated `#` comments. */
function stripComment(text: string): string {
  const blanked = text.replace(/\/\*.*?(\*\/|$)/g, (m) => ' '.repeat(m.length));
  return blanked.replace(/\/\/.*$/, '').replace(/(^|\s)#.*$/, '$1');
}

function cSource(text: string, line: number): CSource {
  const at = AT_FILE.exec(text);
  if (at === null) return { text: text.trim(), file: null, line };
  return { text: at[1].trim(), file: at[2], line: Number(at[3]) };
}

/** Whether a block comment is open after this line. */
function endsInComment(text: string, open: boolean): boolean {
  let at = 0;
  for (;;) {
    if (open) {
      const end = text.indexOf('*/', at);
      if (end < 0) return true;
      at = end + 2;
      open = false;
    } else {
      const start = text.indexOf('/*', at);
      const line = text.indexOf('//', at);
      if (start < 0 || (line >= 0 && line < start)) return false;
      at = start + 2;
      open = true;
    }
  }
}
