import { closest } from '../../asm/diagnostic.ts';
import type { Span, TextEdit } from '../../protocol.ts';
import { ownPrototype } from '../places/prototypes.ts';
import { kernelArgument } from '../places/kernel-functions.ts';
import type { PlaceCase } from '../places/place-case.ts';
import type { Candidate } from './fix.ts';

const TAGS = /\s*\b__arg_\w+|\s*__attribute__\(\(btf_decl_tag\("arg:\w+"\)\)\)/g;

function textAt(c: PlaceCase, { line, col, endCol }: Span): string {
  return c.source.split('\n')[line - 1].slice(col - 1, endCol - 1);
}

/** Declares the refused argument of a global function as something that can be verified. */
export function* otherArgument(c: PlaceCase): Iterable<Candidate> {
  const links = ownPrototype(c)?.links ?? [];
  const span = links.findLast(({ why }) => why.startsWith('Argument '))?.span ?? null;
  if (span === null) return;
  const text = textAt(c, span);
  const bare = text.replace(TAGS, '').trim();
  const declare = (title: string, other: string): Candidate => ({
    title: `${title}: ${other}`,
    kind: title,
    edits: [{ span, text: other }],
  });
  const { ctxType } = c.model.progType(c.program.progType) ?? { ctxType: '' };
  const name = /(\w+)\s*$/.exec(bare)?.[1] ?? 'arg';
  if (/ctx/i.test(text) && ctxType !== '')
    yield declare('Declare the context of this program type', `${ctxType.replace(/\s*\*$/, '')} *${name}`);
  const tags = text.match(TAGS) ?? [];
  if (tags.length > 1) for (const tag of tags) yield declare('Keep one tag', `${bare} ${tag.trim()}`);
  const struct = /struct (\w+)/.exec(bare)?.[1];
  if (struct !== undefined && c.model.hasBtf) {
    const prefix = struct.slice(0, Math.max(3, Math.floor(struct.length / 2)));
    const btf = c.model.btf();
    const near = closest(
      struct,
      btf
        .startingWith(prefix, 4)
        .map((id) => btf.type(id).name)
        .filter((other) => other !== struct),
    );
    if (near !== null) yield declare('Name a struct that the kernel has', text.replace(struct, near));
  }
  if (bare !== text) yield declare('Leave the tag out', bare);
  if (struct !== undefined && !bare.includes('*'))
    yield declare('Pass a pointer', bare.replace(/(struct \w+)\s+/, '$1 *'));
  yield declare('Pass a number', `u64 ${name}`);
}

/** Lets a global function return a number. */
export function* returnNumber(c: PlaceCase): Iterable<Candidate> {
  const span = ownPrototype(c)?.links[0]?.span ?? null;
  if (span === null) return;
  const text = textAt(c, span);
  const changed = text.replace(/^((?:static|global)\s+)*[\w\s*]*?\b(\w+)\s*\(/, '$1int $2(');
  if (changed !== text) yield { title: 'Let the function return int', edits: [{ span, text: changed }] };
}

/** Declares an argument of an invented kfunc as something that programs can pass. */
export function* otherKfuncArgument(c: PlaceCase): Iterable<Candidate> {
  const found = kernelArgument(c);
  if (found === null) return;
  const text = textAt(c, found.span);
  const name = /(\w+)\s*$/.exec(text)?.[1] ?? 'arg';
  const declare = (title: string, other: string): { title: string; kind: string; edits: TextEdit[] } => ({
    title: `${title}: ${other}`,
    kind: title,
    edits: [{ span: found.span, text: other }],
  });
  const plain = name.replace(/__(arena|nullable)$/, '');
  for (const other of [`u64 ${plain}`]) yield declare('Take a number', other);
  if (text.includes('*')) yield declare('Take a pointer to numbers', `long *${plain}`);
  if (/void\s*\*/.test(text)) yield declare('Take the length, too', `${text}, u32 ${plain}__sz`);
}
