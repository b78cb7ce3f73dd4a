import { jumpTarget } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import { editorOf } from '../edits.ts';
import { functionAt } from '../places/functions.ts';
import { isJumpedTo } from '../places/flow.ts';
import { findText, type PlaceCase } from '../places/place-case.ts';
import type { Candidate } from './fix.ts';

const INDENT = '        ';

/** Lets the main function name one exception callback, one that there is. */
export function* oneExceptionCallback(c: PlaceCase): Iterable<Candidate> {
  const tag =
    /\s*__attribute__\(\(btf_decl_tag\("exception_callback:(\w+)"\)\)\)|\s*__exception_cb\((\w+)\)/g;
  const tags = c.source.split('\n').flatMap((text, i) =>
    [...text.matchAll(tag)].map((match) => ({
      name: match[1] ?? match[2],
      span: {
        line: i + 1,
        col: match.index + 1,
        endLine: i + 1,
        endCol: match.index + match[0].length + 1,
      },
    })),
  );
  const { rule } = c.result;
  if (rule === 'cfg.exceptionCallbackTwice')
    for (const kept of tags)
      yield {
        title: `Name ${kept.name} only`,
        edits: tags.filter((other) => other !== kept).map(({ span }) => ({ span, text: '' })),
      };
  const others = [
    ...new Set([
      ...c.text.outline.functions.slice(1).map(({ name }) => name),
      ...c.text.outline.labels.map(({ name }) => name),
    ]),
  ];
  if (rule === 'cfg.exceptionCallbackMissing' || rule === 'cfg.exceptionCallbackMain')
    for (const { name, span } of tags)
      for (const other of others)
        if (other !== name)
          yield {
            title: `Name ${other} as the exception callback`,
            edits: [{ span, text: ` __attribute__((btf_decl_tag("exception_callback:${other}")))` }],
          };
  if (rule === 'cfg.exceptionCallbackMissing') {
    const name = String(c.args[0]);
    yield {
      title: `Write the function ${name}, which returns 0`,
      edits: [
        editorOf(c).append(['', `.func global int ${name}(u64 cookie)`, `${INDENT}r0 = 0`, `${INDENT}exit`]),
      ],
    };
  }
  if (rule === 'cfg.exceptionCallbackStatic') {
    const name = String(c.args[0]);
    const span = findText(c, new RegExp(`static (?=[\\w\\s*]*\\b${name}\\b)`));
    if (span !== null) yield { title: `Make ${name} global`, edits: [{ span, text: '' }] };
  }
  for (const { span } of tags)
    yield { title: 'Handle no exceptions: leave the tag out', lastResort: true, edits: [{ span, text: '' }] };
}

/** Ends the loop that calls the callback by its result, instead of throwing. */
export function* returnFromCallback(c: PlaceCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const { insns } = c.program;
  // what stands between the call and the function's exit would never be reached
  const skipped: number[] = [];
  let at = c.insn + 1;
  while (
    at < insns.length &&
    insns.code[at] !== op.OP_EXIT &&
    jumpTarget(insns, at) === null &&
    !isJumpedTo(c, at)
  )
    skipped.push(at++);
  const runsOn = insns.code[at] === op.OP_EXIT && !skipped.some((insn) => isJumpedTo(c, insn));
  for (const value of [1, 0]) {
    const lines = [`r0 = ${value}`, ...(runsOn ? [] : ['exit'])];
    yield {
      title: `Return ${value} from ${functionAt(c.functions, c.insn).name} instead of throwing`,
      kind: 'return',
      edits: [
        editor.replace(c.insn, lines.join(`\n${INDENT}`)),
        ...(runsOn ? skipped.map((insn) => editor.remove(insn)) : []),
      ],
    };
  }
}

/** Declares the exception callback as what the kernel calls: of one number, with a number as result. */
export function* takeOneNumber(c: PlaceCase): Iterable<Candidate> {
  const callback = c.env?.facts.subprogs.find(({ isExceptionCb }) => isExceptionCb);
  if (callback === undefined) return;
  const { name } = functionAt(c.functions, callback.start);
  const lines = c.source.split('\n');
  const at = lines.findIndex((line) => new RegExp(`^\\s*\\.func\\b.*\\b${name}\\b`).test(line));
  if (at < 0) return;
  const span = { line: at + 1, col: 1, endLine: at + 1, endCol: lines[at].length + 1 };
  const title = `Let ${name} take one number, and return one`;
  const declaration = `.func global int ${name}(u64 cookie)`;
  yield { title, edits: [{ span, text: declaration }] };
  const editor = editorOf(c);
  const exits = Array.from({ length: callback.end - callback.start }, (_, i) => callback.start + i).filter(
    (insn) => c.program.insns.code[insn] === op.OP_EXIT,
  );
  yield {
    title,
    edits: [{ span, text: declaration }, ...exits.map((insn) => editor.before(insn, ['r0 = 0']))],
  };
}
