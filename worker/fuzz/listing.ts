import { Insns } from '../isa/insns.ts';
import * as op from '../isa/opcodes.ts';
import { insnsOf, toHex, type Bundle } from './bundle.ts';

/**
 * One instruction of a {@link Listing}; wide loads are one line with both immediates. `target` is what it jumps to,
 * calls or takes the address of: a line, null for none, or the end of the program.
 */
export interface Line {
  code: number;
  dst: number;
  src: number;
  off: number;
  imm: number;
  /** Second immediate of a wide load. */
  high: number;
  target: Line | 'end' | null;
  ref: Readonly<Record<string, unknown>> | null;
  /** Type of the function that begins here. */
  func: number | null;
  source: readonly [number, number, number] | null;
}

export interface Listing {
  readonly bundle: Bundle;
  readonly lines: Line[];
}

const isWide = (code: number): boolean => code === op.OP_LD_IMM64;

/** Where an instruction keeps the distance to its target, null if it has none. */
function distanceField(line: { code: number; src: number }): 'off' | 'imm' | null {
  if (isWide(line.code)) return line.src === op.BPF_PSEUDO_FUNC ? 'imm' : null;
  const kind = op.classOf(line.code);
  if (kind !== op.BPF_JMP && kind !== op.BPF_JMP32) return null;
  const operation = op.opOf(line.code);
  if (operation === op.BPF_CALL)
    return line.code === op.OP_CALL && line.src === op.BPF_PSEUDO_CALL ? 'imm' : null;
  if (operation === op.BPF_EXIT) return null;
  if (line.code === op.OP_GOTOX) return null;
  return line.code === op.OP_GOTOL ? 'imm' : 'off';
}

/** A program with its jumps as references, so that lines can come and go. Targets outside of it stay distances. */
export function listing(bundle: Bundle): Listing {
  const insns = insnsOf(bundle);
  const at = new Map<number, Line>();
  const lines: Line[] = [];
  const funcs = new Map(bundle.funcInfo ?? []);
  const sources = new Map((bundle.lineInfo ?? []).map(([i, ...rest]) => [i, rest] as const));
  for (let i = 0; i < insns.length; i++) {
    const line: Line = {
      code: insns.code[i],
      dst: insns.dst[i],
      src: insns.src[i],
      off: insns.off[i],
      imm: insns.imm[i],
      high: 0,
      target: null,
      ref: bundle.refs?.[String(i)] ?? null,
      func: funcs.get(i) ?? null,
      source: sources.get(i) ?? null,
    };
    at.set(i, line);
    lines.push(line);
    if (isWide(line.code) && i + 1 < insns.length) line.high = insns.imm[++i];
  }
  for (const [i, line] of at) {
    const field = distanceField(line);
    if (field === null) continue;
    const to = i + 1 + line[field];
    line.target = to === insns.length ? 'end' : (at.get(to) ?? null);
  }
  return { bundle, lines };
}

/** The bundle of a listing. Targets that are gone become the line that followed them. */
export function assembleListing(list: Listing, id: string): Bundle {
  const position = new Map<Line | 'end', number>();
  let length = 0;
  for (const line of list.lines) {
    position.set(line, length);
    length += isWide(line.code) ? 2 : 1;
  }
  position.set('end', length);
  const insns = new Insns(length);
  const refs: Record<string, Readonly<Record<string, unknown>>> = {};
  const funcInfo: [number, number][] = [];
  const lineInfo: [number, number, number, number][] = [];
  let i = 0;
  for (const line of list.lines) {
    let { off, imm } = line;
    if (line.target !== null) {
      const distance = (position.get(line.target) ?? length) - i - 1;
      if (distanceField(line) === 'imm') imm = distance;
      else off = distance;
    }
    insns.set(i, line.code, line.dst, line.src, off, imm);
    if (line.ref !== null) refs[i] = line.ref;
    if (line.func !== null) funcInfo.push([i, line.func]);
    if (line.source !== null) lineInfo.push([i, ...line.source]);
    i++;
    if (isWide(line.code)) insns.set(i++, 0, 0, 0, 0, line.high);
  }
  const { funcInfo: _funcs, lineInfo: _lines, refs: _refs, ...rest } = list.bundle;
  return {
    ...rest,
    id,
    insns: toHex(insns.toBytes()),
    refs,
    ...(funcInfo.length === 0 ? {} : { funcInfo }),
    ...(lineInfo.length === 0 ? {} : { lineInfo }),
  } as Bundle;
}

/** A deep copy whose lines refer to each other. */
export function copyListing(list: Listing): Listing {
  const copies = new Map<Line, Line>(list.lines.map((line) => [line, { ...line }]));
  for (const copy of copies.values())
    if (copy.target !== null && copy.target !== 'end') copy.target = copies.get(copy.target) ?? null;
  return { bundle: list.bundle, lines: [...copies.values()] };
}

/** Takes the line out; jumps to it go to the one that follows, and so does the name of its function. */
export function removeLine(list: Listing, index: number): void {
  const [line] = list.lines.splice(index, 1);
  const next: Line | 'end' = index < list.lines.length ? list.lines[index] : 'end';
  for (const other of list.lines) if (other.target === line) other.target = next;
  if (line.func !== null && next !== 'end') next.func ??= line.func;
  if (line.source !== null && next !== 'end') next.source ??= line.source;
}
