import {
  BTF_KIND_ARRAY,
  BTF_KIND_DATASEC,
  BTF_KIND_DECL_TAG,
  BTF_KIND_ENUM64,
  BTF_KIND_FUNC,
  BTF_KIND_INT,
  BTF_KIND_VAR,
} from '../btf/btf.ts';
import type { Btf, BtfType } from '../btf/btf.ts';
import { BTF_GLOBAL, BTF_STATIC } from '../btf/build.ts';
import { parseBtf } from '../btf/parse.ts';
import { STB_LOCAL, STV_HIDDEN, STV_INTERNAL } from './elf.ts';
import type { Elf, ElfSymbol } from './elf.ts';
import { CONFIG_SECTION, SYMBOL_SECTION } from './externs.ts';
import type { KconfigMap } from './kconfig.ts';

const HEAD_WORDS = 3;
const DATASEC_ENTRY_WORDS = 3;

/** Words that a type takes in the type section. */
function wordsOf(t: BtfType): number {
  const fixed =
    t.kind === BTF_KIND_ARRAY
      ? 3
      : t.kind === BTF_KIND_INT || t.kind === BTF_KIND_VAR || t.kind === BTF_KIND_DECL_TAG
        ? 1
        : 0;
  const perEnumerator = t.kind === BTF_KIND_ENUM64 ? 3 : 2;
  return (
    HEAD_WORDS +
    fixed +
    t.members.length * 3 +
    t.params.length * 2 +
    t.vars.length * DATASEC_ENTRY_WORDS +
    t.enumerators.length * perEnumerator
  );
}

/**
 * The object's types as libbpf completes them before a kernel sees them: sizes of data sections and places of variables,
 * which compilers leave to the linker, variables by place, and what is hidden is static.
 */
export function fixBtf(btf: Btf, elf: Elf, kconfig: KconfigMap | null): Btf {
  const bytes = new Uint8Array(btf.bytes);
  const view = new DataView(bytes.buffer);
  const typeStart = view.getUint32(4, true) + view.getUint32(8, true);
  const globals = new Map<string, ElfSymbol>();
  for (const symbol of elf.symbols)
    if (symbol.bind !== STB_LOCAL && symbol.section !== 0) globals.set(symbol.name, symbol);
  const isHidden = (name: string): boolean => {
    const visibility = globals.get(name)?.visibility;
    return visibility === STV_HIDDEN || visibility === STV_INTERNAL;
  };

  const sections = new Map(elf.sections.map((s) => [s.name, s]));

  const places = new Map<number, number>();
  let at = typeStart;
  for (let id = btf.firstId; id < btf.nextId; id++) {
    places.set(id, at);
    at += wordsOf(btf.type(id)) * 4;
  }
  const setLinkage = (variable: number, linkage: number): void =>
    view.setUint32(places.get(variable)! + HEAD_WORDS * 4, linkage, true);

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
      const entry = place + (HEAD_WORDS + i * DATASEC_ENTRY_WORDS) * 4;
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
  return parseBtf(bytes);
}
