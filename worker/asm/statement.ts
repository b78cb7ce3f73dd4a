import { Cursor, type ParseEnv } from './cursor.ts';
import { Unreadable, type SourceLine, type Span } from './diagnostic.ts';
import { expression } from './expression.ts';
import { lexLine, type LexState, type Token } from './lexer.ts';
import { parseInsn } from './parse-instruction.ts';
import type { ParsedInsn } from './parsed.ts';

/** One thing that a line says. Several may share a line: `out: r0 = 0; exit`. */
export type Statement =
  | { readonly kind: 'label'; readonly name: string; readonly span: Span }
  /** `1:`, to which `1f` and `1b` refer. */
  | { readonly kind: 'local'; readonly number: bigint; readonly span: Span }
  | ({ readonly kind: 'insn'; readonly span: Span } & ParsedInsn)
  /** Raw bytes, little-endian. */
  | { readonly kind: 'data'; readonly bytes: readonly number[]; readonly span: Span }
  | {
      readonly kind: 'directive';
      readonly name: string;
      readonly tokens: readonly Token[];
      readonly text: string;
      readonly span: Span;
    }
  /** An instruction that could not be read; it keeps its place so that distances stay right. */
  | { readonly kind: 'unreadable'; readonly span: Span };

/** `12: (b7) `: what the kernel's log prints before an instruction. */
const LOG_PREFIX = /^\s*(?:\d+:\s*)?\(([0-9a-fA-F]{2})\)(?:\s|$)/;

/** Directives that put numbers into the program, with the bytes of each. */
const DATA_BYTES: Record<string, number> = {
  '.byte': 1,
  '.2byte': 2,
  '.short': 2,
  '.hword': 2,
  '.half': 2,
  '.4byte': 4,
  '.long': 4,
  '.int': 4,
  '.word': 4,
  '.8byte': 8,
  '.quad': 8,
  '.xword': 8,
  '.dword': 8,
};

/**
 * Reads the statements of one line. Errors and notes go to `env`; an error ends only the statement it is in.
 * `state` carries block comments from line to line.
 */
export function parseLine(source: SourceLine, state: LexState, env: ParseEnv): Statement[] {
  const prefix = state.inComment ? null : LOG_PREFIX.exec(source.text);
  const { tokens, errors } = lexLine(source, state, prefix === null ? 0 : prefix[0].length);
  const opcode = prefix === null ? null : parseInt(prefix[1], 16);
  env.errors.push(...errors);
  const statements: Statement[] = [];
  for (const group of split(tokens)) parseGroup(group, source, opcode, errors.length > 0, env, statements);
  return statements;
}

function* split(tokens: readonly Token[]): Generator<readonly Token[]> {
  let group: Token[] = [];
  for (const t of tokens) {
    if (t.kind === 'op' && t.text === ';') {
      if (group.length > 0) yield group;
      group = [];
    } else group.push(t);
  }
  if (group.length > 0) yield group;
}

function parseGroup(
  all: readonly Token[],
  source: SourceLine,
  opcode: number | null,
  damaged: boolean,
  env: ParseEnv,
  out: Statement[],
): void {
  let tokens = all;
  while (tokens.length >= 2 && tokens[1].kind === 'op' && tokens[1].text === ':') {
    const t = tokens[0];
    const span: Span = { line: t.line, col: t.col, endCol: t.endCol };
    if (t.kind === 'number') out.push({ kind: 'local', number: t.value, span });
    else if (t.kind === 'name') out.push({ kind: 'label', name: t.text, span });
    else {
      env.errors.push({
        ...span,
        id: 'bad-label',
        message: `«${t.text}» cannot be a label`,
        expected: 'a name or a number',
      });
      if (t.kind !== 'reg') break;
    }
    tokens = tokens.slice(2);
  }
  if (tokens.length === 0) return;
  const span: Span = { line: source.line, col: tokens[0].col, endCol: tokens[tokens.length - 1].endCol };
  const c = new Cursor(tokens, env, span);
  const before = env.errors.length;
  try {
    out.push(parseOne(c, tokens, source, opcode, span));
  } catch (e) {
    if (!(e instanceof Unreadable)) throw e;
    // What the lexer could not read usually explains why the rest makes no sense: one message is enough.
    if (!(damaged && env.errors.slice(0, before).some((x) => x.line === source.line && x.col <= e.error.col)))
      env.errors.push(e.error);
    out.push({ kind: 'unreadable', span });
  }
}

function parseOne(
  c: Cursor,
  tokens: readonly Token[],
  source: SourceLine,
  opcode: number | null,
  span: Span,
): Statement {
  const first = tokens[0];
  if (first.kind === 'name' && first.text.startsWith('.')) {
    const name = first.text.toLowerCase();
    const bytes = DATA_BYTES[name];
    if (bytes !== undefined) {
      c.next();
      return { kind: 'data', bytes: dataBytes(c, bytes), span };
    }
    return {
      kind: 'directive',
      name,
      tokens: tokens.slice(1),
      text: source.text.slice(first.endCol - 1, span.endCol - 1).trim(),
      span,
    };
  }
  return { kind: 'insn', span, ...parseInsn(c, opcode) };
}

function dataBytes(c: Cursor, size: number): number[] {
  const bytes: number[] = [];
  do {
    const start = c.position;
    const value = expression(c);
    const bits = BigInt(size * 8);
    if (value < -(1n << (bits - 1n)) || value >= 1n << bits)
      c.report('data-range', `${value} does not fit in ${size} byte${size > 1 ? 's' : ''}`, c.since(start));
    for (let k = 0n; k < bits; k += 8n) bytes.push(Number((value >> k) & 0xffn));
  } while (c.accept(','));
  c.end();
  return bytes;
}
