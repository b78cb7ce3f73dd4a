import { BASE_TYPES } from './builtin.ts';
import { expect, expectName, fail, next, peek, since } from './context.ts';
import type { CParser } from './context.ts';
import { constantExpression } from './expression.ts';
import type { CType, RawMember } from './types.ts';

/** libbpf's macros for the properties of a map. */
export const MAP_MACROS = new Set(['__uint', '__type', '__array', '__ulong']);

/** `__uint(name, n)`, `__type(name, type)`, `__array(name, type)`, `__ulong(name, n)`: how libbpf's maps are written. */
export function readMapMember(p: CParser): RawMember {
  const macro = next(p);
  expect(p, '(');
  const name = expectName(p, 'the name of a map property').text;
  expect(p, ',');
  let type: CType;
  if (macro.text === '__uint') {
    const at = peek(p);
    const value = constantExpression(p);
    if (value < 0n || value > 0xffffffffn) fail(p, 'c-range', `${value} does not fit 32 bits.`, at);
    type = { kind: 'ptr', to: { kind: 'array', elem: BASE_TYPES.get('int')!, count: Number(value) } };
  } else if (macro.text === '__ulong') {
    const value = constantExpression(p);
    const span = since(p, macro);
    type = { kind: 'enum', name: '', size: 8, signed: false, values: [{ name: `__unique_value${span.line}_${span.col}`, value: BigInt.asUintN(64, value) }], span };
  } else {
    const target = p.readTypeName();
    type = macro.text === '__type' ? { kind: 'ptr', to: target } : { kind: 'array', elem: { kind: 'ptr', to: target }, count: 0 };
  }
  expect(p, ')');
  return { name, type, bits: null, declTags: [], align: 0 };
}
