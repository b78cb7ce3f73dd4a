import { ATTRIBUTE_WORDS, HARMLESS_ATTRIBUTES, PLAIN_ATTRIBUTES } from './attributes.ts';
import type { Attributes } from './attributes.ts';
import { accept, expect, expectName, fail, found, is, matching, next, peek, report } from './context.ts';
import type { CParser } from './context.ts';
import { constantExpression } from './expression.ts';

/** Reads one attribute or attribute macro if there is one. */
export function readAttribute(p: CParser, a: Attributes): boolean {
  const token = peek(p);
  if (token.kind !== 'name') return false;
  const word = ATTRIBUTE_WORDS.get(token.text);
  if (word !== undefined) {
    next(p);
    word(a);
    return true;
  }
  switch (token.text) {
    case '__attribute__':
    case '__attribute':
      next(p);
      attributeList(p, a);
      return true;
    case 'SEC':
      next(p);
      expect(p, '(');
      a.section = stringArgument(p);
      expect(p, ')');
      return true;
    case 'private': {
      next(p);
      expect(p, '(');
      a.section = `.data.${expectName(p, 'a name for the section').text}`;
      a.hidden = true;
      a.align = Math.max(a.align, 8);
      expect(p, ')');
      return true;
    }
    case '__contains': {
      next(p);
      expect(p, '(');
      accept(p, 'struct');
      const struct = expectName(p, 'the name of the contained struct').text;
      expect(p, ',');
      const member = expectName(p, 'the name of its node member').text;
      expect(p, ')');
      a.declTags.push(`contains:${struct}:${member}`);
      return true;
    }
    case '__aligned':
      next(p);
      expect(p, '(');
      a.align = alignment(p);
      expect(p, ')');
      return true;
    case '__kf_flags':
      next(p);
      expect(p, '(');
      a.kfuncFlags = is(p, ')') ? 0 : kfuncFlags(p);
      expect(p, ')');
      return true;
    default:
      return false;
  }
}

/** Reads attributes as long as there are some. */
export function readAttributes(p: CParser, a: Attributes): void {
  while (readAttribute(p, a));
}

function alignment(p: CParser): number {
  const at = peek(p);
  const value = Number(constantExpression(p));
  if (!(value >= 1 && value <= 4096 && (value & (value - 1)) === 0)) fail(p, 'c-align', `${value} is no alignment: a power of two up to 4096 is.`, at);
  return value;
}

function stringArgument(p: CParser): string {
  if (peek(p).kind !== 'string') fail(p, 'c-syntax', `${found(p)} where a string should be.`);
  let text = '';
  while (peek(p).kind === 'string') text += next(p).content;
  return text;
}

function kfuncFlags(p: CParser): number {
  let flags = 0;
  do {
    const token = next(p);
    if (token.kind === 'number') flags |= Number(token.value);
    else {
      const bit = token.kind === 'name' ? p.scope.kfuncFlag(token.text) : 0;
      if (bit === 0) report(p, 'error', 'c-kfunc-flag', `${token.text} is no kfunc flag.`, token);
      flags |= bit;
    }
  } while (accept(p, '|'));
  return flags;
}

function attributeList(p: CParser, a: Attributes): void {
  expect(p, '(');
  expect(p, '(');
  while (!is(p, ')')) {
    const name = expectName(p, 'an attribute');
    const text = name.text.replace(/^__(.*)__$/, '$1');
    if (text === 'btf_type_tag' || text === 'btf_decl_tag' || text === 'section') {
      expect(p, '(');
      const value = stringArgument(p);
      expect(p, ')');
      if (text === 'section') a.section = value;
      else (text === 'btf_type_tag' ? a.typeTags : a.declTags).push(value);
    } else if (text === 'aligned') {
      if (accept(p, '(')) {
        a.align = alignment(p);
        expect(p, ')');
      } else a.align = 16;
    } else if (text === 'visibility') {
      expect(p, '(');
      a.hidden = stringArgument(p) !== 'default';
      expect(p, ')');
    } else {
      const effect = PLAIN_ATTRIBUTES.get(text);
      if (effect !== undefined) effect(a);
      else if (!HARMLESS_ATTRIBUTES.has(text)) report(p, 'info', 'c-attribute', `Attribute ${name.text} is ignored.`, name);
      if (is(p, '(')) p.at = matching(p, p.at);
    }
    if (!accept(p, ',')) break;
  }
  expect(p, ')');
  expect(p, ')');
}
