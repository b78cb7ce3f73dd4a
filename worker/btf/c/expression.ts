import { accept, expect, expectName, fail, found, is, nested, next, peek } from './context.ts';
import type { CParser } from './context.ts';
import { bare, cTypeName, sizeOf } from './types.ts';
import type { CStruct, CType } from './types.ts';

/** Binary operators by how tightly they bind. */
const LEVELS: readonly (readonly string[])[] = [
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
const LIMIT = 1n << 128n;

/** Reads a constant expression; integers are exact, casts cut them to size. */
export function constantExpression(p: CParser): bigint {
  return nested(p, () => {
    const condition = binary(p, 0);
    if (!accept(p, '?')) return condition;
    const yes = constantExpression(p);
    expect(p, ':');
    const no = constantExpression(p);
    return condition !== 0n ? yes : no;
  });
}

function binary(p: CParser, level: number): bigint {
  if (level === LEVELS.length) return unary(p);
  let left = binary(p, level + 1);
  for (;;) {
    const token = peek(p);
    if (token.kind !== 'op' || !LEVELS[level].includes(token.text)) return left;
    next(p);
    left = apply(p, token.text, left, binary(p, level + 1));
    if (left >= LIMIT || left <= -LIMIT) fail(p, 'c-range', 'This value is far too large.', token);
  }
}

function apply(p: CParser, op: string, a: bigint, b: bigint): bigint {
  switch (op) {
    case '||':
      return a !== 0n || b !== 0n ? 1n : 0n;
    case '&&':
      return a !== 0n && b !== 0n ? 1n : 0n;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '&':
      return a & b;
    case '==':
      return a === b ? 1n : 0n;
    case '!=':
      return a !== b ? 1n : 0n;
    case '<':
      return a < b ? 1n : 0n;
    case '>':
      return a > b ? 1n : 0n;
    case '<=':
      return a <= b ? 1n : 0n;
    case '>=':
      return a >= b ? 1n : 0n;
    case '<<':
    case '>>':
      if (b < 0n || b > 127n) fail(p, 'c-shift', `A shift by ${b} is not possible.`);
      return op === '<<' ? a << b : a >> b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      if (b === 0n) fail(p, 'c-division', 'Division by zero.');
      return op === '/' ? a / b : a % b;
  }
}

function unary(p: CParser): bigint {
  return nested(p, () => {
    if (accept(p, '-')) return -unary(p);
    if (accept(p, '+')) return unary(p);
    if (accept(p, '~')) return ~unary(p);
    if (accept(p, '!')) return unary(p) === 0n ? 1n : 0n;
    return primary(p);
  });
}

function primary(p: CParser): bigint {
  const token = next(p);
  if (token.kind === 'number' || token.kind === 'char') return token.value;
  if (token.kind === 'op' && token.text === '(') {
    if (p.startsType(peek(p))) {
      const type = p.readTypeName();
      expect(p, ')');
      return cast(type, unary(p));
    }
    const value = constantExpression(p);
    expect(p, ')');
    return value;
  }
  if (token.kind === 'name') {
    if (token.text === 'sizeof' || token.text === '_Alignof') return sizeOperator(p);
    if (token.text === 'offsetof' || token.text === '__builtin_offsetof') return offsetOperator(p);
    if (token.text === 'NULL') return 0n;
    if (token.text === 'true' || token.text === 'false') return token.text === 'true' ? 1n : 0n;
    const value = p.scope.constants.get(token.text) ?? p.scope.constant(token.text);
    if (value !== null) return value;
    fail(p, 'c-unknown-constant', `${token.text} is no known constant here.`, token);
  }
  p.at = Math.max(0, token.kind === 'end' ? p.at : p.at - 1);
  fail(p, 'c-syntax', `${found(p)} where a constant should be.`, token);
}

/** The value as an object of the type would hold it. */
export function cast(type: CType, value: bigint): bigint {
  const t = bare(type);
  if (t.kind === 'int') {
    if ((t.encoding & 4) !== 0) return value === 0n ? 0n : 1n;
    return (t.encoding & 1) !== 0 ? BigInt.asIntN(t.size * 8, value) : BigInt.asUintN(t.size * 8, value);
  }
  if (t.kind === 'ptr') return BigInt.asUintN(64, value);
  if (t.kind === 'enum') return t.signed ? BigInt.asIntN(t.size * 8, value) : BigInt.asUintN(t.size * 8, value);
  return value;
}

function sizeOperator(p: CParser): bigint {
  const open = expect(p, '(');
  if (!p.startsType(peek(p))) fail(p, 'c-sizeof', 'sizeof takes a type in parentheses here.');
  const type = p.readTypeName();
  expect(p, ')');
  const size = sizeOf(type);
  if (size === null) fail(p, 'c-incomplete', `${cTypeName(type)} has no size: it is not defined.`, open);
  return BigInt(size);
}

function offsetOperator(p: CParser): bigint {
  expect(p, '(');
  let type = p.readTypeName();
  expect(p, ',');
  let bits = 0;
  do {
    const name = expectName(p, 'a member');
    const t = bare(type);
    const hit = t.kind === 'struct' ? findMember(t, name.text) : null;
    if (hit === null) fail(p, 'c-no-member', `${cTypeName(type)} has no member ${name.text}.`, name);
    bits += hit.bitOffset;
    type = hit.type;
    while (is(p, '[')) {
      next(p);
      const index = constantExpression(p);
      expect(p, ']');
      const array = bare(type);
      if (array.kind !== 'array') fail(p, 'c-no-array', `${name.text} is no array.`, name);
      bits += Number(index) * (sizeOf(array.elem) ?? 0) * 8;
      type = array.elem;
    }
  } while (accept(p, '.'));
  expect(p, ')');
  return BigInt(Math.floor(bits / 8));
}

/** A member by name, unnamed structs and unions included; its offset counts from the outermost one. */
export function findMember(owner: CStruct, name: string): { type: CType; bitOffset: number; bits: number | null } | null {
  for (const m of owner.members ?? []) {
    if (m.name === name) return m;
    const inner = m.name === '' ? bare(m.type) : null;
    const hit = inner?.kind === 'struct' ? findMember(inner, name) : null;
    if (hit !== null) return { ...hit, bitOffset: hit.bitOffset + m.bitOffset };
  }
  return null;
}
