import { BTF_KIND_DATASEC, BTF_KIND_FUNC, BTF_KIND_VAR } from '../btf/btf.ts';
import type { Btf, BtfType } from '../btf/btf.ts';
import { BTF_GLOBAL, BTF_STATIC } from '../btf/build.ts';
import { cleanNames } from './clean-names.ts';
import { STB_LOCAL, STV_HIDDEN, STV_INTERNAL } from './elf.ts';
import type { Elf, ElfSymbol } from './elf.ts';
import { CONFIG_SECTION, SYMBOL_SECTION } from './externs.ts';
import type { KconfigMap } from './kconfig.ts';
import { readBtf } from './read-btf.ts';
import { DATASEC_ENTRY, HEAD, typePlaces } from './type-places.ts';

/**
 * The object's types as libbpf completes them before a kernel sees them: sizes of data sections and places of variables,
 * which compilers leave to the linker, variables by place, what is hidden is static, and names that are none in C become such.
 */
export function fixBtf(btf: Btf, elf: Elf, kconfig: KconfigMap | null): Btf {
  const bytes = new Uint8Array(btf.bytes);
  const view = new DataView(bytes.buffer);
  const globals = new Map<string, ElfSymbol>();
  for (const symbol of elf.symbols)
    if (symbol.bind !== STB_LOCAL && symbol.section !== 0) globals.set(symbol.name, symbol);
  const isHidden = (name: string): boolean => {
    const visibility = globals.get(name)?.visibility;
    return visibility === STV_HIDDEN || visibility === STV_INTERNAL;
  };

  const sections = new Map(elf.sections.map((s) => [s.name, s]));

  const places = typePlaces(btf);
  const setLinkage = (variable: number, linkage: number): void =>
    view.setUint32(places.get(variable)! + HEAD, linkage, true);

  const section = (t: BtfType, place: number): void => {
    const inElf = sections.get(t.name);
    const unplaced = t.size === 0;
    if (t.name === CONFIG_SECTION) view.setUint32(place + 8, kconfig?.data.length ?? 0, true);
    else if (unplaced && inElf !== undefined) view.setUint32(place + 8, inElf.size, true);
    const rows = t.vars.map((row) => {
      const v = btf.type(row.type);
      if (v.kind !== BTF_KIND_VAR) return row;
      if (t.name === CONFIG_SECTION) {
        setLinkage(row.type, BTF_GLOBAL);
        return { ...row, offset: kconfig?.offsets.get(v.name) ?? row.offset };
      }
      if (v.linkage !== BTF_GLOBAL) return row;
      if (isHidden(v.name)) setLinkage(row.type, BTF_STATIC);
      return { ...row, offset: unplaced ? (globals.get(v.name)?.value ?? row.offset) : row.offset };
    });
    rows.sort((a, b) => a.offset - b.offset);
    rows.forEach((row, i) => {
      const entry = place + HEAD + i * DATASEC_ENTRY;
      view.setUint32(entry, row.type, true);
      view.setUint32(entry + 4, row.offset, true);
      view.setUint32(entry + 8, row.size, true);
    });
  };

  for (const [id, place] of places) {
    const t = btf.type(id);
    if (t.kind === BTF_KIND_DATASEC && t.name !== SYMBOL_SECTION) section(t, place);
    // the linkage of a function stands where other types count their members
    else if (t.kind === BTF_KIND_FUNC && t.linkage === BTF_GLOBAL && isHidden(t.name)) {
      view.setUint32(place + 4, (view.getUint32(place + 4, true) & 0xff000000) >>> 0, true);
    }
  }
  cleanNames(btf, places, bytes);
  return readBtf(bytes);
}
