import type { CEmitter } from '../../btf/c/emit.ts';
import type { CMap } from '../../btf/c/maps.ts';
import type { CSection, CUnit } from '../../btf/c/unit.ts';
import { BPF_MAP_TYPE_ARRAY } from '../../kernel/map-types.ts';
import { insnArrayData, jumpTableMap } from '../insn-array.ts';
import { createdEntries, isCreatedTyped, mapName, sectionMapName } from '../created-map.ts';
import { MAP_FLAGS } from '../map-def.ts';
import type { MapDef } from '../program.ts';

/** A text's maps, and how its names find them. */
export interface TextMaps {
  readonly defs: readonly MapDef[];
  /** Index into `defs` by declared name or section name. */
  readonly index: ReadonlyMap<string, number>;
}

/**
 * Turns declared maps, data sections and jump tables (instructions by the table's name) into definitions, as libbpf
 * would create them.
 */
export function buildMaps(
  unit: CUnit,
  jumpTables: ReadonlyMap<string, readonly number[]>,
  emit: CEmitter,
  objectName: string,
): TextMaps {
  const defs: MapDef[] = [];
  const index = new Map<string, number>();
  for (const section of unit.sections) {
    index.set(section.name, defs.length);
    defs.push(sectionMap(section, emit, objectName));
  }
  const add = (map: CMap): number => {
    const inner = map.inner === null ? null : add(map.inner);
    const typed = isCreatedTyped(map.type);
    defs.push({
      name: mapName(map.name),
      type: map.type,
      keySize: map.keySize,
      valueSize: map.valueSize,
      maxEntries: createdEntries(map.type, map.maxEntries),
      flags: map.flags,
      keyTypeId: typed && map.key !== null ? emit.type(map.key) : 0,
      valueTypeId: typed && map.value !== null ? emit.type(map.value) : 0,
      inner,
      extra: map.extra,
      frozen: false,
      data: null,
    });
    return defs.length - 1;
  };
  for (const map of unit.maps) index.set(map.name, add(map));
  for (const [name, entries] of jumpTables) {
    const declared = index.get(name);
    index.set(name, declared ?? defs.length);
    if (declared === undefined) defs.push(jumpTableMap(name, entries));
    else defs[declared] = filled(defs[declared], entries);
  }
  return { defs, index };
}

function sectionMap(section: CSection, emit: CEmitter, objectName: string): MapDef {
  const shared = section.variables.some((v) => !v.static);
  const flags =
    (section.kind === 'rodata' ? MAP_FLAGS.get('BPF_F_RDONLY_PROG')! : 0) |
    (shared ? MAP_FLAGS.get('BPF_F_MMAPABLE')! : 0);
  return {
    name: sectionMapName(section.name, objectName),
    type: BPF_MAP_TYPE_ARRAY,
    keySize: 4,
    valueSize: section.size,
    maxEntries: 1,
    flags,
    keyTypeId: 0,
    valueTypeId: emit.section(section),
    inner: null,
    extra: 0n,
    frozen: section.kind === 'rodata',
    data: section.kind === 'bss' ? null : section.data,
  };
}

/** A declared instruction array with its contents; entries that are not given are the first instruction. */
function filled(def: MapDef, entries: readonly number[]): MapDef {
  const maxEntries = def.maxEntries === 0 ? entries.length : def.maxEntries;
  const rest = new Array<number>(Math.max(0, maxEntries - entries.length)).fill(0);
  return { ...def, maxEntries, frozen: true, data: insnArrayData([...entries, ...rest]) };
}
