import type { AsmResult } from '../../asm/assemble.ts';
import { closest } from '../../asm/diagnostic.ts';
import { readPlace, slotOf, type Place } from './place.ts';
import { problemAt, type Problem, type SourceSpan } from './problem.ts';
import { directiveWords, type TextDirective } from './split.ts';

/** A row as a directive asks for it: an instruction, and what stands there if it is not what the text has there. */
interface InfoRow {
  readonly place: Place;
  readonly what: { readonly text: string; readonly span: SourceSpan } | null;
}

/** Tables of functions and lines that directives write in place of those of the text; null where none does. */
export interface InfoRows {
  readonly funcs: readonly InfoRow[] | null;
  readonly lines: readonly InfoRow[] | null;
}

const NUMBER = /^\d+$/;
const PROBLEM = 'text-info-rows';
const EXAMPLE = {
  func_info: '.func_info takes rows: the label of a function, or an instruction and a function: 3:helper.',
  line_info: '.line_info takes rows: labels or numbers of instructions.',
};

/** Reads `.func_info ROW, …` and `.line_info ROW, …`; what their labels and names are is known after assembly. */
export function readInfoRows(directives: readonly TextDirective[], problems: Problem[]): InfoRows {
  const rows = { func_info: null as InfoRow[] | null, line_info: null as InfoRow[] | null };
  for (const d of directives) {
    if (d.name !== 'func_info' && d.name !== 'line_info') continue;
    const table = (rows[d.name] ??= []);
    const words = directiveWords(d);
    if (words.length === 0) problems.push(problemAt(d.span, 'error', PROBLEM, EXAMPLE[d.name]));
    for (const { text, span } of words) {
      const row = readRow(text, span);
      if (row === null) problems.push(problemAt(span, 'error', PROBLEM, EXAMPLE[d.name]));
      else table.push(row);
    }
  }
  return { funcs: rows.func_info, lines: rows.line_info };
}

function readRow(text: string, span: SourceSpan): InfoRow | null {
  const colon = text.indexOf(':');
  const place = readPlace(colon < 0 ? text : text.slice(0, colon), span);
  if (place === null || (colon >= 0 && !/^[\w.]+$/.test(text.slice(colon + 1)))) return null;
  const what =
    colon < 0 ? null : { text: text.slice(colon + 1), span: { ...span, col: span.col + colon + 1 } };
  return { place, what };
}

/** The rows of functions: instruction and BTF id. `typeOf` gives the id of a function of the text by name, null if it has none. */
export function funcRows(
  rows: readonly InfoRow[],
  asm: AsmResult,
  names: readonly string[],
  typeOf: (name: string) => number | null,
  problems: Problem[],
): (readonly [number, number])[] {
  return rows.map(({ place, what }) => {
    const slot = slotOf(place, asm, PROBLEM, problems);
    if (what !== null && NUMBER.test(what.text)) return [slot, Number(what.text)];
    const name = what?.text ?? place.label ?? '';
    const id = typeOf(name);
    if (id !== null) return [slot, id];
    const { span } = what ?? place;
    const near = closest(name, names);
    const fix =
      near === null || what === null
        ? undefined
        : { title: `Write ${near}`, edits: [{ ...span, text: near }] };
    const message =
      name === ''
        ? `Which function is at ${place.addend}? Write ${place.addend}:name.`
        : `The text has no function ${name}.`;
    problems.push(problemAt(span, 'error', PROBLEM, message, fix));
    return [slot, 0];
  });
}

/** The rows of lines. `rowOf` gives that of an instruction; a number behind the colon is the place of its text among the strings. */
export function lineRows(
  rows: readonly InfoRow[],
  asm: AsmResult,
  rowOf: (slot: number) => readonly [number, number, number, number],
  problems: Problem[],
): (readonly [number, number, number, number])[] {
  return rows.map(({ place, what }) => {
    const [slot, file, text, at] = rowOf(slotOf(place, asm, PROBLEM, problems));
    if (what === null) return [slot, file, text, at];
    if (!NUMBER.test(what.text))
      problems.push(
        problemAt(
          what.span,
          'error',
          PROBLEM,
          'What follows the colon is the place of a text among the strings, a number.',
        ),
      );
    return [slot, file, Number(what.text), at];
  });
}
