import { assembleLines, type AsmRef } from '../assemble.ts';
import { sourceLines, type AsmError, type SourceLine } from '../diagnostic.ts';
import {
  lineSpan,
  type Converted,
  type ConvertContext,
  type ConvertedRef,
  type DialectName,
} from './dialect.ts';

/** A line in our syntax, or what is wrong with it; null drops it. */
export type Translated = string | null | { readonly error: string } | { readonly note: string };

/**
 * Converts a dialect line by line into our own syntax and assembles that. Errors get the span of the whole
 * line, since columns no longer match.
 */
export function convertByLine(
  dialect: DialectName,
  text: string,
  translate: (line: string) => Translated,
  context: ConvertContext,
): Converted {
  const errors: AsmError[] = [];
  const notes: AsmError[] = [];
  const original = sourceLines(text);
  const lines: SourceLine[] = [];
  for (const { line, text: source } of original) {
    const out = translate(source);
    if (typeof out === 'string') lines.push({ line, text: out });
    else if (out !== null && 'error' in out)
      errors.push({ ...lineSpan(line, source), id: 'dialect', message: out.error });
    else if (out !== null) notes.push({ ...lineSpan(line, source), id: 'dialect', message: out.note });
  }
  const result = assembleLines(lines, {
    resolve: (name, use) => {
      if (use !== 'call') return { kind: 'map' };
      const id = context.helperId?.(name) ?? null;
      return id === null ? { kind: 'kfunc' } : { kind: 'helper', id };
    },
  });
  const place = (e: AsmError): AsmError => {
    const { fix: _fix, ...rest } = e;
    return { ...rest, ...lineSpan(e.line, original[e.line - 1].text) };
  };
  const all = [...errors, ...result.errors.map(place)].sort((a, b) => a.line - b.line);
  return {
    dialect,
    insns: result.insns,
    labels: functions(result.labels, result.refs),
    refs: new Map([...result.refs].map(([i, r]) => [i, reference(r)])),
    notes: [...notes, ...result.notes.map(place)],
    errors: all,
  };
}

/** Only labels that begin a function: the program's start and what is called. */
function functions(
  labels: ReadonlyMap<string, number>,
  refs: ReadonlyMap<number, AsmRef>,
): Map<string, number> {
  const called = new Set([...refs.values()].flatMap((r) => (r.kind === 'subprog' ? [r.slot] : [])));
  return new Map([...labels].filter(([, slot]) => slot === 0 || called.has(slot)));
}

function reference(r: AsmRef): ConvertedRef {
  switch (r.kind) {
    case 'kfunc':
      return { kind: 'kfunc', name: r.name, id: null };
    case 'map':
      return { kind: 'map', name: r.name, keySize: null, valueSize: null };
    case 'ksym':
      return { kind: 'ksym', name: r.name };
    case 'helper':
    case 'subprog':
      return r;
  }
}
