import type { CLine, CProblem, CSpan } from './problem.ts';

/** A token; after macro expansion its span is that of the macro's name in the source. */
export interface CToken extends CSpan {
  readonly kind: 'name' | 'number' | 'string' | 'char' | 'op' | 'end';
  readonly text: string;
  /** Numbers and characters. */
  readonly value: bigint;
  /** Strings: their bytes as text, escapes resolved. */
  readonly content: string;
}

const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*(?![0-9])|[1-9]\d*)([uUlL]{0,3})(?!\w|\.\d)/y;
const OPERATORS = ['...', '<<', '>>', '<=', '>=', '==', '!=', '&&', '||', '->'];
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '0': '\0', '\\': '\\', "'": "'", '"': '"', a: '\x07', b: '\b', v: '\v', f: '\f' };
/** A macro may name macros this deep. */
const MACRO_DEPTH = 16;
/** An unfolded text of more tokens than this is refused. */
export const TOKENS_MAX = 200_000;

/** Macros of libbpf's headers that the parser knows by itself; a definition of one is taken as read. */
const BUILT_IN = new Set([
  'SEC',
  'private',
  '__contains',
  '__uint',
  '__type',
  '__array',
  '__ulong',
  '__ksym',
  '__kptr',
  '__kptr_untrusted',
  '__percpu_kptr',
  '__uptr',
  '__always_inline',
  '__noinline',
  '__weak',
  '__hidden',
]);

type Macros = Map<string, readonly CToken[]>;

/**
 * Cuts C source into tokens. Comments go, `#define NAME tokens` is expanded, other directives are ignored with a
 * remark. Ends with an `end` token.
 */
export function lexC(lines: readonly CLine[], macros: Macros, problems: CProblem[]): CToken[] {
  const raw: CToken[] = [];
  let inComment = false;
  for (const line of lines) {
    const tokens: CToken[] = [];
    inComment = lexLine(line, inComment, tokens, problems);
    if (tokens[0]?.text === '#') directive(tokens, macros, problems);
    else for (const token of tokens) expand(token, macros, raw, 0, new Set());
    if (raw.length > TOKENS_MAX) {
      problems.push({ ...spanOf(line), severity: 'error', id: 'c-too-long', message: `The declarations have more than ${TOKENS_MAX} tokens.` });
      break;
    }
  }
  const last = lines.at(-1) ?? { line: 1, text: '' };
  const at = last.text.length + 1;
  raw.push({ kind: 'end', text: '', value: 0n, content: '', line: last.line, col: at, endLine: last.line, endCol: at });
  return raw;
}

function spanOf(line: CLine): CSpan {
  return { line: line.line, col: 1, endLine: line.line, endCol: line.text.length + 1 };
}

function expand(token: CToken, macros: Macros, out: CToken[], depth: number, active: ReadonlySet<string>): void {
  const body = token.kind === 'name' && depth < MACRO_DEPTH && !active.has(token.text) ? macros.get(token.text) : undefined;
  if (body === undefined) {
    out.push(token);
    return;
  }
  const inside = new Set([...active, token.text]);
  const { line, col, endLine, endCol } = token;
  for (const part of body) {
    if (out.length > TOKENS_MAX) return;
    expand({ ...part, line, col, endLine, endCol }, macros, out, depth + 1, inside);
  }
}

function directive(tokens: readonly CToken[], macros: Macros, problems: CProblem[]): void {
  const [hash, word, name, after] = tokens;
  const last = tokens[tokens.length - 1];
  const whole = { line: hash.line, col: hash.col, endLine: last.endLine, endCol: last.endCol };
  if (word?.text === 'define' && name?.kind === 'name') {
    const isFunction = after?.text === '(' && after.col === name.endCol;
    if (!isFunction) {
      macros.set(name.text, tokens.slice(3));
      return;
    }
    if (BUILT_IN.has(name.text)) return;
    problems.push({ ...whole, severity: 'error', id: 'c-macro', message: `Macros with parameters are not expanded; write out what ${name.text}() stands for.` });
    return;
  }
  if (word?.text === 'undef' && name !== undefined) {
    macros.delete(name.text);
    return;
  }
  if (word?.text === 'include' || word?.text === 'pragma') {
    problems.push({ ...whole, severity: 'info', id: 'c-ignored', message: `#${word.text} is ignored: a program text is complete in itself.` });
    return;
  }
  problems.push({ ...whole, severity: 'error', id: 'c-directive', message: `#${word?.text ?? ''} is not understood here; only #define NAME value is.` });
}

/** Appends the tokens of a line; answers whether it ends inside a block comment. */
function lexLine(source: CLine, inComment: boolean, out: CToken[], problems: CProblem[]): boolean {
  const { text, line } = source;
  let at = 0;
  const push = (kind: CToken['kind'], length: number, value = 0n, content = ''): void => {
    out.push({ kind, text: text.slice(at, at + length), value, content, line, col: at + 1, endLine: line, endCol: at + length + 1 });
    at += length;
  };
  const bad = (length: number, id: string, message: string): void => {
    problems.push({ line, col: at + 1, endLine: line, endCol: at + length + 1, severity: 'error', id, message });
    at += length;
  };
  while (at < text.length) {
    if (inComment) {
      const end = text.indexOf('*/', at);
      if (end < 0) return true;
      at = end + 2;
      inComment = false;
      continue;
    }
    const c = text[at];
    if (/\s/.test(c)) {
      at++;
      continue;
    }
    if (text.startsWith('//', at)) break;
    if (text.startsWith('/*', at)) {
      inComment = true;
      at += 2;
      continue;
    }
    NAME.lastIndex = NUMBER.lastIndex = at;
    const name = NAME.exec(text);
    if (name !== null) {
      push('name', name[0].length);
      continue;
    }
    if (/\d/.test(c)) {
      const number = NUMBER.exec(text);
      if (number === null) {
        const word = /^[\w.]+/.exec(text.slice(at))![0];
        bad(word.length, 'c-number', `${word} is no integer constant.`);
        push('number', 0, 0n);
        continue;
      }
      const digits = number[1];
      push('number', number[0].length, BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits));
      continue;
    }
    if (c === '"' || c === "'") {
      quoted(c);
      continue;
    }
    const operator = OPERATORS.find((o) => text.startsWith(o, at)) ?? c;
    if (!/^[\x21-\x7e]+$/.test(operator) || '@`\\$'.includes(operator)) {
      if (operator === '\\' && at === text.trimEnd().length - 1) at = text.length;
      else bad(operator.length, 'c-character', `${operator} has no meaning here.`);
      continue;
    }
    push('op', operator.length);
  }
  return inComment;

  function quoted(quote: string): void {
    let content = '';
    let i = at + 1;
    while (i < text.length && text[i] !== quote) {
      if (text[i] !== '\\') {
        content += text[i++];
        continue;
      }
      const hex = /^\\x([0-9a-fA-F]{1,2})/.exec(text.slice(i));
      const octal = /^\\([0-7]{1,3})/.exec(text.slice(i));
      if (hex !== null) {
        content += String.fromCharCode(parseInt(hex[1], 16));
        i += hex[0].length;
      } else if (octal !== null) {
        content += String.fromCharCode(parseInt(octal[1], 8) & 0xff);
        i += octal[0].length;
      } else {
        content += ESCAPES[text[i + 1]] ?? text[i + 1] ?? '';
        i += 2;
      }
    }
    if (i >= text.length) {
      bad(text.length - at, 'c-quote', `This ${quote === '"' ? 'string' : 'character'} has no end.`);
      return;
    }
    if (quote === '"') push('string', i + 1 - at, 0n, content);
    else if ([...content].length !== 1) bad(i + 1 - at, 'c-quote', 'A character constant holds exactly one character.');
    else push('char', i + 1 - at, BigInt.asIntN(8, BigInt(content.codePointAt(0)!)));
  }
}
