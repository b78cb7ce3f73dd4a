/** A piece of a watch; `at` and `end` are offsets in its text, 0-based, `end` exclusive. */
export interface Token {
  readonly kind: 'word' | 'number' | 'place' | 'op' | 'end';
  /** Lower case for words of ours; names of functions as written. */
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

/** What is wrong with a watch, and where. */
export class WatchError extends Error {
  override readonly name = 'WatchError';
  constructor(
    message: string,
    readonly at: number,
    readonly end: number,
  ) {
    super(message);
  }
}

const BLANK = /\s+/y;
const RULES: readonly (readonly [Token['kind'], RegExp])[] = [
  ['place', /(?:[rR](?:10|\d)|fp-\d+)\b/y],
  ['number', /-?(?:0[xX][0-9a-fA-F]+|\d+)\b/y],
  ['word', /[A-Za-z_][\w]*/y],
  ['op', /==|!=|<=|>=|&&|\|\||[<>!().=]/y],
];

/** Cuts a watch into tokens; the last one is `end`. @throws WatchError at what is no token. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  for (let at = 0; at < text.length;) {
    BLANK.lastIndex = at;
    if (BLANK.test(text)) {
      at = BLANK.lastIndex;
      continue;
    }
    const token = tokenAt(text, at);
    if (token === null) throw new WatchError(`“${text[at]}” means nothing in a watch.`, at, at + 1);
    found.push(token);
    at = token.end;
  }
  found.push({ kind: 'end', text: '', at: text.length, end: text.length });
  return found;
}

function tokenAt(text: string, at: number): Token | null {
  for (const [kind, pattern] of RULES) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null)
      return { kind, text: kind === 'place' ? match[0].toLowerCase() : match[0], at, end: pattern.lastIndex };
  }
  return null;
}
