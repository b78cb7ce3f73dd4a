/**
 * A reader for the small part of C in which the kernel writes its tables as code: `switch`, `if`, `return`
 * over constants. Enough for `*_func_proto()`, `*_is_valid_access()` and kfunc filters; anything else throws.
 */

export type Expr =
  | { readonly k: 'num'; readonly value: number }
  | { readonly k: 'str'; readonly value: string }
  | { readonly k: 'id'; readonly name: string }
  | {
      readonly k: 'call';
      readonly fn: string;
      readonly args: readonly Expr[];
      readonly raw: readonly string[];
    }
  | { readonly k: 'member'; readonly obj: Expr; readonly name: string }
  | { readonly k: 'index'; readonly obj: Expr; readonly index: Expr }
  | { readonly k: 'unary'; readonly op: string; readonly arg: Expr }
  | { readonly k: 'binary'; readonly op: string; readonly left: Expr; readonly right: Expr }
  | { readonly k: 'cond'; readonly test: Expr; readonly then: Expr | null; readonly else: Expr }
  | { readonly k: 'assign'; readonly op: string; readonly left: Expr; readonly right: Expr };

export type Stmt =
  | { readonly k: 'block'; readonly body: readonly Stmt[] }
  | { readonly k: 'expr'; readonly expr: Expr }
  | { readonly k: 'decl'; readonly name: string; readonly init: Expr | null }
  | { readonly k: 'if'; readonly test: Expr; readonly then: Stmt; readonly else: Stmt | null }
  | { readonly k: 'switch'; readonly on: Expr; readonly body: readonly (Stmt | Label)[] }
  | { readonly k: 'return'; readonly value: Expr | null }
  | { readonly k: 'break' }
  /** Only forward, to a target at the end of the function: what `goto error` is used for. */
  | { readonly k: 'goto'; readonly label: string }
  | { readonly k: 'target'; readonly label: string }
  | { readonly k: 'empty' };

/** `case a:`, `case a ... b:`; `low` null: `default:`. */
export interface Label {
  readonly k: 'label';
  readonly low: Expr | null;
  readonly high: Expr | null;
}

export interface CFunction {
  readonly name: string;
  readonly params: readonly string[];
  readonly body: Stmt;
}

const TOKEN =
  /\s+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)'|0[xX][0-9a-fA-F]+[uUlL]*|\d+[uUlL]*|[A-Za-z_]\w*|\.\.\.|->|<<=|>>=|[-+*/%&|^=!<>]=|&&|\|\||<<|>>|\+\+|--|[-+*/%&|^~!<>=?:;,.(){}[\]]/y;

const TYPE_WORDS = new Set(
  'const struct union enum int bool u8 u16 u32 u64 s32 s64 __u8 __u16 __u32 __u64 __be16 __be32 unsigned long char void size_t static'.split(
    ' ',
  ),
);

/** Splits C text (comments and directives removed) into tokens. */
export function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`C: cannot read ${JSON.stringify(text.slice(at, at + 40))}`);
    if (match[0].trim() !== '') tokens.push(match[0]);
  }
  return tokens;
}

const BINARY: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Parses `name(params) { body }` from the text of a function, its result type already removed. */
export function parseFunction(text: string): CFunction {
  const tokens = tokenize(text);
  let at = 0;
  const peek = (ahead = 0): string => tokens[at + ahead] ?? '';
  const next = (): string => tokens[at++] ?? '';
  const expect = (token: string): void => {
    if (next() !== token)
      throw new Error(`C: expected ${token} near ${tokens.slice(Math.max(0, at - 6), at + 6).join(' ')}`);
  };

  /** Splits a call's arguments into raw token texts, for macros whose arguments are types or members. */
  const rawArgs = (): string[] => {
    const parts: string[] = [];
    let depth = 0;
    let current: string[] = [];
    expect('(');
    for (;;) {
      const token = next();
      if (token === '') throw new Error('C: unterminated arguments');
      if (depth === 0 && (token === ',' || token === ')')) {
        if (current.length) parts.push(current.join(' '));
        current = [];
        if (token === ')') return parts;
        continue;
      }
      if (token === '(' || token === '[') depth++;
      if (token === ')' || token === ']') depth--;
      current.push(token);
    }
  };

  const primary = (): Expr => {
    const token = next();
    if (token === '(') {
      if (TYPE_WORDS.has(peek())) {
        while (next() !== ')');
        return unary();
      }
      const inner = expression();
      expect(')');
      return inner;
    }
    if (/^\d/.test(token)) return { k: 'num', value: Number(token.replace(/[uUlL]+$/, '')) };
    if (token.startsWith('"')) return { k: 'str', value: token.slice(1, -1) };
    if (!/^[A-Za-z_]/.test(token))
      throw new Error(`C: unexpected ${token} near ${tokens.slice(Math.max(0, at - 6), at + 6).join(' ')}`);
    if (peek() !== '(') return { k: 'id', name: token };
    const start = at;
    const raw = rawArgs();
    const end = at;
    if (MACROS_OVER_TYPES.has(token)) return { k: 'call', fn: token, args: [], raw };
    const args: Expr[] = [];
    at = start + 1;
    while (peek() !== ')') {
      args.push(assignment());
      if (peek() === ',') next();
    }
    at = end;
    return { k: 'call', fn: token, args, raw };
  };
  const postfix = (): Expr => {
    let expr = primary();
    for (;;) {
      if (peek() === '->' || peek() === '.') {
        next();
        expr = { k: 'member', obj: expr, name: next() };
      } else if (peek() === '[') {
        next();
        const index = expression();
        expect(']');
        expr = { k: 'index', obj: expr, index };
      } else return expr;
    }
  };
  const unary = (): Expr => {
    if (['!', '-', '&', '*', '~', '+'].includes(peek())) return { k: 'unary', op: next(), arg: unary() };
    return postfix();
  };
  const binary = (level: number): Expr => {
    if (level === BINARY.length) return unary();
    let left = binary(level + 1);
    while (BINARY[level].includes(peek())) left = { k: 'binary', op: next(), left, right: binary(level + 1) };
    return left;
  };
  const conditional = (): Expr => {
    const test = binary(0);
    if (peek() !== '?') return test;
    next();
    const then = peek() === ':' ? null : expression();
    expect(':');
    return { k: 'cond', test, then, else: conditional() };
  };
  const assignment = (): Expr => {
    const left = conditional();
    if (peek() === '=' || /^[-+|&]=$/.test(peek()))
      return { k: 'assign', op: next(), left, right: assignment() };
    return left;
  };
  const expression = (): Expr => assignment();

  const declaration = (): Stmt => {
    const decls: Stmt[] = [];
    while (TYPE_WORDS.has(peek()) || (/^[A-Za-z_]/.test(peek()) && /^[A-Za-z_*]/.test(peek(1)))) {
      const word = next();
      if (word === 'struct' || word === 'enum' || word === 'union') next();
    }
    for (;;) {
      while (peek() === '*') next();
      const name = next();
      let init: Expr | null = null;
      if (peek() === '=') {
        next();
        init = assignment();
      }
      decls.push({ k: 'decl', name, init });
      if (peek() === ',') next();
      else break;
    }
    expect(';');
    return decls.length === 1 ? decls[0] : { k: 'block', body: decls };
  };

  const statement = (): Stmt => {
    const token = peek();
    if (token === '{') {
      next();
      const body: Stmt[] = [];
      while (peek() !== '}') body.push(statement());
      next();
      return { k: 'block', body };
    }
    if (token === 'if') {
      next();
      expect('(');
      const test = expression();
      expect(')');
      const then = statement();
      let otherwise: Stmt | null = null;
      if (peek() === 'else') {
        next();
        otherwise = statement();
      }
      return { k: 'if', test, then, else: otherwise };
    }
    if (token === 'switch') {
      next();
      expect('(');
      const on = expression();
      expect(')');
      expect('{');
      const body: (Stmt | Label)[] = [];
      while (peek() !== '}') {
        if (peek() === 'default') {
          next();
          expect(':');
          body.push({ k: 'label', low: null, high: null });
        } else if (peek() === 'case') {
          next();
          const low = binary(0);
          let high: Expr | null = null;
          if (peek() === '...') {
            next();
            high = binary(0);
          }
          expect(':');
          body.push({ k: 'label', low, high });
        } else body.push(statement());
      }
      next();
      return { k: 'switch', on, body };
    }
    if (token === 'return') {
      next();
      const value = peek() === ';' ? null : expression();
      expect(';');
      return { k: 'return', value };
    }
    if (token === 'goto') {
      next();
      const label = next();
      expect(';');
      return { k: 'goto', label };
    }
    if (/^[a-z]\w*$/.test(token) && peek(1) === ':' && peek(2) !== ':') {
      at += 2;
      return { k: 'target', label: token };
    }
    if (token === 'break') {
      next();
      expect(';');
      return { k: 'break' };
    }
    if (token === 'fallthrough') {
      next();
      expect(';');
      return { k: 'empty' };
    }
    if (token === ';') {
      next();
      return { k: 'empty' };
    }
    if (TYPE_WORDS.has(token)) return declaration();
    const expr = expression();
    expect(';');
    return { k: 'expr', expr };
  };

  const name = next();
  const params = rawArgs().map((param) => /(\w+)(\s*\[.*\])?$/.exec(param.trim())?.[1] ?? '');
  return { name, params, body: statement() };
}

/** Calls whose arguments are not expressions. */
export const MACROS_OVER_TYPES = new Set([
  'offsetof',
  'offsetofend',
  'sizeof_field',
  'sizeof',
  'bpf_ctx_range',
  'bpf_ctx_range_till',
  'bpf_ctx_range_ptr',
  'bpf_ctx_wide_access_ok',
  'BTF_TYPE_EMIT',
]);
