import { Insns } from '../isa/insns.ts';
import { littleEndianInsns } from './byte-order.ts';
import { SHF_EXECINSTR, SHT_PROGBITS, STB_LOCAL, STT_FUNC, STV_HIDDEN, STV_INTERNAL } from './elf.ts';
import type { Elf } from './elf.ts';
import { ObjectError } from './error.ts';

/** A section of instructions. */
export interface CodeSection {
  readonly index: number;
  readonly name: string;
  readonly insns: Insns;
  /** Its functions, by place. */
  readonly functions: readonly ObjectFunction[];
}

/** A function: a program, or, in `.text`, one that programs call. */
export interface ObjectFunction {
  readonly name: string;
  /** Index of its {@link CodeSection}. */
  readonly section: number;
  /** First instruction, in its section. */
  readonly start: number;
  readonly count: number;
  readonly global: boolean;
  /** Global to the linker, static to the verifier: its visibility is restricted. */
  readonly hidden: boolean;
}

const INSN_SIZE = 8;

/** Where functions lie that are no programs of their own. */
export const SUBPROGRAMS = '.text';

/** The sections of code, by index. Throws {@link ObjectError} for functions that lie outside of theirs. */
export function readCode(elf: Elf): ReadonlyMap<number, CodeSection> {
  const functions = new Map<number, ObjectFunction[]>();
  for (const symbol of elf.symbols) {
    const section = elf.sections.at(symbol.section);
    if (symbol.type !== STT_FUNC || section === undefined || (section.flags & SHF_EXECINSTR) === 0) continue;
    const { name, value, size } = symbol;
    if (size === 0 || size % INSN_SIZE !== 0 || value % INSN_SIZE !== 0 || value + size > section.data.length)
      throw new ObjectError(
        `The function ${name} does not lie in its section ${section.name}: the object is damaged.`,
      );
    const hidden = symbol.visibility === STV_HIDDEN || symbol.visibility === STV_INTERNAL;
    const global = symbol.bind !== STB_LOCAL;
    if (!global && section.name !== SUBPROGRAMS)
      throw new ObjectError(
        `The program ${name} in section ${section.name} is static; libbpf loads only programs that are not.`,
      );
    const list = functions.get(section.index) ?? [];
    functions.set(section.index, list);
    list.push({
      name,
      section: section.index,
      start: value / INSN_SIZE,
      count: size / INSN_SIZE,
      global,
      hidden: global && hidden,
    });
  }
  const code = new Map<number, CodeSection>();
  for (const { index, name, type, flags, data } of elf.sections) {
    if (type !== SHT_PROGBITS || (flags & SHF_EXECINSTR) === 0 || data.length === 0) continue;
    if (data.length % INSN_SIZE !== 0)
      throw new ObjectError(`The section ${name} is no whole number of instructions: the object is damaged.`);
    const insns = Insns.fromBytes(elf.littleEndian ? data : littleEndianInsns(data));
    const inside = (functions.get(index) ?? []).sort((a, b) => a.start - b.start);
    code.set(index, { index, name, insns, functions: inside });
  }
  return code;
}

/** The function of a section that an instruction belongs to, or null. */
export function functionAt(section: CodeSection, insn: number): ObjectFunction | null {
  let [low, high] = [0, section.functions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (section.functions[middle].start <= insn) low = middle + 1;
    else high = middle;
  }
  const found = section.functions.at(low - 1);
  return low > 0 && found !== undefined && insn < found.start + found.count ? found : null;
}
