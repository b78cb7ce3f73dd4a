import { sourceLines, type SourceLine } from './diagnostic.ts';
import { lexLine, type LexState, type Token } from './lexer.ts';

const INDENT = 8;
const COMMENT_COLUMN = 32;
const WIDEST_ALIGNED = 56;
/** Directives that stand among the instructions; all others begin at the margin. */
const INNER =
  /^\.(byte|2byte|short|hword|half|4byte|long|int|word|8byte|quad|xword|dword|rept|endr|set|equ|equiv|loc)$/i;

/** A line cut into what is aligned; `null` code: the line is kept as it is. */
interface Piece {
  readonly code: string | null;
  readonly comment: string | null;
}

/**
 * Lays a program text out: labels at the margin, instructions at column 8, comments of neighbouring lines one
 * below the other. Nothing but blanks changes; C parts (`.c` to `.endc`), block comments and lines that
 * cannot be read stay as they are. Formatting twice gives the same as formatting once.
 */
export function formatSource(text: string): string {
  const state: LexState = { inComment: false };
  let inC = false;
  const pieces: Piece[] = [];
  for (const line of sourceLines(text)) {
    const directive = state.inComment ? undefined : /^\s*(\.\w+)/.exec(line.text)?.[1].toLowerCase();
    if (inC) {
      if (directive === '.endc') inC = false;
      pieces.push(directive === '.endc' ? layout(line, state) : { code: null, comment: line.text });
      continue;
    }
    if (directive === '.c') inC = true;
    pieces.push(layout(line, state));
  }
  return align(pieces).join('\n');
}

function layout(source: SourceLine, state: LexState): Piece {
  const { text } = source;
  const wasInComment = state.inComment;
  const { tokens, comment, errors } = lexLine(source, state);
  const kept: Piece = { code: null, comment: text.trimEnd() };
  if (
    wasInComment ||
    state.inComment ||
    errors.length > 0 ||
    /^\s*(\d+:\s*)?\([0-9a-f]{2}\)(\s|$)/i.test(text)
  )
    return kept;
  const trailing = comment === null ? null : text.slice(comment.col - 1).trimEnd();
  if (tokens.length === 0) {
    if (trailing === null)
      return { code: text.trim() === '' ? '' : null, comment: text.trim() === '' ? null : text.trimEnd() };
    return { code: null, comment: (/^\s/.test(text) ? ' '.repeat(INDENT) : '') + text.trim() };
  }
  // A comment between the tokens: whatever it is aligned with, leave it be.
  const end = comment === null ? text.length : comment.col - 1;
  if (text.slice(0, end).replace(/\s/g, '') !== tokens.map((t) => t.text.replace(/\s/g, '')).join(''))
    return kept;
  const labels: string[] = [];
  let k = 0;
  while (
    k + 1 < tokens.length &&
    tokens[k + 1].text === ':' &&
    (tokens[k].kind === 'name' || tokens[k].kind === 'number')
  ) {
    labels.push(`${tokens[k].text}:`);
    k += 2;
  }
  const body = bodyText(text, tokens.slice(k), end);
  const margin = labels.join(' ');
  if (body === '') return { code: margin, comment: trailing };
  const first = tokens[k];
  const outer =
    labels.length === 0 && first.kind === 'name' && first.text.startsWith('.') && !INNER.test(first.text);
  if (outer) return { code: body, comment: trailing };
  return {
    code: margin.length < INDENT ? margin.padEnd(INDENT) + body : `${margin} ${body}`,
    comment: trailing,
  };
}

/** The statements as written, runs of blanks made one, unless a string might hold them. */
function bodyText(text: string, tokens: readonly Token[], end: number): string {
  if (tokens.length === 0) return '';
  const raw = text.slice(tokens[0].col - 1, end).trim();
  return /["']/.test(raw) ? raw : raw.replace(/\s+/g, ' ');
}

function align(pieces: readonly Piece[]): string[] {
  const lines: string[] = [];
  for (let k = 0; k < pieces.length;) {
    let end = k;
    let width = COMMENT_COLUMN - 2;
    while (end < pieces.length && pieces[end].code !== '') {
      const { code, comment } = pieces[end++];
      if (code !== null && comment !== null && code.length <= WIDEST_ALIGNED)
        width = Math.max(width, code.length);
    }
    for (; k < end; k++) lines.push(joined(pieces[k], width));
    if (k < pieces.length) lines.push(joined(pieces[k++], width));
  }
  return lines;
}

function joined({ code, comment }: Piece, width: number): string {
  if (code === null) return comment ?? '';
  if (comment === null) return code;
  return `${code.padEnd(width)}  ${comment}`;
}
