import type { SourceSpan } from '../../program/text/problem.ts';
import type { Span } from '../../protocol.ts';
import type { KernelSource } from '../kernel-source.ts';
import { spanOf } from '../views/insns.ts';
import { sketch } from './outline.ts';
import { placeAt } from './place.ts';

/** Where the name under the cursor is defined in the text; null if it is not. */
export function definition(source: string, line: number, col: number, kernel: KernelSource): Span | null {
  const { word } = placeAt(source, line, col);
  if (word === '') return null;
  const { outline } = sketch(source, kernel).text;
  const name = word.replace(/^(sizeof|typeid)\./, '');
  const named: readonly { readonly name: string; readonly span: SourceSpan | null }[] = [
    ...outline.labels,
    ...outline.functions,
    ...outline.maps,
    ...outline.variables,
    ...outline.jumpTables,
    ...outline.kfuncs,
    ...outline.structs,
  ];
  const hit = named.find((row) => row.name === word) ?? named.find((row) => row.name === name) ?? named.find((row) => row.name === name.split('.')[0]);
  const span = hit?.span ?? null;
  return span === null ? null : spanOf(span);
}
