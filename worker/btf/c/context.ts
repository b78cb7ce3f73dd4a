import { PREDEFINED_TYPEDEFS } from './builtin.ts';
import type { CToken } from './lexer.ts';
import type { CFix, CProblem, CSpan } from './problem.ts';
import type { CEnum, CStruct, CType } from './types.ts';

/** Names that a text has declared so far; shared by its C parts and prototypes. */
export interface CScope {
  readonly typedefs: Map<string, CType>;
  /** `struct x`, `union x`, `enum x` by tag. */
  readonly structs: Map<string, CStruct>;
  readonly enums: Map<string, CEnum>;
  readonly constants: Map<string, bigint>;
  readonly macros: Map<string, readonly CToken[]>;
  /** Constants from outside (map types, flags), or null. */
  constant(name: string): bigint | null;
  /** Bit of a kfunc flag, 0 if unknown. */
  kfuncFlag(name: string): number;
}

/** A scope with the predefined typedefs. */
export function cScope(outside: Pick<CScope, 'constant' | 'kfuncFlag'>): CScope {
  return {
    typedefs: new Map(PREDEFINED_TYPEDEFS),
    structs: new Map(),
    enums: new Map(),
    constants: new Map(),
    macros: new Map(),
    constant: (name) => outside.constant(name),
    kfuncFlag: (name) => outside.kfuncFlag(name),
  };
}

/** Gives up on the declaration under way; the top level reports it and goes on with the next one. */
export class CFailure extends Error {
  constructor(readonly problem: CProblem) {
    super(problem.message);
  }
}

/** Types, expressions and initialisers may nest this deep. */
const DEPTH_MAX = 64;

/** A walk over tokens, with the scope and where problems go. */
export interface CParser {
  readonly scope: CScope;
  readonly problems: CProblem[];
  at: number;
  readonly tokens: readonly CToken[];
  depth: number;
  /** Reads a type name (`const struct x *`); set by the declaration reader, used by `sizeof`. */
  readTypeName(): CType;
  /** Whether a type name begins at the token. */
  startsType(token: CToken): boolean;
}

export function peek(p: CParser, ahead = 0): CToken {
  return p.tokens[Math.min(p.at + ahead, p.tokens.length - 1)];
}

export function next(p: CParser): CToken {
  const token = peek(p);
  if (token.kind !== 'end') p.at++;
  return token;
}

/** Whether the next token is this word or operator. */
export function is(p: CParser, text: string, ahead = 0): boolean {
  const token = peek(p, ahead);
  return (token.kind === 'op' || token.kind === 'name') && token.text === text;
}

export function accept(p: CParser, text: string): boolean {
  if (!is(p, text)) return false;
  p.at++;
  return true;
}

/** Reads this word or operator or fails, saying that `what` should be here. */
export function expect(p: CParser, text: string, what = `«${text}»`): CToken {
  if (!is(p, text)) {
    const before = p.tokens[p.at - 1];
    const missing = text === ';' && before !== undefined;
    const at: CSpan = missing ? { line: before.endLine, col: before.endCol, endLine: before.endLine, endCol: before.endCol + 1 } : peek(p);
    const fix = missing
      ? { title: 'Insert «;»', edits: [{ line: before.endLine, col: before.endCol, endCol: before.endCol, text: ';' }] }
      : undefined;
    fail(p, 'c-syntax', `${found(p)} where ${what} should be.`, at, fix);
  }
  return next(p);
}

export function expectName(p: CParser, what: string): CToken {
  if (peek(p).kind !== 'name') fail(p, 'c-syntax', `${found(p)} where ${what} should be.`);
  return next(p);
}

/** The next token for messages. */
export function found(p: CParser): string {
  const token = peek(p);
  return token.kind === 'end' ? 'The end of the C part' : `«${token.text}»`;
}

export function fail(p: CParser, id: string, message: string, at: CSpan = peek(p), fix?: CFix): never {
  throw new CFailure(problem('error', id, message, at, fix));
}

export function report(p: CParser, severity: CProblem['severity'], id: string, message: string, at: CSpan, fix?: CFix): void {
  p.problems.push(problem(severity, id, message, at, fix));
}

function problem(severity: CProblem['severity'], id: string, message: string, at: CSpan, fix?: CFix): CProblem {
  const { line, col, endLine, endCol } = at;
  return { line, col, endLine, endCol, severity, id, message, ...(fix === undefined ? {} : { fix }) };
}

/** Runs a reader one level deeper; too deep a nesting is an error, not a crash. */
export function nested<T>(p: CParser, read: () => T): T {
  if (++p.depth > DEPTH_MAX) fail(p, 'c-nesting', `This nests more than ${DEPTH_MAX} levels deep.`);
  try {
    return read();
  } finally {
    p.depth--;
  }
}

/** Span from one token to the last one read. */
export function since(p: CParser, first: CSpan): CSpan {
  const last = p.tokens[Math.max(0, p.at - 1)] ?? first;
  return { line: first.line, col: first.col, endLine: last.endLine, endCol: last.endCol };
}

/** The index just after the bracket that closes the one at `from`; the end of the tokens if none does. */
export function matching(p: CParser, from: number): number {
  let depth = 0;
  for (let i = from; i < p.tokens.length; i++) {
    const { kind, text } = p.tokens[i];
    if (kind !== 'op') continue;
    if (text === '(' || text === '[' || text === '{') depth++;
    else if (text === ')' || text === ']' || text === '}') {
      if (--depth === 0) return i + 1;
    }
  }
  return p.tokens.length - 1;
}
