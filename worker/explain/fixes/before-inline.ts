import { callTarget, jumpTarget, readsWrites, starts } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import type { TextEdit } from '../../protocol.ts';
import { editorOf } from '../edits.ts';
import { functionUses, type FunctionPlace } from '../places/functions.ts';
import type { PlaceCase } from '../places/place-case.ts';
import type { Candidate } from './fix.ts';

const INDENT = '        ';
/** Functions of at most so many instructions are written in place of their calls. */
const INLINE = 24;
const CALLEE_SAVED = 0x3c0;

/** A function without flow of its own, its exit left out; null if it has any, or uses its frame or saved registers. */
function straight(c: PlaceCase, f: FunctionPlace): number[] | null {
  const { insns } = c.program;
  const body = [...starts(insns)].filter((insn) => insn >= f.start && insn < f.end);
  const last = body.pop();
  if (last === undefined || insns.code[last] !== op.OP_EXIT || body.length > INLINE) return null;
  const plain = body.every((insn) => {
    const { use, def } = readsWrites(insns, insn);
    const uses = insns.code[insn] === op.OP_CALL ? 0 : use;
    return (
      jumpTarget(insns, insn) === null &&
      insns.code[insn] !== op.OP_EXIT &&
      callTarget(insns, insn) === null &&
      ((uses >> 10) & 1) === 0 &&
      (def & CALLEE_SAVED) === 0
    );
  });
  return plain ? body : null;
}

/** Lines of the text that hold a function and nothing else. */
function linesOf(c: PlaceCase, f: FunctionPlace): number[] {
  const lines = new Set<number>();
  for (let insn = f.start; insn < f.end && insn < c.text.sourceMap.length; insn++)
    lines.add(c.text.sourceMap[insn].line);
  const all = c.source.split('\n');
  const first = Math.min(...lines);
  for (let line = first - 1; line >= 1 && /^\s*(\.func\b.*|[\w.$]+:\s*|)$/.test(all[line - 1]); line--)
    lines.add(line);
  return [...lines].sort((a, b) => a - b);
}

/** The text of a function that is called once, to stand where it is called: its exits lead behind the call. Null if it needs a frame or saved registers of its own. */
function bodyOf(c: PlaceCase, f: FunctionPlace, end: string): string | null {
  const { insns } = c.program;
  const lines = c.source.split('\n');
  const own = [...starts(insns)].filter((insn) => insn >= f.start && insn < f.end);
  for (const insn of own) {
    if (insns.code[insn] === op.OP_CALL) continue;
    const { use, def } = readsWrites(insns, insn);
    if (((use >> 10) & 1) !== 0 || (def & CALLEE_SAVED) !== 0) return null;
  }
  if (own.length > INLINE) return null;
  const first = c.text.sourceMap[f.start].line;
  const last = c.text.sourceMap[f.end - 1].line;
  const names = new Set([f.name]);
  const text = lines.slice(first - 1, last).map((line, i) => {
    const exits = own.filter(
      (insn) => c.text.sourceMap[insn].line === first + i && insns.code[insn] === op.OP_EXIT,
    );
    return exits.length === 0 ? line : line.replace(/\bexit\b/, `goto ${end}`);
  });
  text[0] = text[0].replace(/^\s*([\w.$]+):/, (label, name: string) => (names.has(name) ? '' : label));
  return text.join('\n').trim();
}

/** Writes the instructions of functions in place of their calls, so that no call is left. */
export function* inline(c: PlaceCase): Iterable<Candidate> {
  const uses = functionUses(c.program);
  if (uses.length === 0 || uses.some(({ isCall }) => !isCall)) return;
  const editor = editorOf(c);
  const edits: TextEdit[] = [];
  for (const f of c.functions.slice(1)) {
    const calls = uses.filter(({ target }) => target === f.start);
    const body = straight(c, f);
    if (body !== null)
      for (const { insn } of calls)
        edits.push(
          body.length === 0
            ? editor.remove(insn)
            : editor.replace(insn, body.map((i) => editor.textOf(i)).join(`\n${INDENT}`)),
        );
    else {
      const end = `${f.name}_end`;
      const text =
        calls.length === 1 && c.text.sourceMap.length > calls[0].insn + 1 ? bodyOf(c, f, end) : null;
      if (text === null) return;
      const { line, col } = c.text.sourceMap[calls[0].insn + 1];
      edits.push(editor.replace(calls[0].insn, text), {
        span: { line, col, endLine: line, endCol: col },
        text: `\n${end}:\n${INDENT}`,
      });
    }
    for (const line of linesOf(c, f))
      edits.push({ span: { line, col: 1, endLine: line + 1, endCol: 1 }, text: '' });
  }
  const names = c.functions.slice(1).map(({ name }) => name);
  yield {
    title: `Write ${names.join(' and ')} in place of ${uses.length === 1 ? 'the call' : 'the calls'}`,
    edits,
    note: 'Without privileges a program is one function.',
  };
}
