import { noAttributes } from './attributes.ts';
import type { Attributes } from './attributes.ts';
import { BASE_TYPES, BASE_WORDS, PREDEFINED_STRUCTS } from './builtin.ts';
import { accept, expect, fail, found, is, matching, nested, next, peek, report, since } from './context.ts';
import type { CParser, CScope } from './context.ts';
import { constantExpression } from './expression.ts';
import { readEnum } from './enums.ts';
import { lexC } from './lexer.ts';
import { MAP_MACROS, readMapMember } from './map-member.ts';
import type { CToken } from './lexer.ts';
import type { CProblem, CSpan } from './problem.ts';
import { readAttribute, readAttributes } from './read-attributes.ts';
import { bare, cTypeName, depthOf, layOut, sizeOf } from './types.ts';
import type { CFunc, CParam, CStruct, CType, RawMember } from './types.ts';

/** Largest struct or array, and the last bit at which a member begins: BTF has 32 bits for either. */
const U32_MAX = 0xffffffff;
const STORAGE = new Set(['typedef', 'extern', 'static', 'register', 'auto']);
const QUALIFIERS: ReadonlyMap<string, 'const' | 'volatile' | 'restrict'> = new Map([
  ['const', 'const'],
  ['__const', 'const'],
  ['volatile', 'volatile'],
  ['__volatile__', 'volatile'],
  ['restrict', 'restrict'],
  ['__restrict', 'restrict'],
]);
/** Types may be built from so many pointers, arrays, typedefs … */
const TYPE_DEPTH_MAX = 100;

/** Makes a parser over tokens. */
export function cParser(tokens: readonly CToken[], scope: CScope, problems: CProblem[]): CParser {
  const p: CParser = {
    scope,
    problems,
    at: 0,
    tokens,
    depth: 0,
    readTypeName: () => readTypeName(p),
    startsType: (token) => startsType(p, token),
  };
  return p;
}

function startsType(p: CParser, token: CToken): boolean {
  if (token.kind !== 'name') return false;
  const { text } = token;
  return (
    BASE_WORDS.has(text) ||
    QUALIFIERS.has(text) ||
    text === 'struct' ||
    text === 'union' ||
    text === 'enum' ||
    p.scope.typedefs.has(text)
  );
}

/** What stands before the declarators. */
export interface Specifiers {
  readonly type: CType;
  readonly storage: string | null;
  readonly attributes: Attributes;
  /** A struct, union or enum body stood here. */
  readonly defines: boolean;
  readonly span: CSpan;
}

/** Reads `static const struct x __kptr` and the like. Fails if no type is named. */
export function readSpecifiers(p: CParser): Specifiers {
  const first = peek(p);
  const attributes = noAttributes();
  const words: string[] = [];
  const qualifiers: ('const' | 'volatile' | 'restrict')[] = [];
  let storage: string | null = null;
  let type: CType | null = null;
  let defines = false;
  for (;;) {
    const token = peek(p);
    if (token.kind !== 'name') break;
    const qualifier = QUALIFIERS.get(token.text);
    if (qualifier !== undefined) {
      next(p);
      if (!qualifiers.includes(qualifier)) qualifiers.push(qualifier);
    } else if (STORAGE.has(token.text)) {
      next(p);
      if (storage !== null) fail(p, 'c-storage', `${storage} and ${token.text} exclude each other.`, token);
      storage = token.text;
    } else if (readAttribute(p, attributes)) {
      continue;
    } else if (token.text === 'struct' || token.text === 'union' || token.text === 'enum') {
      if (type !== null || words.length > 0) fail(p, 'c-type', `A second type: ${token.text}.`, token);
      next(p);
      const before = p.at;
      type = token.text === 'enum' ? readEnum(p, token) : readStruct(p, token, attributes);
      defines = p.tokens.slice(before, p.at).some((t) => t.kind === 'op' && t.text === '{');
    } else if (BASE_WORDS.has(token.text)) {
      if (type !== null) break;
      next(p);
      words.push(token.text === '__signed__' ? 'signed' : token.text);
    } else if (type === null && words.length === 0 && p.scope.typedefs.has(token.text)) {
      next(p);
      type = p.scope.typedefs.get(token.text)!;
    } else break;
  }
  if (words.length > 0) type = baseType(p, words, since(p, first));
  if (type === null) {
    const token = peek(p);
    const unknown = token.kind === 'name' ? `${token.text} is no known type.` : `${found(p)} where a type should be.`;
    fail(p, 'c-unknown-type', unknown, token);
  }
  for (const word of qualifiers.reverse()) type = { kind: 'qualified', word, of: type };
  return { type, storage, attributes, defines, span: since(p, first) };
}

function baseType(p: CParser, words: readonly string[], span: CSpan): CType {
  if (words.length === 1 && words[0] === '__u128') return BASE_TYPES.get('__int128 unsigned')!;
  const rest = words.filter((w) => w !== 'signed' && w !== 'unsigned' && w !== 'int');
  const sign = words.includes('unsigned') ? ['unsigned'] : words.includes('signed') && rest[0] === 'char' ? ['signed'] : [];
  const key = [...rest, ...sign].sort().join(' ') || 'int';
  const type = BASE_TYPES.get(key);
  if (type === undefined) fail(p, 'c-type', `«${words.join(' ')}» is no type.`, span);
  return type;
}

function readStruct(p: CParser, keyword: CToken, outer: Attributes): CStruct {
  const union = keyword.text === 'union';
  const attributes = noAttributes();
  readAttributes(p, attributes);
  const name = peek(p).kind === 'name' ? next(p) : null;
  const span = since(p, keyword);
  if (!is(p, '{')) {
    if (name === null) fail(p, 'c-syntax', `${found(p)} where the ${keyword.text}'s name or body should be.`);
    return structByName(p.scope, name.text, union, span, p);
  }
  let struct = name === null ? undefined : p.scope.structs.get(name.text);
  if (struct === undefined) {
    struct = freshStruct(name?.text ?? '', union, span);
    if (name !== null) p.scope.structs.set(name.text, struct);
  } else {
    checkTag(p, struct, union, span);
    if (struct.members !== null) fail(p, 'c-redefined', `${keyword.text} ${struct.name} is already defined in line ${struct.span.line}.`, span);
  }
  const raw = nested(p, () => readMembers(p));
  readAttributes(p, attributes);
  const { members, size, align } = layOut(raw, union, attributes.packed, attributes.align);
  if (size > U32_MAX || members.some((m) => m.bitOffset > U32_MAX)) {
    fail(p, 'c-size', `${cTypeName(struct)} is larger than BTF can say.`, span);
  }
  struct.members = members;
  struct.size = size;
  struct.align = align;
  struct.declTags = attributes.declTags;
  // What follows the body may belong to the variable.
  outer.section ??= attributes.section;
  return struct;
}

function freshStruct(name: string, union: boolean, span: CSpan): CStruct {
  return { kind: 'struct', union, name, members: null, size: 0, align: 1, declTags: [], declaredForward: false, span };
}

function checkTag(p: CParser, struct: CStruct, union: boolean, span: CSpan): void {
  if (struct.union !== union) fail(p, 'c-tag', `${struct.name} is a ${struct.union ? 'union' : 'struct'} in line ${struct.span.line}.`, span);
}

/** A struct or union by tag: the text's, a predefined one, or a name of which nothing more is known. */
function structByName(scope: CScope, name: string, union: boolean, span: CSpan, p: CParser): CStruct {
  let struct = scope.structs.get(name);
  if (struct === undefined) {
    const source = union ? undefined : PREDEFINED_STRUCTS.get(name);
    // A text that defines it further down keeps its own definition.
    if (source !== undefined && !definedLater(p, name)) {
      const inner = cParser(lexC([{ line: span.line, text: source }], new Map(), []), scope, []);
      next(inner);
      readStruct(inner, inner.tokens[0], noAttributes());
      return scope.structs.get(name)!;
    }
    struct = freshStruct(name, union, span);
    scope.structs.set(name, struct);
  }
  checkTag(p, struct, union, span);
  return struct;
}

function definedLater(p: CParser, name: string): boolean {
  for (let i = p.at; i + 2 < p.tokens.length; i++) {
    if (p.tokens[i].text === 'struct' && p.tokens[i + 1].text === name && p.tokens[i + 2].text === '{') return true;
  }
  return false;
}

function readMembers(p: CParser): RawMember[] {
  const members: RawMember[] = [];
  const names = new Map<string, CSpan>();
  const add = (m: RawMember, at: CSpan): void => {
    if (m.name !== '' && names.has(m.name)) fail(p, 'c-duplicate-member', `A second member ${m.name}.`, at);
    names.set(m.name, at);
    members.push(m);
  };
  expect(p, '{');
  while (!accept(p, '}')) {
    if (accept(p, ';')) continue;
    const token = peek(p);
    if (token.kind === 'end') fail(p, 'c-syntax', 'The body of this struct has no «}».');
    if (token.kind === 'name' && MAP_MACROS.has(token.text) && is(p, '(', 1)) {
      add(readMapMember(p), token);
      expect(p, ';');
      continue;
    }
    const specifiers = readSpecifiers(p);
    const inner = bare(specifiers.type);
    if (is(p, ';') && (inner.kind === 'struct' || inner.kind === 'enum')) {
      if (inner.kind === 'struct' && inner.name === '') {
        add({ name: '', type: specifiers.type, bits: null, declTags: [], align: specifiers.attributes.align }, specifiers.span);
      }
      next(p);
      continue;
    }
    do add(readMember(p, specifiers), specifiers.span);
    while (accept(p, ','));
    expect(p, ';');
  }
  return members;
}

function readMember(p: CParser, specifiers: Specifiers): RawMember {
  const at = peek(p);
  if (is(p, ':')) {
    next(p);
    return { name: '', type: specifiers.type, bits: bitWidth(p, specifiers.type, at), declTags: [], align: 0 };
  }
  const d = readDeclarator(p, specifiers, false);
  let bits: number | null = null;
  if (accept(p, ':')) {
    bits = bitWidth(p, d.type, at);
    if (bits === 0) fail(p, 'c-bit-field', 'A named bit-field needs a width.', at);
  }
  readAttributes(p, d.attributes);
  const t = bare(d.type);
  if (t.kind === 'func') fail(p, 'c-member', `${d.name} is a function; a member can be a pointer to one.`, d.span);
  if (t.kind !== 'array' && sizeOf(t) === null) fail(p, 'c-incomplete', `${d.name} has type ${cTypeName(d.type)}, which is not defined.`, d.span);
  return { name: d.name, type: d.type, bits, declTags: d.attributes.declTags, align: d.attributes.align };
}

function bitWidth(p: CParser, type: CType, at: CSpan): number {
  const t = bare(type);
  const width = constantExpression(p);
  if (t.kind !== 'int' && t.kind !== 'enum') fail(p, 'c-bit-field', `A bit-field cannot have type ${cTypeName(type)}.`, at);
  if (width < 0n || width > BigInt(t.size * 8)) fail(p, 'c-bit-field', `${width} bits do not fit ${cTypeName(type)}.`, at);
  return Number(width);
}

/** A name with its type. */
export interface Declarator {
  readonly name: string;
  readonly type: CType;
  readonly attributes: Attributes;
  readonly span: CSpan;
}

/** Reads a declarator (`*p[3]`, `(*fn)(int)`); an abstract one has no name. Attributes of the specifiers carry over. */
export function readDeclarator(p: CParser, specifiers: Specifiers, abstract: boolean): Declarator {
  const attributes: Attributes = {
    ...specifiers.attributes,
    typeTags: [...specifiers.attributes.typeTags],
    declTags: [...specifiers.attributes.declTags],
  };
  const start = peek(p);
  const { name, type, span } = declarator(p, specifiers.type, attributes, abstract);
  checkDepth(p, type);
  readAttributes(p, attributes);
  if (attributes.typeTags.length > 0) {
    report(p, 'warning', 'c-tag-place', `Type tag ${attributes.typeTags.join(', ')} belongs before the «*» of a pointer; it is ignored here.`, span ?? start);
  }
  return { name, type, attributes, span: span ?? since(p, start) };
}

function checkDepth(p: CParser, type: CType): void {
  if (depthOf(type) > TYPE_DEPTH_MAX) fail(p, 'c-nesting', `This type is built from more than ${TYPE_DEPTH_MAX} others.`);
}

function declarator(
  p: CParser,
  base: CType,
  attributes: Attributes,
  abstract: boolean,
): { name: string; type: CType; span: CSpan | null } {
  return nested(p, () => {
    let type = base;
    for (;;) {
      readAttributes(p, attributes);
      if (!accept(p, '*')) break;
      for (const tag of attributes.typeTags.splice(0).reverse()) type = { kind: 'tagged', tag, of: type };
      type = { kind: 'ptr', to: type };
      checkDepth(p, type);
      for (;;) {
        const qualifier = QUALIFIERS.get(peek(p).text);
        if (qualifier !== undefined && peek(p).kind === 'name') {
          next(p);
          type = { kind: 'qualified', word: qualifier, of: type };
        } else if (!readAttribute(p, attributes)) break;
      }
    }
    if (is(p, '(') && !(abstract && (is(p, ')', 1) || p.startsType(peek(p, 1))))) {
      const inside = p.at + 1;
      const close = matching(p, p.at);
      p.at = close;
      type = suffixes(p, type);
      const after = p.at;
      p.at = inside;
      const inner = declarator(p, type, attributes, abstract);
      expect(p, ')');
      p.at = after;
      return inner;
    }
    let name = '';
    let span: CSpan | null = null;
    if (peek(p).kind === 'name') {
      const token = next(p);
      name = token.text;
      span = { line: token.line, col: token.col, endLine: token.endLine, endCol: token.endCol };
    } else if (!abstract) fail(p, 'c-syntax', `${found(p)} where a name should be.`);
    return { name, type: suffixes(p, type), span };
  });
}

/** Array bounds and parameter lists after a name, outermost last in the type. */
function suffixes(p: CParser, type: CType): CType {
  if (accept(p, '[')) {
    const at = peek(p);
    const count = is(p, ']') ? null : constantExpression(p);
    expect(p, ']');
    const elem = nested(p, () => suffixes(p, type));
    const size = sizeOf(elem);
    if (bare(elem).kind === 'func' || size === null) fail(p, 'c-array', `An array cannot hold ${cTypeName(elem)}.`, at);
    if (count !== null && (count < 0n || count * BigInt(size) > BigInt(U32_MAX) || count > BigInt(U32_MAX))) {
      fail(p, 'c-size', `An array of ${count} elements is not possible.`, at);
    }
    return { kind: 'array', elem, count: count === null ? null : Number(count) };
  }
  if (is(p, '(')) {
    const params = readParams(p);
    const result = suffixes(p, type);
    const bareResult = bare(result);
    if (bareResult.kind === 'array' || bareResult.kind === 'func') fail(p, 'c-function', `A function cannot return ${cTypeName(result)}.`);
    return { kind: 'func', result, ...params };
  }
  return type;
}

function readParams(p: CParser): Pick<CFunc, 'params' | 'variadic'> {
  expect(p, '(');
  const params: CParam[] = [];
  let variadic = false;
  if (is(p, 'void') && is(p, ')', 1)) next(p);
  while (!is(p, ')')) {
    if (accept(p, '...')) {
      variadic = true;
      break;
    }
    const d = readDeclarator(p, readSpecifiers(p), true);
    let type = d.type;
    const t = bare(type);
    if (t.kind === 'array') type = { kind: 'ptr', to: t.elem };
    else if (t.kind === 'func') type = { kind: 'ptr', to: type };
    else if (t.kind === 'void') fail(p, 'c-param', 'A parameter cannot be void.', d.span);
    params.push({ name: d.name, type, declTags: d.attributes.declTags });
    if (!accept(p, ',')) break;
  }
  expect(p, ')');
  return { params, variadic };
}

/** Reads a type without a name. */
export function readTypeName(p: CParser): CType {
  const specifiers = readSpecifiers(p);
  const d = readDeclarator(p, specifiers, true);
  if (d.name !== '') fail(p, 'c-syntax', `«${d.name}» after a type name.`, d.span);
  return d.type;
}

/** A function type for a prototype that says nothing: `int (void)`. */
export const INT_VOID: CFunc = { kind: 'func', result: BASE_TYPES.get('int')!, params: [], variadic: false };
