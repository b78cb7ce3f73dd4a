import { SHT_NOBITS, SHT_REL, SHT_SYMTAB, STB_LOCAL } from '../elf.ts';

const SHT_STRTAB = 3;
const HEADER = 64;
const SECTION = 64;
const SYMBOL = 24;
const RELOCATION = 16;

/** Relocations of wide loads, of data, and of calls. */
export const R_BPF_64_64 = 1;
export const R_BPF_64_ABS64 = 2;
export const R_BPF_64_32 = 10;

/** A section to be written; `size` counts for sections without bytes in the file. */
export interface NewSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly data: Uint8Array;
  readonly size: number;
  readonly relocations: NewRelocation[];
}

/** A symbol to be written; `section` null: defined elsewhere. */
export interface NewSymbol {
  readonly name: string;
  readonly type: number;
  readonly bind: number;
  readonly section: NewSection | null;
  readonly value: number;
  readonly size: number;
}

export interface NewRelocation {
  /** In bytes. */
  readonly offset: number;
  readonly type: number;
  readonly symbol: NewSymbol;
}

/** Strings, each ended by NUL, and where they begin. */
function stringTable(): { offset(text: string): number; bytes(): Uint8Array } {
  const at = new Map<string, number>([['', 0]]);
  let all = '\0';
  return {
    offset(text) {
      let offset = at.get(text);
      if (offset === undefined) {
        at.set(text, (offset = new TextEncoder().encode(all).length));
        all += `${text}\0`;
      }
      return offset;
    },
    bytes: () => new TextEncoder().encode(all),
  };
}

/** A 64-bit little-endian relocatable object for BPF of these sections and symbols. */
export function elfFile(sections: readonly NewSection[], symbols: readonly NewSymbol[]): Uint8Array {
  const strings = stringTable();
  // local symbols come first, says the format
  const ordered = [...symbols].sort((a, b) => Number(a.bind !== STB_LOCAL) - Number(b.bind !== STB_LOCAL));
  const index = new Map(ordered.map((symbol, i) => [symbol, i + 1]));
  const places = new Map(sections.map((section, i) => [section, i + 1]));
  const symbolTable = new Uint8Array((ordered.length + 1) * SYMBOL);
  const table = new DataView(symbolTable.buffer);
  ordered.forEach(({ name, type, bind, section, value, size }, i) => {
    const at = (i + 1) * SYMBOL;
    table.setUint32(at, strings.offset(name), true);
    table.setUint8(at + 4, (bind << 4) | type);
    table.setUint16(at + 6, section === null ? 0 : places.get(section)!, true);
    table.setBigUint64(at + 8, BigInt(value), true);
    table.setBigUint64(at + 16, BigInt(size), true);
  });

  const symtab = sections.length + 1;
  const related = sections.filter((s) => s.relocations.length > 0);
  const strtab = symtab + related.length + 1;
  const locals = ordered.filter((s) => s.bind === STB_LOCAL).length + 1;
  const rows = [
    { name: '', type: 0, flags: 0, data: new Uint8Array(0), size: 0, link: 0, info: 0, entry: 0, align: 0 },
    ...sections.map((s) => ({ ...s, link: 0, info: 0, entry: 0, align: 8 })),
    {
      name: '.symtab',
      type: SHT_SYMTAB,
      flags: 0,
      data: symbolTable,
      size: symbolTable.length,
      link: strtab,
      info: locals,
      entry: SYMBOL,
      align: 8,
    },
    ...related.map((s) => {
      const data = relocationTable(s.relocations, index);
      return {
        name: `.rel${s.name}`,
        type: SHT_REL,
        flags: 0,
        data,
        size: data.length,
        link: symtab,
        info: places.get(s)!,
        entry: RELOCATION,
        align: 8,
      };
    }),
  ];
  const names = [...rows.map((row) => strings.offset(row.name)), strings.offset('.strtab')];
  const text = strings.bytes();
  return layOut(
    [
      ...rows,
      {
        name: '.strtab',
        type: SHT_STRTAB,
        flags: 0,
        data: text,
        size: text.length,
        link: 0,
        info: 0,
        entry: 0,
        align: 1,
      },
    ],
    names,
  );
}

function relocationTable(
  relocations: readonly NewRelocation[],
  index: ReadonlyMap<NewSymbol, number>,
): Uint8Array {
  const bytes = new Uint8Array(relocations.length * RELOCATION);
  const view = new DataView(bytes.buffer);
  relocations.forEach(({ offset, type, symbol }, i) => {
    view.setBigUint64(i * RELOCATION, BigInt(offset), true);
    view.setUint32(i * RELOCATION + 8, type, true);
    view.setUint32(i * RELOCATION + 12, index.get(symbol)!, true);
  });
  return bytes;
}

interface Row {
  readonly type: number;
  readonly flags: number;
  readonly data: Uint8Array;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly entry: number;
  readonly align: number;
}

/** Header, sections one behind the other, and their table; `names`: where their names lie in the last of them. */
function layOut(rows: readonly Row[], names: readonly number[]): Uint8Array {
  const offsets: number[] = [];
  let end = HEADER;
  for (const row of rows) {
    end = Math.ceil(end / 8) * 8;
    offsets.push(end);
    if (row.type !== SHT_NOBITS) end += row.data.length;
  }
  const table = Math.ceil(end / 8) * 8;
  const file = new Uint8Array(table + rows.length * SECTION);
  const view = new DataView(file.buffer);
  // ELF, 64 bits, little-endian, version 1
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 1, true);
  view.setUint16(18, 247, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(40, BigInt(table), true);
  [HEADER, 0, 0, SECTION, rows.length, rows.length - 1].forEach((n, i) =>
    view.setUint16(52 + 2 * i, n, true),
  );
  rows.forEach((row, i) => {
    const at = table + i * SECTION;
    if (row.type !== SHT_NOBITS) file.set(row.data, offsets[i]);
    view.setUint32(at, names[i], true);
    view.setUint32(at + 4, row.type, true);
    view.setBigUint64(at + 8, BigInt(row.flags), true);
    view.setBigUint64(at + 24, BigInt(i === 0 ? 0 : offsets[i]), true);
    view.setBigUint64(at + 32, BigInt(row.size), true);
    view.setUint32(at + 40, row.link, true);
    view.setUint32(at + 44, row.info, true);
    view.setBigUint64(at + 48, BigInt(row.align), true);
    view.setBigUint64(at + 56, BigInt(row.entry), true);
  });
  return file;
}
