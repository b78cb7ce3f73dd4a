import type { Cursor } from './cursor.ts';

/** Binary operators by how tightly they bind, as in C. */
const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const LIMIT = 1n << 128n;

/** True if an expression can begin at the next token. */
export function atExpression(c: Cursor): boolean {
  const t = c.peek();
  if (t === null) return false;
  if (t.kind === 'number') return true;
  if (t.kind === 'op') return t.text === '(' || t.text === '-' || t.text === '+' || t.text === '~';
  return t.kind === 'name' && c.env.constant(constantName(t.text)) !== null;
}

/** `%[name]` names the constant `name`. */
export const constantName = (text: string): string => (text.startsWith('%[') ? text.slice(2, -1) : text);

/**
 * Reads a constant expression: numbers, constants, `+ - * / % & | ^ << >> ~` and parentheses, with C's
 * precedence and exact integers (no width). Fails on anything else.
 */
export function expression(c: Cursor, level = 0): bigint {
  if (level === LEVELS.length) return unary(c);
  let left = expression(c, level + 1);
  for (;;) {
    const t = c.peek();
    if (t === null || t.kind !== 'op' || !LEVELS[level].includes(t.text)) return left;
    c.next();
    const right = expression(c, level + 1);
    left = apply(c, t.text, left, right);
    if (left >= LIMIT || left <= -LIMIT)
      c.fail('expression-range', 'The value of this expression is far too large', undefined, t);
  }
}

function apply(c: Cursor, op: string, a: bigint, b: bigint): bigint {
  switch (op) {
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '&':
      return a & b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '<<':
    case '>>':
      if (b < 0n || b > 127n)
        c.fail(
          'expression-shift',
          `A shift by ${b} is not possible`,
          'a distance from 0 to 127',
          c.since(c.position - 1),
        );
      return op === '<<' ? a << b : a >> b;
    default:
      if (b === 0n) c.fail('expression-zero', 'Division by zero', undefined, c.since(c.position - 1));
      return op === '/' ? a / b : a % b;
  }
}

function unary(c: Cursor): bigint {
  if (c.accept('-')) return -unary(c);
  if (c.accept('+')) return unary(c);
  if (c.accept('~')) return ~unary(c);
  if (c.accept('(')) {
    const value = expression(c);
    c.expect(')');
    return value;
  }
  const t = c.peek();
  if (t?.kind === 'number') {
    c.next();
    return t.value;
  }
  if (t?.kind === 'name') {
    const value = c.env.constant(constantName(t.text));
    if (value !== null) {
      c.next();
      return value;
    }
    c.fail('unknown-constant', `«${t.text}» is not a known constant`, 'a number or a constant');
  }
  c.fail('syntax', `${c.found()} where a number should be`, 'a number');
}
