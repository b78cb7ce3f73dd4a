import { BTF_KIND_DATASEC } from '../../btf/btf.ts';
import type { Btf, BtfType } from '../../btf/btf.ts';
import { BTF_GLOBAL } from '../../btf/build.ts';
import { mapName } from '../../program/created-map.ts';
import type { Program } from '../../program/program.ts';
import { SHT_NOBITS, SHT_PROGBITS, STB_GLOBAL, STB_LOCAL, STT_OBJECT, STT_SECTION } from '../elf.ts';
import { MAPS_SECTION } from '../maps.ts';
import type { NewSection, NewSymbol } from './elf-file.ts';

/** Maps and global data of a program as sections. */
export interface WrittenData {
  readonly sections: readonly NewSection[];
  readonly symbols: readonly NewSymbol[];
  /** Symbol of a declared map, by index. */
  readonly maps: ReadonlyMap<number, NewSymbol>;
  /** Symbol of the section of a map of global data, by index. */
  readonly data: ReadonlyMap<number, NewSymbol>;
}

const SHF_WRITE = 1;
const SHF_ALLOC = 2;

export function writeData({ btf, maps }: Program): WrittenData {
  const sections: NewSection[] = [];
  const symbols: NewSymbol[] = [];
  const declared = new Map<number, NewSymbol>();
  const data = new Map<number, NewSymbol>();
  if (btf === null) return { sections, symbols, maps: declared, data };

  const add = (datasec: BtfType, bytes: Uint8Array | null, size: number, flags: number): NewSection => {
    const section = {
      name: datasec.name,
      type: bytes === null ? SHT_NOBITS : SHT_PROGBITS,
      flags,
      data: bytes ?? new Uint8Array(0),
      size,
      relocations: [],
    };
    sections.push(section);
    symbols.push(...variables(btf, datasec, section));
    return section;
  };

  const declarations = btf.find(MAPS_SECTION, BTF_KIND_DATASEC);
  if (declarations !== 0) {
    const datasec = btf.type(declarations);
    const section = add(datasec, new Uint8Array(datasec.size), datasec.size, SHF_WRITE | SHF_ALLOC);
    const inner = new Set(maps.map((m) => m.inner));
    for (const symbol of symbols.filter((s) => s.section === section)) {
      const index = maps.findIndex(
        (m, i) => m.name === mapName(symbol.name) && !inner.has(i) && !declared.has(i),
      );
      if (index >= 0) declared.set(index, symbol);
    }
  }
  for (const [i, map] of maps.entries()) {
    const datasec = map.valueTypeId === 0 ? null : btf.type(map.valueTypeId);
    if (datasec?.kind !== BTF_KIND_DATASEC) continue;
    const isBss = datasec.name.startsWith('.bss');
    const flags = datasec.name.startsWith('.rodata') ? SHF_ALLOC : SHF_WRITE | SHF_ALLOC;
    const bytes = isBss ? null : (map.data ?? new Uint8Array(map.valueSize));
    const section = add(datasec, bytes, map.valueSize, flags);
    const symbol = { name: '', type: STT_SECTION, bind: STB_LOCAL, section, value: 0, size: 0 };
    symbols.push(symbol);
    data.set(i, symbol);
  }
  return { sections, symbols, maps: declared, data };
}

/** libbpf looks for the symbol of every variable that is not static. */
function variables(btf: Btf, datasec: BtfType, section: NewSection): NewSymbol[] {
  return datasec.vars.flatMap(({ type, offset, size }) => {
    const { name, linkage } = btf.type(type);
    return linkage === BTF_GLOBAL
      ? [{ name, type: STT_OBJECT, bind: STB_GLOBAL, section, value: offset, size }]
      : [];
  });
}
