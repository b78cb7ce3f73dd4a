import { encode } from '../../isa/encode.ts';
import type { Slot } from '../../isa/instruction.ts';
import * as op from '../../isa/opcodes.ts';
import type { ParseEnv } from '../cursor.ts';
import { sourceLines, type SourceLine } from '../diagnostic.ts';
import { parseLine } from '../statement.ts';
import {
  converted,
  draft,
  lineSpan,
  slotsOfBytes,
  type Converted,
  type ConvertContext,
  type Draft,
  type Recognised,
} from './dialect.ts';

const SECTION = /^Disassembly of section (.+):\s*$/;
const SYMBOL = /^[0-9a-f]{8,16} <([^>]+)>:\s*$/;
const BYTES =
  /^\s*([0-9a-f]+):\s+((?:[0-9a-f]{2} ){7}[0-9a-f]{2}(?: (?:[0-9a-f]{2} ){7}[0-9a-f]{2})?)(?:\s|$)/;
const TEXT = /^\s+(\d+):\s+(\S.*)$/;
const RELOCATION = /^\s*([0-9a-f]+):\s+(R_BPF_\w+)\s+(\S+?)(?:\+0x([0-9a-f]+))?\s*$/;

/** Is this what `llvm-objdump -d` prints? */
export function recogniseObjdump(lines: readonly SourceLine[]): Recognised | null {
  let bytes = 0;
  let marks = 0;
  for (const { text } of lines) {
    if (BYTES.test(text)) bytes++;
    else if (SECTION.test(text) || /file format elf/i.test(text)) marks += 2;
    else if (SYMBOL.test(text) || RELOCATION.test(text)) marks++;
  }
  if (bytes === 0)
    return marks >= 2 && lines.some((l) => TEXT.test(l.text))
      ? { dialect: 'objdump', confidence: 0.9 }
      : null;
  return { dialect: 'objdump', confidence: marks > 0 ? 0.98 : 0.85 };
}

interface Section {
  readonly name: string;
  readonly slots: Slot[];
  readonly labels: Map<string, number>;
  /** By slot in the section. */
  readonly relocations: Map<number, { name: string; addend: number; type: string; line: SourceLine }>;
}

/**
 * The program of a disassembly: its bytes where they are printed, else its text. Sections follow each other,
 * those other than `.text` first, so that a program comes before the functions it calls; calls between them
 * are resolved through relocations (`-r`), which also name maps and kfuncs.
 */
export function convertObjdump(text: string, _context: ConvertContext = {}): Converted {
  const d = draft();
  const sections = read(sourceLines(text), d).filter((s) => s.slots.length > 0);
  const order = [
    ...sections.filter((s) => s.name !== '.text'),
    ...sections.filter((s) => s.name === '.text'),
  ];
  const starts = new Map<string, number>();
  for (const s of order) {
    starts.set(s.name, d.slots.length);
    for (const [name, slot] of s.labels) d.labels.set(name, d.slots.length + slot);
    d.slots.push(...s.slots);
  }
  for (const s of order)
    for (const [slot, r] of s.relocations) relocate(starts.get(s.name)! + slot, r, starts, d);
  if (sections.filter((s) => s.name !== '.text').length > 1)
    d.notes.push({
      ...lineSpan(1, ''),
      id: 'several-sections',
      message: `The text has several sections (${sections.map((s) => s.name).join(', ')}); a program is one of them with the functions it calls`,
    });
  for (const [name] of [...d.labels]) if (/^\.?L(BB)?\d/.test(name)) d.labels.delete(name);
  return converted('objdump', d);
}

function read(lines: readonly SourceLine[], d: Draft): Section[] {
  const sections: Section[] = [];
  const open = (name: string): Section => {
    const s: Section = { name, slots: [], labels: new Map(), relocations: new Map() };
    sections.push(s);
    return s;
  };
  let current: Section | null = null;
  const env: ParseEnv = { constant: () => null, errors: d.errors, notes: [] };
  for (const line of lines) {
    const section = SECTION.exec(line.text);
    if (section) {
      current = open(section[1]);
      continue;
    }
    const symbol = SYMBOL.exec(line.text);
    if (symbol) {
      current ??= open('');
      current.labels.set(symbol[1], current.slots.length);
      continue;
    }
    const relocation = RELOCATION.exec(line.text);
    if (relocation) {
      current?.relocations.set(parseInt(relocation[1], 16) / 8, {
        name: relocation[3],
        addend: parseInt(relocation[4] ?? '0', 16),
        type: relocation[2],
        line,
      });
      continue;
    }
    const bytes = BYTES.exec(line.text);
    const plain = bytes === null ? TEXT.exec(line.text) : null;
    if (bytes === null && plain === null) continue;
    current ??= open('');
    if (bytes !== null) current.slots.push(...slotsOfBytes(bytes[2].split(' ').map((h) => parseInt(h, 16))));
    else current.slots.push(...fromText(line, plain![2], env, d));
  }
  return sections;
}

function fromText(line: SourceLine, text: string, env: ParseEnv, d: Draft): readonly Slot[] {
  if (text.startsWith('<unknown>')) {
    d.errors.push({
      ...lineSpan(line.line, line.text),
      id: 'unknown-bytes',
      message: 'The disassembler did not know this instruction, and its bytes are not shown',
    });
    return [{ code: 0, dst: 0, src: 0, off: 0, imm: 0 }];
  }
  const at = line.text.length - text.length;
  const [s] = parseLine({ line: line.line, text: ' '.repeat(at) + text }, { inComment: false }, env);
  if (s?.kind !== 'insn') return [{ code: 0, dst: 0, src: 0, off: 0, imm: 0 }];
  if (s.insn.kind === 'call')
    d.notes.push({
      ...lineSpan(line.line, line.text),
      id: 'call-kind',
      message:
        'Without the bytes, a call of a function looks like that of a helper; it is taken for a helper',
    });
  return encode(s.insn);
}

function relocate(
  slot: number,
  r: { name: string; addend: number; type: string; line: SourceLine },
  starts: ReadonlyMap<string, number>,
  d: Draft,
): void {
  const insn = d.slots[slot];
  if (insn === undefined) {
    d.errors.push({
      ...lineSpan(r.line.line, r.line.text),
      id: 'stray-relocation',
      message: 'This relocation is for no instruction of the text',
    });
    return;
  }
  const base = d.labels.get(r.name) ?? starts.get(r.name);
  if (insn.code === op.OP_CALL) {
    if (base === undefined) {
      d.slots[slot] = { ...insn, src: op.BPF_PSEUDO_KFUNC_CALL, imm: 0 };
      d.refs.set(slot, { kind: 'kfunc', name: r.name, id: null });
      return;
    }
    // Against a section, the immediate holds the function's place in it.
    const target = d.labels.has(r.name) ? base : base + insn.imm + 1;
    d.slots[slot] = { ...insn, src: op.BPF_PSEUDO_CALL, imm: target - slot - 1 };
    d.refs.set(slot, { kind: 'subprog', name: nameAt(target, d) ?? r.name, slot: target });
    return;
  }
  if (insn.code !== op.OP_LD_IMM64) return;
  if (base !== undefined) {
    const target = d.labels.has(r.name) ? base : base + insn.imm / 8;
    d.slots[slot] = { ...insn, src: op.BPF_PSEUDO_FUNC, imm: target - slot - 1 };
    d.slots[slot + 1] = { ...d.slots[slot + 1], imm: 0 };
    d.refs.set(slot, { kind: 'subprog', name: nameAt(target, d) ?? r.name, slot: target });
    return;
  }
  const data = /^\.(data|rodata|bss|kconfig)/.test(r.name);
  const offset = insn.imm + r.addend;
  d.slots[slot] = { ...insn, src: data ? op.BPF_PSEUDO_MAP_VALUE : op.BPF_PSEUDO_MAP_FD, imm: 0 };
  d.slots[slot + 1] = { ...d.slots[slot + 1], imm: data ? offset : 0 };
  d.refs.set(
    slot,
    data
      ? { kind: 'map', name: r.name, keySize: 4, valueSize: null }
      : { kind: 'symbol', name: r.name, use: 'address' },
  );
}

const nameAt = (slot: number, d: Draft): string | null =>
  [...d.labels].find(([, s]) => s === slot)?.[0] ?? null;
