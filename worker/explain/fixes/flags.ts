import { callee, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import type { TextEdit } from '../../protocol.ts';
import type { Candidate } from './fix.ts';

/** Gives the called kfunc a flag: in the text that invents it, or by a directive. */
export function kfuncFlagged(flag: string): (c: WalkedCase) => Iterable<Candidate> {
  return function* (c) {
    const ref = c.program.refs.get(c.insn);
    if (ref?.kind !== 'kfunc') return;
    const title = `What if ${ref.name} had ${flag}?`;
    if (!c.program.invented.some((kfunc) => kfunc.name === ref.name)) {
      yield { title, edits: [editorOf(c).directive(`.kfunc  ${ref.name} +${flag}`)] };
      return;
    }
    const edit = addFlag(c.source, ref.name, flag);
    if (edit !== null) yield { title, edits: [edit] };
  };
}

/** The edit that adds a flag to a declaration with `__kf_flags(…)`. */
function addFlag(source: string, name: string, flag: string): TextEdit | null {
  const lines = source.split('\n');
  for (let i = 0; i < lines.length; i++) {
    if (!new RegExp(`\\b${name}\\s*\\(`).test(lines[i])) continue;
    const match = /__kf_flags\(([^)]*)\)/.exec(lines[i]);
    if (match === null) continue;
    const col = match.index + '__kf_flags('.length + 1;
    const before = match[1].trim();
    const text = before === '' || before === '0' ? flag : `${before} | ${flag}`;
    return { span: { line: i + 1, col, endLine: i + 1, endCol: col + match[1].length }, text };
  }
  return null;
}

/** Puts one switch of the text in place of another that forbids it. */
export function semantics(old: string, now: string): (c: WalkedCase) => Iterable<Candidate> {
  return function* (c) {
    const lines = c.source.split('\n');
    const at = lines.findIndex((line) => /^\s*\.semantics\b/.test(line));
    if (at < 0 || !c.result.semantics.includes(old)) return;
    const text = lines[at].replace(new RegExp(`${old}(?![\\w-])`), now);
    yield {
      title: `See it under ${now}`,
      edits: [{ span: { line: at + 1, col: 1, endLine: at + 1, endCol: lines[at].length + 1 }, text }],
    };
  };
}

/** Makes the called global function static. */
export function* makeStatic(c: WalkedCase): Iterable<Candidate> {
  const name = callee(c, c.insn);
  const lines = c.source.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const match =
      new RegExp(`^(\\s*\\.func\\b.*)\\bglobal\\b(.*\\b${name}\\b.*)$`).exec(lines[i]) ??
      new RegExp(`^(\\s*\\.func\\b.*\\b${name}\\b.*)\\bglobal\\b(.*)$`).exec(lines[i]);
    if (match === null) continue;
    const text = `${match[1]}static${match[2]}`.replace(/\bstatic (int|void)\b/, '$1');
    yield {
      title: `Make ${name} static`,
      edits: [{ span: { line: i + 1, col: 1, endLine: i + 1, endCol: lines[i].length + 1 }, text }],
    };
  }
}
