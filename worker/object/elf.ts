import { ObjectError } from './error.ts';

export const SHT_PROGBITS = 1;
export const SHT_SYMTAB = 2;
export const SHT_NOBITS = 8;
export const SHT_REL = 9;

export const SHF_EXECINSTR = 4;

export const STB_LOCAL = 0;
export const STB_GLOBAL = 1;
export const STB_WEAK = 2;

export const STT_NOTYPE = 0;
export const STT_OBJECT = 1;
export const STT_FUNC = 2;
export const STT_SECTION = 3;

export const STV_INTERNAL = 1;
export const STV_HIDDEN = 2;

/** Section indices from here on are no sections (absolute and common symbols). */
export const SHN_LORESERVE = 0xff00;

const EM_NONE = 0;
const EM_BPF = 247;
const ET_REL = 1;
const ELFCLASS64 = 2;
const ELFDATA2LSB = 1;
const ELFDATA2MSB = 2;
const HEADER_SIZE = 64;
const SECTION_SIZE = 64;
const SYMBOL_SIZE = 24;
const REL_SIZE = 16;

export interface ElfSection {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  /** Bytes that it takes in memory. */
  readonly size: number;
  /** For SHT_SYMTAB: the section of its strings. */
  readonly link: number;
  /** For SHT_REL: the section that is relocated. */
  readonly info: number;
  /** Its bytes in the file; empty for SHT_NOBITS. */
  readonly data: Uint8Array;
}

export interface ElfSymbol {
  readonly name: string;
  readonly bind: number;
  readonly type: number;
  readonly visibility: number;
  /** Index of its section; 0: defined elsewhere. */
  readonly section: number;
  /** Offset in its section. */
  readonly value: number;
  readonly size: number;
}

export interface ElfRelocation {
  /** In bytes, in the section that is relocated. */
  readonly offset: number;
  readonly symbol: ElfSymbol;
}

/** An ELF64 relocatable object. Everything in it lies inside the file and refers to what exists. */
export interface Elf {
  readonly littleEndian: boolean;
  readonly sections: readonly ElfSection[];
  readonly symbols: readonly ElfSymbol[];
  /** Relocations of a section by its index; empty if it has none. */
  relocations(section: number): readonly ElfRelocation[];
}

/** Do bytes begin as an ELF file does? */
export function isElf(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 4 && bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46
  );
}

/** Machines that people mistake for BPF, by number. */
const MACHINES: ReadonlyMap<number, string> = new Map([
  [3, 'x86'],
  [22, 's390'],
  [40, 'ARM'],
  [62, 'x86-64'],
  [183, 'AArch64'],
  [243, 'RISC-V'],
  [258, 'LoongArch'],
]);

/** Reads what a BPF loader needs of an object file. Throws {@link ObjectError}; never reads outside of `bytes`. */
export function readElf(bytes: Uint8Array): Elf {
  if (!isElf(bytes)) throw new ObjectError('This is not an object file: it does not begin as ELF files do.');
  if (bytes.length < HEADER_SIZE) throw truncated('header');
  if (bytes[4] !== ELFCLASS64)
    throw new ObjectError('This is a 32-bit object; BPF objects are 64-bit ELF files.');
  if (bytes[5] !== ELFDATA2LSB && bytes[5] !== ELFDATA2MSB)
    throw new ObjectError(`The ELF header names byte order ${bytes[5]}, which there is not.`);
  const littleEndian = bytes[5] === ELFDATA2LSB;
  const file = reader(bytes, littleEndian);
  const machine = file.u16(18);
  if (machine !== EM_BPF && machine !== EM_NONE)
    throw new ObjectError(
      `This object holds code for ${MACHINES.get(machine) ?? `machine ${machine}`}, not BPF; compile with clang -target bpf.`,
    );
  if (file.u16(16) !== ET_REL)
    throw new ObjectError(
      'This is a linked ELF file; a BPF program is loaded from a relocatable object (clang -c).',
    );
  const sections = readSections(bytes, file);
  const symbols = readSymbols(sections, littleEndian);
  const relocations = new Map<number, readonly ElfRelocation[]>();
  for (const section of sections)
    if (section.type === SHT_REL && section.info !== 0)
      relocations.set(section.info, [
        ...(relocations.get(section.info) ?? []),
        ...readRelocations(section, symbols, littleEndian),
      ]);
  return { littleEndian, sections, symbols, relocations: (section) => relocations.get(section) ?? [] };
}

interface Reader {
  u16(at: number): number;
  u32(at: number): number;
  /** A number of 64 bits that must be exact; offsets and sizes beyond that lie outside of any file. */
  u64(at: number): number;
}

function reader(bytes: Uint8Array, littleEndian: boolean): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    u16: (at) => view.getUint16(at, littleEndian),
    u32: (at) => view.getUint32(at, littleEndian),
    u64: (at) => {
      const [low, high] = littleEndian ? [at, at + 4] : [at + 4, at];
      return view.getUint32(high, littleEndian) * 2 ** 32 + view.getUint32(low, littleEndian);
    },
  };
}

function truncated(what: string): ObjectError {
  return new ObjectError(`The file is cut off or damaged: its ${what} is not all there.`);
}

/** No name of a section or symbol is longer. */
const NAME_MAX = 4096;

/** Text up to the next NUL in a string section. */
function textAt(strings: Uint8Array, offset: number, what: string): string {
  const text = strings.subarray(offset, offset + NAME_MAX);
  const end = text.indexOf(0);
  if (end < 0) throw truncated(what);
  return new TextDecoder().decode(text.subarray(0, end));
}

function readSections(bytes: Uint8Array, file: Reader): ElfSection[] {
  const start = file.u64(40);
  const count = file.u16(60);
  const namesIndex = file.u16(62);
  if (count === 0) throw new ObjectError('The object has no sections: it was stripped, or it is damaged.');
  if (file.u16(58) !== SECTION_SIZE || start + count * SECTION_SIZE > bytes.length)
    throw truncated('section table');
  const raw = Array.from({ length: count }, (_, index) => {
    const at = start + index * SECTION_SIZE;
    const type = file.u32(at + 4);
    const offset = file.u64(at + 24);
    const size = file.u64(at + 32);
    const inFile = type === SHT_NOBITS || index === 0 ? 0 : size;
    if (offset + inFile > bytes.length) throw truncated(`section ${index}`);
    return {
      index,
      nameAt: file.u32(at),
      type,
      flags: file.u64(at + 8),
      size,
      link: file.u32(at + 40),
      info: file.u32(at + 44),
      data: inFile === 0 ? new Uint8Array(0) : bytes.subarray(offset, offset + size),
    };
  });
  // what lies in the file once is read once, however many sections there are
  if (raw.reduce((sum, { data }) => sum + data.length, 0) > bytes.length)
    throw new ObjectError('The file is damaged: its sections overlap.');
  if (namesIndex >= count) throw truncated('table of section names');
  const names = raw[namesIndex].data;
  return raw.map(({ nameAt, ...section }) => ({
    ...section,
    name: section.index === 0 ? '' : textAt(names, nameAt, 'table of section names'),
  }));
}

function readSymbols(sections: readonly ElfSection[], littleEndian: boolean): ElfSymbol[] {
  const tables = sections.filter((s) => s.type === SHT_SYMTAB);
  if (tables.length === 0)
    throw new ObjectError(
      'The object has no symbol table: it was stripped, so its programs cannot be found.',
    );
  if (tables.length > 1) throw new ObjectError('The object has more than one symbol table.');
  const table = tables[0];
  const strings = sections.at(table.link)?.data ?? new Uint8Array(0);
  const data = reader(table.data, littleEndian);
  return Array.from({ length: Math.floor(table.data.length / SYMBOL_SIZE) }, (_, i) => {
    const at = i * SYMBOL_SIZE;
    const nameAt = data.u32(at);
    const info = table.data[at + 4];
    const section = data.u16(at + 6);
    if (section >= sections.length && section < SHN_LORESERVE) throw truncated(`symbol ${i}`);
    return {
      name: nameAt === 0 ? '' : textAt(strings, nameAt, 'table of symbol names'),
      bind: info >> 4,
      type: info & 15,
      visibility: table.data[at + 5] & 3,
      section,
      value: data.u64(at + 8),
      size: data.u64(at + 16),
    };
  });
}

function readRelocations(
  section: ElfSection,
  symbols: readonly ElfSymbol[],
  littleEndian: boolean,
): ElfRelocation[] {
  const data = reader(section.data, littleEndian);
  return Array.from({ length: Math.floor(section.data.length / REL_SIZE) }, (_, i) => {
    const at = i * REL_SIZE;
    // the symbol is the upper half of r_info
    const symbol = symbols.at(data.u32(at + (littleEndian ? 12 : 8)));
    if (symbol === undefined) throw truncated(`list of relocations (${section.name})`);
    return { offset: data.u64(at), symbol };
  });
}
