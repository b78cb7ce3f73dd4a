import { Insns } from '../../isa/insns.ts';
import { decode } from '../../isa/decode.ts';
import { illegal } from '../../isa/legality.ts';
import { printLlvm } from '../../isa/llvm-print.ts';
import * as op from '../../isa/opcodes.ts';
import { opRow } from '../../isa/table.ts';
import { editorOf } from '../edits.ts';
import { wrongFields } from '../places/encoding.ts';
import type { PlaceCase } from '../places/place-case.ts';
import type { Candidate } from './fix.ts';

/** Registers that are tried for one that does not exist: the frame pointer, the context, then the others. */
const REGISTERS = [10, 1, 0, 2, 3, 4, 5, 6, 7, 8, 9];

/** Two slots as they are, to be changed. */
function copy({ program: { insns } }: PlaceCase, at: number): Insns {
  const slots = new Insns(2);
  for (const i of [0, 1])
    if (at + i < insns.length)
      slots.set(
        i,
        insns.code[at + i],
        insns.dst[at + i],
        insns.src[at + i],
        insns.off[at + i],
        insns.imm[at + i],
      );
  return slots;
}

/** The instruction with legal values in the fields that have none. */
export function* legalFields(c: PlaceCase): Iterable<Candidate> {
  const { insn } = c;
  if (insn < 0 || insn >= c.text.sourceMap.length) return;
  const wide = c.program.insns.code[insn] === op.OP_LD_IMM64;
  if (wide) yield* wideLoads(c);
  const wrong = wrongFields(c, insn).filter(({ slot, allowed }) => slot === insn && allowed.length !== 0);
  const registers = wrong.filter(
    ({ field, value }) => (field === 'dst' || field === 'src') && value >= op.MAX_BPF_REG,
  );
  if (registers.length !== 0) {
    for (const no of REGISTERS) {
      const slots = copy(c, insn);
      for (const { field } of registers) if (field === 'dst' || field === 'src') slots[field][0] = no;
      const { value } = registers[0];
      yield* written(c, slots, `Use r${no} in place of r${value}`, `register r${value}`);
    }
  } else if (wrong.length !== 0) {
    for (const pick of [0, 1, 2]) {
      const slots = copy(c, insn);
      for (const { field, allowed } of wrong) slots[field][0] = allowed[Math.min(pick, allowed.length - 1)];
      const words = wrong.map(({ field }) => `${field} ${slots[field][0]}`).join(' and ');
      yield* written(c, slots, `Write it with ${words}: `, 'fields', true);
    }
  } else if (opRow(c.program.insns.code[insn]) === null) yield* nearOpcodes(c);
  const editor = editorOf(c);
  const rest =
    wide && insn + 1 < c.text.sourceMap.length && c.program.insns.code[insn + 1] === 0
      ? [editor.remove(insn + 1)]
      : [];
  yield { title: 'Leave the instruction out', lastResort: true, edits: [editor.remove(insn), ...rest] };
}

/** Opcodes that differ by one bit from one that there is none of: as if a bit had been lost. */
function* nearOpcodes(c: PlaceCase): Iterable<Candidate> {
  for (let bit = 1; bit < 256; bit <<= 1) {
    const slots = copy(c, c.insn);
    slots.code[0] ^= bit;
    if (slots.code[0] === op.OP_LD_IMM64 || slots.code[0] === op.OP_EXIT || opRow(slots.code[0]) === null)
      continue;
    for (const candidate of written(c, slots, 'Write an instruction that there is: ', 'near opcode', true))
      yield { ...candidate, lastResort: true };
  }
}

function* written(
  c: PlaceCase,
  slots: Insns,
  title: string,
  kind: string,
  withText = false,
): Iterable<Candidate> {
  if (illegal(slots, 0) !== null || decode(slots, 0) === null) return;
  const text = printLlvm(slots, 0);
  if (text.startsWith('.8byte')) return;
  yield { title: withText ? `${title}${text}` : title, kind, edits: [editorOf(c).replace(c.insn, text)] };
}

/** A wide load written as one: of a number, or of a map of the program. */
function* wideLoads(c: PlaceCase): Iterable<Candidate> {
  const { insns, maps } = c.program;
  const { insn } = c;
  const editor = editorOf(c);
  const hasHalf = insn + 1 < c.text.sourceMap.length && insns.code[insn + 1] === 0;
  const rest = hasHalf ? [editor.remove(insn + 1)] : [];
  const dst = `r${Math.min(insns.dst[insn], 9)}`;
  const off = hasHalf ? insns.imm[insn + 1] : 0;
  const loads: string[] = [];
  const kind = insns.src[insn];
  if (kind !== 0) {
    for (const { name } of maps) {
      if (kind === op.BPF_PSEUDO_MAP_VALUE || kind === op.BPF_PSEUDO_MAP_IDX_VALUE)
        loads.push(`${dst} = ${name}[0]${off === 0 ? '' : `+${off}`} ll`, `${dst} = ${name}+${off} ll`);
      loads.push(`${dst} = ${name} ll`);
    }
  }
  const value = (BigInt(off >>> 0) << 32n) | BigInt(insns.imm[insn] >>> 0);
  loads.push(`${dst} = 0x${value.toString(16)} ll`);
  for (const text of loads)
    yield {
      title: `Write the wide load in one: ${text}`,
      kind: 'wide load',
      edits: [editor.replace(insn, text), ...rest],
    };
}
