import type { AsmError, Fix, Span } from './diagnostic.ts';
import { Unreadable } from './diagnostic.ts';
import type { Token } from './lexer.ts';

/** Where constants and the diagnostics of the statement under way come from and go to. */
export interface ParseEnv {
  /** Value of a constant name (`%[name]` comes without its brackets), or null. */
  constant(name: string): bigint | null;
  readonly errors: AsmError[];
  readonly notes: AsmError[];
}

/** A walk over the tokens of one statement. */
export class Cursor {
  private at = 0;
  constructor(
    readonly tokens: readonly Token[],
    readonly env: ParseEnv,
    /** Span of the whole statement, for errors at its end. */
    readonly whole: Span,
  ) {}

  get position(): number {
    return this.at;
  }
  /** Goes back to an earlier {@link position}. */
  rewind(position: number): void {
    this.at = position;
  }
  get done(): boolean {
    return this.at >= this.tokens.length;
  }
  peek(ahead = 0): Token | null {
    return this.tokens[this.at + ahead] ?? null;
  }
  next(): Token {
    return this.tokens[this.at++];
  }
  /** The next token is this operator or (case-insensitive) word. */
  is(text: string, ahead = 0): boolean {
    const t = this.peek(ahead);
    if (t === null || t.kind === 'string') return false;
    return t.kind === 'op' ? t.text === text : t.text.toLowerCase() === text;
  }
  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }
  expect(text: string, what = `«${text}»`): Token {
    if (!this.is(text)) this.fail('syntax', `${this.found()} where ${what} should be`, what);
    return this.next();
  }
  /** Span of the next token, or the place just after the last one. */
  here(): Span {
    const t = this.peek();
    if (t) return t;
    const last = this.tokens[this.tokens.length - 1];
    return last ? { line: last.line, col: last.endCol, endCol: last.endCol + 1 } : this.whole;
  }
  found(): string {
    const t = this.peek();
    return t ? `«${t.text}»` : 'The end of the line';
  }
  /** Gives up on this statement. */
  fail(id: string, message: string, expected?: string, span: Span = this.here(), fix?: Fix): never {
    throw new Unreadable(diagnostic(id, message, span, expected, fix));
  }
  /** Reports an error but goes on. */
  report(id: string, message: string, span: Span, expected?: string, fix?: Fix): void {
    this.env.errors.push(diagnostic(id, message, span, expected, fix));
  }
  note(id: string, message: string, span: Span, fix?: Fix): void {
    this.env.notes.push(diagnostic(id, message, span, undefined, fix));
  }
  /** Fails unless the statement ends here. */
  end(): void {
    if (!this.done)
      this.fail('trailing', `${this.found()} after the end of the instruction`, 'a new line or «;»', {
        ...this.here(),
        endCol: this.tokens[this.tokens.length - 1].endCol,
      });
  }
  /** Span from a token to the last one read. */
  since(from: number): Span {
    const first = this.tokens[Math.min(from, this.tokens.length - 1)];
    const last = this.tokens[Math.max(this.at - 1, from)] ?? first;
    return { line: first.line, col: first.col, endCol: last.endCol };
  }
}

/** Builds a diagnostic, leaving out what is undefined. */
export function diagnostic(id: string, message: string, span: Span, expected?: string, fix?: Fix): AsmError {
  return {
    line: span.line,
    col: span.col,
    endCol: span.endCol,
    id,
    message,
    ...(expected === undefined ? {} : { expected }),
    ...(fix === undefined ? {} : { fix }),
  };
}
