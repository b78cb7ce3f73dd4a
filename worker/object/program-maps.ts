import { BPF_MAP_TYPE_ARENA } from '../kernel/map-types.ts';
import type { MapDef } from '../program/program.ts';
import { dataKind, kconfigMap, sectionMap } from './data-maps.ts';
import { MAPS_SECTION } from './maps.ts';
import type { CompiledObject } from './open.ts';

/** Section of variables that live in the object's arena. */
const ARENA_SECTION = '.addr_space.1';
const PAGE_SIZE = 4096;

/** A map that an instruction refers to, and how far into its value (null: the map itself). */
export interface MapReference {
  readonly map: number;
  readonly valueOffset: number | null;
}

/** The maps of one program: only those that it refers to, in the order in which it does. */
export interface ProgramMaps {
  readonly defs: readonly MapDef[];
  /** What `offset` bytes into a section of the object mean; null if they are no map and no data. */
  reference(section: number, offset: number): MapReference | null;
  kconfig(offset: number): MapReference;
  /** Adds a map of the loader's making once for each `key`. */
  add(key: string, make: () => MapDef): number;
}

export function programMaps(object: CompiledObject): ProgramMaps {
  const { elf, btf, maps, name } = object;
  const defs: MapDef[] = [];
  const index = new Map<string, number>();
  const add = (key: string, make: () => MapDef): number => {
    const known = index.get(key);
    if (known !== undefined) return known;
    const def = make();
    index.set(key, defs.length);
    return defs.push(def) - 1;
  };
  const declared = (i: number): number => {
    const { def, inner } = maps[i];
    const template = inner === null ? null : add(`inner ${i}`, () => ({ ...inner, inner: null }));
    return add(`declared ${i}`, () => ({ ...def, inner: template }));
  };

  /** Variables of an arena lie at its end. */
  const inArena = (offset: number, size: number): MapReference | null => {
    const arena = maps.findIndex((m) => m.def.type === BPF_MAP_TYPE_ARENA);
    if (arena < 0) return null;
    const start = (maps[arena].def.maxEntries - Math.ceil(size / PAGE_SIZE)) * PAGE_SIZE;
    return { map: declared(arena), valueOffset: start + offset };
  };

  return {
    defs,
    add,
    kconfig: (offset) => ({
      map: add('kconfig', () => kconfigMap(object.kconfig!, btf, name)),
      valueOffset: offset,
    }),
    reference(at, offset) {
      const section = elf.sections[at];
      if (section.name === MAPS_SECTION) {
        const i = maps.findIndex((m) => m.offset === offset);
        return i < 0 ? null : { map: declared(i), valueOffset: null };
      }
      if (section.name === ARENA_SECTION) return inArena(offset, section.size);
      const kind = dataKind(section);
      return kind === null
        ? null
        : { map: add(`section ${at}`, () => sectionMap(section, kind, btf, name)), valueOffset: offset };
    },
  };
}
