import { noAttributes } from './attributes.ts';
import { accept, expect, expectName, fail, found, next, peek, since } from './context.ts';
import type { CParser } from './context.ts';
import { constantExpression } from './expression.ts';
import type { CToken } from './lexer.ts';
import { readAttributes } from './read-attributes.ts';
import type { CEnum } from './types.ts';

/** Reads an enum after its keyword, with or without a body; enumerators become constants of the scope. */
export function readEnum(p: CParser, keyword: CToken): CEnum {
  readAttributes(p, noAttributes());
  const name = peek(p).kind === 'name' ? next(p).text : '';
  const span = since(p, keyword);
  let type = name === '' ? undefined : p.scope.enums.get(name);
  if (type === undefined) {
    type = { kind: 'enum', name, size: 4, signed: false, values: null, span };
    if (name !== '') p.scope.enums.set(name, type);
  }
  if (!accept(p, '{')) {
    if (name === '') fail(p, 'c-syntax', `${found(p)} where the enum's name or body should be.`);
    return type;
  }
  if (type.values !== null) fail(p, 'c-redefined', `enum ${name} is already defined in line ${type.span.line}.`, span);
  const values: { name: string; value: bigint }[] = [];
  let value = 0n;
  while (!accept(p, '}')) {
    const label = expectName(p, 'an enumerator or «}»');
    if (accept(p, '=')) value = constantExpression(p);
    if (value < -(1n << 63n) || value >= 1n << 64n) fail(p, 'c-range', `${value} does not fit 64 bits.`, label);
    values.push({ name: label.text, value });
    p.scope.constants.set(label.text, value);
    value++;
    if (!accept(p, ',')) {
      expect(p, '}', '«,» or «}»');
      break;
    }
  }
  readAttributes(p, noAttributes());
  type.signed = values.some((v) => v.value < 0n);
  const fits = values.every((v) => (type.signed ? BigInt.asIntN(32, v.value) : BigInt.asUintN(32, v.value)) === v.value);
  type.size = fits ? 4 : 8;
  type.values = values;
  return type;
}
