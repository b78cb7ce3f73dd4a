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

const OPERATORS = ['s>>=', '<<=', '>>=', 's/=', 's%=', 's>=', 's<=', '==', '!=', '<=', '>=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', 's>', 's<', '<<', '>>'];
const SIGNED = OPERATORS.filter((o) => o.startsWith('s'));
const SYMBOLIC = OPERATORS.filter((o) => !o.startsWith('s'));
const NAME = /[A-Za-z_.$%](?:[\w.$@]|%=)*/y;
const OPERAND = /%\[[A-Za-z_]\w*\]|%=/y;
const NUMBER = /0[xX][0-9a-fA-F]+|0[bB][01]+(?![0-9a-zA-Z_])|0[oO][0-7]+|\d+/y;
const LOCAL = /(\d+)([fb])(?![0-9a-zA-Z_])/y;
const REG = /^([rRwW])(\d|10|11)$/;
const GLUED = /[rRwW](?:10|11|\d)(?=%=)/y;
const ESCAPES: Record<string, number> = { n: 10, t: 9, r: 13, '0': 0, '\\': 92, "'": 39, '"': 34 };

/**
 * Cuts one line into tokens. Comments: `//` or `#` to the end of the line, C block comments, and a `;` that begins
 * a line (C source in verifier logs). `#` directly after the name in `call name#id` is the kernel's notation, no comment.
 * With `from`, cutting begins at that offset and a `;` begins a comment anywhere: an instruction of a verifier log.
 */
export function lexLine(source: SourceLine, state: LexState, from = 0): LexedLine {
  const { text, line } = source;
  const tokens: Token[] = [];
  const errors: AsmError[] = [];
  let comment: Span | null = null;
  let at = from;
  let spaced = true;
  const span = (from: number, to: number): Span => ({ line, col: from + 1, endCol: to + 1 });
  const match = (re: RegExp): RegExpExecArray | null => {
    re.lastIndex = at;
    return re.exec(text);
  };
  const rest = (from: number): Span => span(from, text.trimEnd().length);

  while (at < text.length) {
    if (state.inComment) {
      const end = text.indexOf('*/', at);
      if (end < 0) return { tokens, comment: rest(0), errors };
      at = end + 2;
      state.inComment = false;
      spaced = true;
      continue;
    }
    const c = text[at];
    if (c === ' ' || c === '\t' || c === '\r' || c === '\u00a0') {
      at++;
      spaced = true;
      continue;
    }
    const two = text.slice(at, at + 2);
    const afterName = !spaced && tokens.length > 0 && (tokens[tokens.length - 1].kind === 'name' || tokens[tokens.length - 1].kind === 'number');
    const callId = c === '#' && afterName && /^#-?\d+/.test(text.slice(at)) && tokens.some((t) => t.text.toLowerCase() === 'call');
    if (two === '//' || (c === '#' && !callId) || (c === ';' && (tokens.length === 0 || from > 0))) {
      comment = rest(at);
      break;
    }
    if (two === '/*') {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) {
        state.inComment = true;
        comment = rest(at);
        break;
      }
      if (text.slice(end + 2).trim() === '') comment = rest(at);
      at = end + 2;
      spaced = true;
      continue;
    }
    const start = at;
    const push = (t: Token): void => {
      tokens.push(t);
      spaced = false;
    };
    const base = (length: number): Span & { text: string; spaced: boolean } => {
      at = start + length;
      return { ...span(start, at), text: text.slice(start, at), spaced };
    };
    const local = match(LOCAL);
    if (local) {
      push({ ...base(local[0].length), kind: 'local', value: BigInt(local[1]), forward: local[2] === 'f' });
      continue;
    }
    const number = match(NUMBER);
    if (number) {
      const piece = base(number[0].length);
      push({ ...piece, kind: 'number', value: numberValue(piece, errors) });
      const tail = /^[A-Za-z_]\w*/.exec(text.slice(at));
      if (tail && !/^(ll|LL|u|U|ul|UL|ull|ULL)$/.test(tail[0])) {
        at += tail[0].length;
        errors.push({ ...span(start, at), id: 'bad-number', message: `«${text.slice(start, at)}» is not a number` });
      } else if (tail && tail[0].toLowerCase() !== 'll') at += tail[0].length;
      continue;
    }
    if (c === "'") {
      const char = /^'(?:\\(.)|([^\\']))'/.exec(text.slice(at));
      if (char) {
        const value = char[1] !== undefined ? (ESCAPES[char[1]] ?? char[1].charCodeAt(0)) : char[2].charCodeAt(0);
        push({ ...base(char[0].length), kind: 'number', value: BigInt(value) });
        continue;
      }
    }
    if (c === '"') {
      const string = /^"((?:[^"\\]|\\.)*)"/.exec(text.slice(at));
      if (string) {
        push({ ...base(string[0].length), kind: 'string', content: string[1].replace(/\\(.)/g, (_, e: string) => String.fromCharCode(ESCAPES[e] ?? e.charCodeAt(0))) });
        continue;
      }
      errors.push({ ...rest(at), id: 'open-string', message: 'This string does not end', expected: '"' });
      break;
    }
    const operand = match(OPERAND);
    if (operand && operand[0] !== '%=') {
      push({ ...base(operand[0].length), kind: 'name' });
      continue;
    }
    const signed = SIGNED.find((o) => text.startsWith(o, at));
    if (signed) {
      push({ ...base(signed.length), kind: 'op' });
      continue;
    }
    if (/[A-Za-z_.$]/.test(c)) {
      // `r1%=r2` is a register and an operator, although `%=` may be part of a name.
      const glued = match(GLUED);
      const name = glued ?? match(NAME)!;
      const reg = REG.exec(name[0]);
      const piece = base(name[0].length);
      if (reg) push({ ...piece, kind: 'reg', value: BigInt(reg[2]), bits: reg[1].toLowerCase() === 'r' ? 64 : 32 });
      else if (name[0].toLowerCase() === 'fp') push({ ...piece, kind: 'reg', value: 10n, bits: 64 });
      else push({ ...piece, kind: 'name' });
      continue;
    }
    const symbolic = SYMBOLIC.find((o) => text.startsWith(o, at));
    if (symbolic) {
      push({ ...base(symbolic.length), kind: 'op' });
      continue;
    }
    if ('()[]{}+-*/%&|^~!<>=,:;#@?'.includes(c)) {
      push({ ...base(1), kind: 'op' });
      continue;
    }
    const piece = base([...text.slice(at)][0].length);
    errors.push({ ...piece, id: 'bad-character', message: `«${piece.text}» has no meaning here` });
  }
  return { tokens, comment, errors };
}

function numberValue(piece: Span & { text: string }, errors: AsmError[]): bigint {
  const { text } = piece;
  if (/^0\d/.test(text) && !/^0+$/.test(text)) {
    const decimal = text.replace(/^0+/, '');
    errors.push({
      line: piece.line, col: piece.col, endCol: piece.endCol, id: 'octal', message: `A leading 0 would make «${text}» octal`, expected: 'a decimal, 0x or 0o number',
      fix: replace(`Write ${decimal}`, piece, decimal),
    });
    return BigInt(decimal);
  }
  return BigInt(text.toLowerCase());
}
