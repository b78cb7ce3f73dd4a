import { jumpTableMap } from '../program/insn-array.ts';
import type { MapDef } from '../program/program.ts';
import type { ElfSymbol } from './elf.ts';
import { ObjectError } from './error.ts';
import type { LinkedCode, Piece } from './link.ts';
import type { CompiledObject } from './open.ts';

/** Section of the tables of `gotox`. */
const TABLES_SECTION = '.jumptables';
/** Bytes of an entry in the file: how far its target lies from the start of the section of code. */
const ENTRY = 8;
const INSN_SIZE = 8;

/** The map that libbpf makes of a jump table; null if the symbol is none. Its entries become instructions of the program. */
export function jumpTable(
  { elf }: CompiledObject,
  { insns }: LinkedCode,
  { func, at }: Piece,
  symbol: ElfSymbol,
): MapDef | null {
  const section = elf.sections[symbol.section];
  if (section.name !== TABLES_SECTION) return null;
  const { value, size } = symbol;
  const bad = (): ObjectError => new ObjectError(`The jump table ${symbol.name} of ${func.name} is damaged.`);
  if (value % ENTRY !== 0 || size % ENTRY !== 0 || value + size > section.data.length) throw bad();
  const view = new DataView(section.data.buffer, section.data.byteOffset, section.data.byteLength);
  const entries = Array.from({ length: size / ENTRY }, (_, i) => {
    const target =
      Number(view.getBigUint64(value + i * ENTRY, elf.littleEndian)) / INSN_SIZE - func.start + at;
    if (!(target >= 0 && target < insns.length)) throw bad();
    return Math.floor(target);
  });
  return jumpTableMap(TABLES_SECTION, entries);
}
