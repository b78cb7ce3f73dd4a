import type { AsmResult } from '../../asm/assemble.ts';
import { closest } from '../../asm/diagnostic.ts';
import { problemAt, type Problem, type SourceSpan } from './problem.ts';

/** An instruction as a directive names it: a label with a distance (`loop`, `loop+1`), or its number (no label). */
export interface Place {
  readonly label: string | null;
  readonly addend: number;
  readonly span: SourceSpan;
}

const NUMBER = /^(?:0[xX][0-9a-fA-F]+|\d+)$/;
const PLACE = /^([A-Za-z_.$][\w.$]*?)([+-](?:0[xX][0-9a-fA-F]+|\d+))?$/;
const U32_MAX = 0xffffffff;

/** Null if it is none. */
export function readPlace(text: string, span: SourceSpan): Place | null {
  if (NUMBER.test(text)) return Number(text) > U32_MAX ? null : { label: null, addend: Number(text), span };
  const match = PLACE.exec(text);
  if (match === null) return null;
  const [, label, addend] = match;
  const sign = addend?.startsWith('-') ? -1 : 1;
  return { label, addend: addend === undefined ? 0 : sign * Number(addend.slice(1)), span };
}

/** Its slot, which may be beyond the end; 0 with a problem of this id if there is none such. */
export function slotOf(
  { label, addend, span }: Place,
  asm: AsmResult,
  id: string,
  problems: Problem[],
): number {
  if (label === null) return addend;
  const slot = asm.labels.get(label);
  if (slot === undefined) {
    const near = closest(label, asm.labels.keys());
    const { line, col } = span;
    const fix =
      near === null
        ? undefined
        : { title: `Write ${near}`, edits: [{ line, col, endCol: col + label.length, text: near }] };
    problems.push(problemAt(span, 'error', id, `There is no label «${label}».`, fix));
    return 0;
  }
  if (slot + addend < 0)
    problems.push(
      problemAt(
        span,
        'error',
        id,
        `${label} is instruction ${slot}: ${-addend} before it is before the program.`,
      ),
    );
  return Math.max(0, slot + addend);
}
