import type { TextEdit } from '../protocol.ts';
import type { TextCase } from './context.ts';

/** The text after all edits, which must not overlap. Insertions at one place keep their order. */
export function applyEdits(source: string, edits: readonly TextEdit[]): string {
  const starts = [0];
  for (let i = 0; i < source.length; i++) if (source[i] === '\n') starts.push(i + 1);
  const at = (line: number, col: number): number =>
    line > starts.length ? source.length : starts[line - 1] + col - 1;
  const cuts = edits.map((edit, order) => ({
    order,
    from: at(edit.span.line, edit.span.col),
    to: at(edit.span.endLine, edit.span.endCol),
    text: edit.text,
  }));
  cuts.sort((a, b) => a.from - b.from || a.order - b.order);
  let text = '';
  let done = 0;
  for (const cut of cuts) {
    text += source.slice(done, cut.from) + cut.text;
    done = Math.max(done, cut.to);
  }
  return text + source.slice(done);
}

/** One edit that turns a text into another: from the first line that differs to the last. */
export function wholeEdit(from: string, to: string): TextEdit {
  const [a, b] = [from.split('\n'), to.split('\n')];
  let head = 0;
  while (head < a.length - 1 && head < b.length - 1 && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < a.length - head - 1 &&
    tail < b.length - head - 1 &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++;
  const last = a.length - tail;
  return {
    span: { line: head + 1, col: 1, endLine: last, endCol: a[last - 1].length + 1 },
    text: b.slice(head, b.length - tail).join('\n'),
  };
}

const INDENT = '        ';
/** What stands before a label that has a line of its own. */
const BEFORE_LABEL = /\n {8}(?=[A-Za-z_.$][\w.$]*:\n)/g;

/** Edits of a case's text by instruction. Lines are written as the formatter lays them out. */
export interface Editor {
  /** New instructions before one; a label on its line stays in front of them. */
  before(insn: number, lines: readonly string[]): TextEdit;
  /** New instructions after the line of one. */
  after(insn: number, lines: readonly string[]): TextEdit;
  /** Takes an instruction out, its line with it if nothing else is on it. */
  remove(insn: number): TextEdit;
  /** An instruction as it is written, comments left out. */
  textOf(insn: number): string;
  /** Replaces the text of an instruction. */
  replace(insn: number, text: string): TextEdit;
  /** New lines at the end of the text. */
  append(lines: readonly string[]): TextEdit;
  /** A new line among the directives at the top. */
  directive(line: string): TextEdit;
  /** A directive in place of those of the same name, or a new one if there is none; without text, none of that name. */
  setting(name: string, text: string | null): TextEdit[];
}

export function editorOf(c: Pick<TextCase, 'source' | 'text'>): Editor {
  const lines = c.source.split('\n');
  const spans = c.text.sourceMap;
  const point = (line: number, col: number, text: string): TextEdit => ({
    span: { line, col, endLine: line, endCol: col },
    text: text.replace(BEFORE_LABEL, '\n'),
  });
  return {
    before(insn, added) {
      const { line, col } = spans[insn];
      return point(line, col, added.map((text) => `${text}\n${INDENT}`).join(''));
    },
    after(insn, added) {
      const { line } = spans[insn];
      return point(line, lines[line - 1].length + 1, added.map((text) => `\n${INDENT}${text}`).join(''));
    },
    remove(insn) {
      const { line, col, endCol } = spans[insn];
      const text = lines[line - 1];
      const alone = text.slice(0, col - 1).trim() === '';
      const rest = text.slice(endCol - 1).trim();
      if (alone && (rest === '' || /^(\/\/|#|;)/.test(rest)) && line < lines.length)
        return { span: { line, col: 1, endLine: line + 1, endCol: 1 }, text: '' };
      return { span: { line, col, endLine: line, endCol }, text: '' };
    },
    textOf(insn) {
      const { line, col, endCol } = spans[insn];
      return lines[line - 1].slice(col - 1, endCol - 1);
    },
    replace(insn, text) {
      const { line, col, endCol } = spans[insn];
      return { span: { line, col, endLine: line, endCol }, text };
    },
    append(added) {
      const last = lines.length;
      return point(
        last,
        lines[last - 1].length + 1,
        `${lines[last - 1] === '' ? '' : '\n'}${added.join('\n')}\n`,
      );
    },
    directive(line) {
      const at = lines.findIndex((text) => /^\s*\./.test(text));
      return point(Math.max(at + 1, 1), 1, `${line}\n`);
    },
    setting(name, text) {
      const found = lines.flatMap((line, i) => (new RegExp(`^\\s*\\.${name}\\b`).test(line) ? [i + 1] : []));
      const edits = found.map((line) => ({ span: { line, col: 1, endLine: line + 1, endCol: 1 }, text: '' }));
      if (text === null) return edits;
      const line = `.${name.padEnd(6)} ${text}\n`;
      if (found.length === 0) return [this.directive(line.trimEnd())];
      return edits.map((edit, i) => (i === 0 ? { ...edit, text: line } : edit));
    },
  };
}
