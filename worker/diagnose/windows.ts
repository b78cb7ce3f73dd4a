import type { Facts } from '../cfg/facts.ts';
import { OP_LD_IMM64 } from '../isa/opcodes.ts';
import { findLine, lineNumber, type LineRow } from '../log/source-lines.ts';
import type { Program } from '../program/program.ts';
import { wrap } from './wrap.ts';

/** What a report needs to show a place in the program. */
export interface Setting {
  readonly program: Program;
  readonly facts: Facts;
  /** An instruction as the log prints it. */
  readonly print: (insn: number) => string;
}

/** Lines and instructions shown before and after the one in question. */
const AROUND = 2;
/** Columns of a line of source, its number included. */
const LANE_WIDTH = 88;
const TAB = 8;
/** Longest text of an instruction. */
const INSN_TEXT = 159;

/** A place in the program with a remark: `label: message` under its line of source, and the instructions around it. */
export function place(setting: Setting, insn: number, label: string, message: string): string {
  const remark = `${label}: ${message}`;
  const source = setting.facts.linesKnown ? sourceOf(setting.program, insn) : null;
  const where = source === null ? `  insn ${insn}\n` : `  ${functionPrefix(setting.facts, insn)}${source.file}:${source.line}:${source.column}\n`;
  const lines = source === null || source.text === '' ? annotation(0, 0, remark) : sourceWindow(setting, insn, source, remark);
  return where + lines + insnWindow(setting, insn);
}

interface Source {
  readonly row: LineRow;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

function sourceOf(program: Program, insn: number): Source | null {
  const row = findLine(program, insn);
  if (row === null || program.btf === null) return null;
  const path = program.btf.string(row[1]);
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file === '' ? null : { row, file, line: lineNumber(row), column: row[3] & 0x3ff, text: program.btf.string(row[2]) };
}

function functionPrefix(facts: Facts, insn: number): string {
  const name = facts.subprogs[facts.subprogOf[insn]]?.name ?? '';
  return name === '' ? '' : `${name} @ `;
}

/** The line of source with its neighbours, as far as the function's line info knows them. */
function sourceWindow(setting: Setting, insn: number, source: Source, remark: string): string {
  const { program, facts } = setting;
  const start = source.line - AROUND;
  const texts = new Array<string>(2 * AROUND + 1).fill('');
  const subprog = facts.subprogOf[insn];
  const rows = program.lineInfo;
  const end = subprog + 1 < facts.subprogs.length ? facts.subprogs[subprog + 1].linfoIdx : rows.length;
  for (let i = facts.subprogs[subprog].linfoIdx; i < end; i++) {
    const at = lineNumber(rows[i]) - start;
    if (rows[i][1] === source.row[1] && at >= 0 && at < texts.length && texts[at] === '') texts[at] = program.btf!.string(rows[i][2]);
  }
  const width = String(source.line + AROUND).length;
  let text = '  Source context:\n';
  for (let i = 0; i < texts.length; i++) {
    const here = i === AROUND;
    text += `  ${lane(here, width, start + i, texts[i])}\n`;
    if (here) text += annotation(width, indentOf(source.text), remark);
  }
  return text;
}

function lane(here: boolean, width: number, line: number, text: string): string {
  if (line <= 0) return '';
  const start = `${here ? '>>> ' : '    '}${String(line).padStart(width)} | `;
  return start + fit(text === '' ? '...' : text, LANE_WIDTH - start.length);
}

/** Tabs become spaces; what does not fit becomes an ellipsis. Widths count bytes, as the kernel's do. */
export function fit(text: string, width: number): string {
  const bytes = new TextEncoder().encode(text);
  const out: number[] = [];
  let at = 0;
  for (; at < bytes.length && out.length < width; at++) {
    if (bytes[at] !== 9) out.push(bytes[at]);
    else for (let next = (Math.floor(out.length / TAB) + 1) * TAB; out.length < next && out.length < width; ) out.push(32);
  }
  if (at < bytes.length) {
    const dots = Math.min(3, width);
    out.length = Math.min(out.length, width - dots);
    for (let i = 0; i < dots; i++) out.push(46);
  }
  return new TextDecoder().decode(Uint8Array.from(out));
}

/** Columns before the first thing in a line. */
function indentOf(line: string): number {
  let indent = 0;
  for (const character of line) {
    if (character === '\t') indent = (Math.floor(indent / TAB) + 1) * TAB;
    else if (character === ' ') indent++;
    else break;
  }
  return indent;
}

/** A remark that points up at column `indent` of the line above; `width` is that of line numbers. */
function annotation(width: number, indent: number, remark: string): string {
  const shift = Math.min(indent, Math.max(0, LANE_WIDTH - width - 8));
  const start = `  ${' '.repeat(width + 4)} | ${' '.repeat(shift)}`;
  return wrap(remark, `${start}^-- `, `${start}    `);
}

function insnWindow({ facts, print }: Setting, insn: number): string {
  const { insns } = facts;
  const width = String(Math.max(insns.length - 1, 0)).length;
  let text = '  Instruction context:\n';
  for (let i = insn - AROUND; i <= insn + AROUND; i++) {
    if (i < 0 || i >= insns.length) continue;
    // second half of a wide instruction
    if (i > 0 && insns.code[i - 1] === OP_LD_IMM64) continue;
    if (insns.code[i] === OP_LD_IMM64 && i + 1 >= insns.length) continue;
    text += `  ${i === insn ? '>>> ' : '    '}${String(i).padStart(width)} | ${print(i).slice(0, INSN_TEXT)}\n`;
  }
  return text;
}
