import { constLo, isConst } from '../../domain/inspect.ts';
import { PTR_MAYBE_NULL, SCALAR_VALUE } from '../../kernel/types.ts';
import { callee, culprit, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { dataSlice } from '../slice/data.ts';
import { reg } from '../slice/place.ts';
import { preparation } from './code.ts';
import type { Candidate } from './fix.ts';
import { freshLabel } from './unlock.ts';

/** Ways out of the function: labels further down, the last first, then an exit of its own. */
export function* waysOut(c: WalkedCase): Iterable<{ readonly label: string; readonly needsExit: boolean }> {
  const { labels, functions } = c.text.outline;
  const own = functions.find((f) => c.insn >= f.start && c.insn < f.end);
  const below = labels.filter((label) => label.slot > c.insn && label.slot < (own?.end ?? 0)).reverse();
  for (const { name } of below.slice(0, 3)) yield { label: name, needsExit: false };
  yield { label: freshLabel(c, 'out'), needsExit: true };
}

export const EXIT = (label: string): string[] => [`${label}:`.padEnd(8) + 'r0 = 0', '        exit'];

/** A comparison with a way out before an instruction. */
export function* guards(c: WalkedCase, at: number, condition: string, title: string): Iterable<Candidate> {
  const editor = editorOf(c);
  for (const { label, needsExit } of waysOut(c)) {
    const edits = [editor.before(at, [`if ${condition} goto ${label}`])];
    if (needsExit) edits.push(editor.append(EXIT(label)));
    yield { title, edits };
  }
}

/** Checks the pointer for NULL before it is used. */
export function* checkNull(c: WalkedCase): Iterable<Candidate> {
  const regno = culprit(c);
  if (regno < 0) return;
  const value = c.trace.mirrorAt(c.step).frames.at(-1)!.regs[regno];
  const isNull = value.type === SCALAR_VALUE && isConst(value.scalar) && constLo(value.scalar) === 0;
  // of a number the check would say nothing, or cut the rest off
  if ((value.type & PTR_MAYBE_NULL) === 0 && !(isNull && mayBePointer(c, regno))) return;
  yield* guards(c, c.insn, `r${regno} == 0`, `Check r${regno} for NULL first`);
}

/** Is what is NULL on this path a pointer on another: the end of an iteration, or the result of a call that found nothing? */
function mayBePointer(c: WalkedCase, regno: number): boolean {
  const isCall = (step: number): boolean => callee(c, c.trace.insnAt(step)) !== '';
  return (
    c.trace.visits[c.insn] > 1 ||
    dataSlice(c, [reg(c.trace.mirrorAt(c.step).frames.length - 1, regno)], c.step).some(({ step }) =>
      isCall(step),
    )
  );
}

/** Gives the register a value. */
export function* initialise(c: WalkedCase): Iterable<Candidate> {
  const regno = culprit(c);
  if (regno >= 0 && regno < 10)
    yield { title: `Set r${regno} first`, edits: [editorOf(c).before(c.insn, [`r${regno} = 0`])] };
}

/** Writes the stack before it is read. */
export function* writeStack(c: WalkedCase): Iterable<Candidate> {
  const off = /off[ =](-\d+)(?:\+(\d+))?(?: size[ =](\d+))?/.exec(c.result.message);
  if (off === null) return;
  const lines = [];
  const from = Math.floor(Number(off[1]) / 8) * 8;
  for (let at = from; at < Number(off[1]) + Number(off[3] ?? 8); at += 8)
    lines.push(`*(u64 *)(r10 - ${-at}) = 0`);
  const first = callee(c, c.insn) === '' ? c.insn : (preparation(c, c.insn)[0] ?? c.insn);
  yield { title: 'Write the stack first', edits: [editorOf(c).before(first, lines)] };
}
