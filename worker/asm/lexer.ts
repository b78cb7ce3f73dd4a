import type { AsmError, SourceLine, Span } from './diagnostic.ts';
import { replace } from './diagnostic.ts';

/** A piece of an instruction line. */
export type Token = Span & {
  /** As written. */
  readonly text: string;
  /** Preceded by a blank or at the start of the line. */
  readonly spaced: boolean;
} & (
    | { readonly kind: 'number'; readonly value: bigint }
    /** `1f`, `2b`: a numeric local label. */
    | { readonly kind: 'local'; readonly value: bigint; readonly forward: boolean }
    | { readonly kind: 'reg'; readonly value: bigint; readonly bits: 32 | 64 }
    | { readonly kind: 'name' }
    | { readonly kind: 'string'; readonly content: string }
    /** Operators and punctuation; `;` separates statements. */
    | { readonly kind: 'op' }
  );

/** State that a block comment carries from line to line. */
export interface LexState {
  inComment: boolean;
}

/** Tokens of a line, the comment at its end (blank-trimmed span, or null), and what could not be read. */
export interface LexedLine {
  readonly tokens: readonly Token[];
  readonly comment: Span | null;
  readonly errors: readonly AsmError[];
}

/** Operators of two characters and more; those with `s` are the signed forms. */
const OPERATORS = new Set(
  '== != <= >= += -= *= /= %= &= |= ^= << >> <<= >>= s/= s%= s> s< s>= s<= s>>='.split(' '),
);
const LONGEST_OPERATOR = 4;
const PUNCTUATION = '()[]{}+-*/%&|^~!<>=,:;#@?';
const NAME = /[A-Za-z_.$%](?:[\w.$@]|%=)*/y;
const OPERAND = /%\[[A-Za-z_]\w*\]/y;
const NUMBER = /0[xX][0-9a-fA-F]+|0[bB][01]+(?![0-9a-zA-Z_])|0[oO][0-7]+|\d+/y;
const LOCAL = /(\d+)([fb])(?![0-9a-zA-Z_])/y;
const WORD = /[A-Za-z_]\w*/y;
const CHAR = /'(?:\\(.)|([^\\']))'/y;
const STRING = /"((?:[^"\\]|\\.)*)"/y;
const CALL_ID = /#-?\d+/y;
const REG = /^([rRwW])(\d|10|11)$/;
const GLUED = /[rRwW](?:10|11|\d)(?=%=)/y;
/** What C lets follow a number; `ll` stays, since it is a word of ours. */
const SUFFIX = /^(?:LL|u|U|ul|UL|ull|ULL)$/;
const ESCAPES: Record<string, number> = { n: 10, t: 9, r: 13, '0': 0, '\\': 92, "'": 39, '"': 34 };

/**
 * Cuts one line into tokens. Comments: `//` or `#` to the end of the line, C block comments, and a `;` that begins
 * a line (C source in verifier logs). `#` directly after the name in `call name#id` is the kernel's notation, no comment.
 * With `from`, cutting begins at that offset and a `;` begins a comment anywhere: an instruction of a verifier log.
 */
export function lexLine(source: SourceLine, state: LexState, from = 0): LexedLine {
  const { text, line } = source;
  const scan: Scan = { text, line, at: from, spaced: true, tokens: [], errors: [] };
  let comment: Span | null = null;
  while (scan.at < text.length) {
    const c = text[scan.at];
    if (state.inComment || (c === '/' && text[scan.at + 1] === '*')) {
      const begin = scan.at;
      const end = text.indexOf('*/', state.inComment ? begin : begin + 2);
      const wasOpen = state.inComment;
      state.inComment = end < 0;
      if (end < 0)
        return { tokens: scan.tokens, comment: rest(scan, wasOpen ? 0 : begin), errors: scan.errors };
      if (!wasOpen && text.slice(end + 2).trim() === '') comment = rest(scan, begin);
      scan.at = end + 2;
      scan.spaced = true;
    } else if (c === ' ' || c === '\t' || c === '\r' || c === '\u00a0') {
      scan.at++;
      scan.spaced = true;
    } else if (beginsComment(scan, c, from > 0)) {
      comment = rest(scan, scan.at);
      break;
    } else readToken(scan, c);
  }
  return { tokens: scan.tokens, comment, errors: scan.errors };
}

/** A line being cut. */
interface Scan {
  readonly text: string;
  readonly line: number;
  at: number;
  spaced: boolean;
  readonly tokens: Token[];
  readonly errors: AsmError[];
}

const rest = ({ line, text }: Scan, from: number): Span => ({
  line,
  col: from + 1,
  endCol: text.trimEnd().length + 1,
});

function match(scan: Scan, re: RegExp): RegExpExecArray | null {
  re.lastIndex = scan.at;
  return re.exec(scan.text);
}

function beginsComment(scan: Scan, c: string, inLog: boolean): boolean {
  if (c === '/') return scan.text[scan.at + 1] === '/';
  if (c === ';') return inLog || scan.tokens.length === 0;
  if (c !== '#') return false;
  const before = scan.tokens[scan.tokens.length - 1];
  const isCallId =
    !scan.spaced &&
    (before?.kind === 'name' || before?.kind === 'number') &&
    match(scan, CALL_ID) !== null &&
    scan.tokens.some((t) => t.text.toLowerCase() === 'call');
  return !isCallId;
}

function readToken(scan: Scan, c: string): void {
  if (c >= '0' && c <= '9') return readNumber(scan);
  if (c === "'" && readChar(scan)) return;
  if (c === '"') return readString(scan);
  if (c === '%') {
    const operand = match(scan, OPERAND);
    if (operand !== null) return name(scan, operand[0]);
  }
  for (let length = LONGEST_OPERATOR; length > 1; length--) {
    const text = scan.text.slice(scan.at, scan.at + length);
    if (text.length === length && OPERATORS.has(text)) return operator(scan, text);
  }
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c === '_' || c === '.' || c === '$') {
    // `r1%=r2` is a register and an operator, although `%=` may be part of a name.
    return name(scan, (match(scan, GLUED) ?? match(scan, NAME)!)[0]);
  }
  if (PUNCTUATION.includes(c)) return operator(scan, c);
  const whole = String.fromCodePoint(scan.text.codePointAt(scan.at)!);
  const { line, at } = scan;
  scan.errors.push({
    line,
    col: at + 1,
    endCol: at + 1 + whole.length,
    id: 'bad-character',
    message: `«${whole}» has no meaning here`,
  });
  scan.at += whole.length;
}

/** Goes past a token; call it once the token is made. */
function past(scan: Scan, length: number): void {
  scan.at += length;
  scan.spaced = false;
}

function operator(scan: Scan, text: string): void {
  const { line, at, spaced } = scan;
  scan.tokens.push({ kind: 'op', line, col: at + 1, endCol: at + 1 + text.length, text, spaced });
  past(scan, text.length);
}

function name(scan: Scan, text: string): void {
  const { line, at, spaced } = scan;
  const [col, endCol] = [at + 1, at + 1 + text.length];
  const reg = REG.exec(text);
  if (reg !== null || text.toLowerCase() === 'fp') {
    const value = reg === null ? 10n : BigInt(reg[2]);
    const bits = reg !== null && reg[1].toLowerCase() === 'w' ? 32 : 64;
    scan.tokens.push({ kind: 'reg', line, col, endCol, text, spaced, value, bits });
  } else scan.tokens.push({ kind: 'name', line, col, endCol, text, spaced });
  past(scan, text.length);
}

function readNumber(scan: Scan): void {
  const { line, at, spaced } = scan;
  const col = at + 1;
  const local = match(scan, LOCAL);
  if (local !== null) {
    const [text, digits, way] = local;
    scan.tokens.push({
      kind: 'local',
      line,
      col,
      endCol: col + text.length,
      text,
      spaced,
      value: BigInt(digits),
      forward: way === 'f',
    });
    return past(scan, text.length);
  }
  const text = match(scan, NUMBER)![0];
  const piece = { line, col, endCol: col + text.length, text };
  scan.tokens.push({ kind: 'number', ...piece, spaced, value: numberValue(piece, scan.errors) });
  past(scan, text.length);
  const tail = match(scan, WORD)?.[0];
  if (tail === undefined || tail === 'll') return;
  if (!SUFFIX.test(tail))
    scan.errors.push({
      line,
      col,
      endCol: piece.endCol + tail.length,
      id: 'bad-number',
      message: `«${text}${tail}» is not a number`,
    });
  scan.at += tail.length;
}

function readChar(scan: Scan): boolean {
  const m = match(scan, CHAR);
  if (m === null) return false;
  const { line, at, spaced } = scan;
  const code = m[1] !== undefined ? (ESCAPES[m[1]] ?? m[1].charCodeAt(0)) : m[2].charCodeAt(0);
  scan.tokens.push({
    kind: 'number',
    line,
    col: at + 1,
    endCol: at + 1 + m[0].length,
    text: m[0],
    spaced,
    value: BigInt(code),
  });
  past(scan, m[0].length);
  return true;
}

function readString(scan: Scan): void {
  const { line, at, spaced } = scan;
  const m = match(scan, STRING);
  if (m === null) {
    scan.errors.push({
      ...rest(scan, at),
      id: 'open-string',
      message: 'This string does not end',
      expected: '"',
    });
    scan.at = scan.text.length;
    return;
  }
  const content = m[1].replace(/\\(.)/g, (_, e: string) =>
    String.fromCharCode(ESCAPES[e] ?? e.charCodeAt(0)),
  );
  scan.tokens.push({
    kind: 'string',
    line,
    col: at + 1,
    endCol: at + 1 + m[0].length,
    text: m[0],
    spaced,
    content,
  });
  past(scan, m[0].length);
}

function numberValue(piece: Span & { text: string }, errors: AsmError[]): bigint {
  const { text } = piece;
  if (/^0\d/.test(text) && !/^0+$/.test(text)) {
    const decimal = text.replace(/^0+/, '');
    errors.push({
      line: piece.line,
      col: piece.col,
      endCol: piece.endCol,
      id: 'octal',
      message: `A leading 0 would make «${text}» octal`,
      expected: 'a decimal, 0x or 0o number',
      fix: replace(`Write ${decimal}`, piece, decimal),
    });
    return BigInt(decimal);
  }
  return BigInt(text.toLowerCase());
}
