import { BTF_KIND_DATASEC, BTF_KIND_VAR } from '../btf/btf.ts';
import type { Btf } from '../btf/btf.ts';
import { BTF_STATIC } from '../btf/build.ts';
import { BPF_MAP_TYPE_ARRAY, BPF_MAP_TYPE_PERCPU_ARRAY } from '../kernel/map-types.ts';
import { sectionMapName } from '../program/created-map.ts';
import { MAP_FLAGS } from '../program/map-def.ts';
import type { MapDef } from '../program/program.ts';
import { SHF_EXECINSTR, SHT_NOBITS, SHT_PROGBITS } from './elf.ts';
import type { ElfSection } from './elf.ts';
import { CONFIG_SECTION } from './externs.ts';
import type { KconfigMap } from './kconfig.ts';

type DataKind = 'data' | 'rodata' | 'bss' | 'percpu';

const NAMES: readonly { readonly kind: DataKind; readonly name: string; readonly type: number }[] = [
  { kind: 'data', name: '.data', type: SHT_PROGBITS },
  { kind: 'rodata', name: '.rodata', type: SHT_PROGBITS },
  { kind: 'percpu', name: '.percpu', type: SHT_PROGBITS },
  { kind: 'bss', name: '.bss', type: SHT_NOBITS },
];

/** Which global data a section holds; null if it holds none. */
export function dataKind({ name, type, flags, size }: ElfSection): DataKind | null {
  if ((flags & SHF_EXECINSTR) !== 0 || size === 0) return null;
  return (
    NAMES.find((row) => row.type === type && (name === row.name || name.startsWith(`${row.name}.`)))?.kind ??
    null
  );
}

/** The map that libbpf makes of a section of global data. */
export function sectionMap(section: ElfSection, kind: DataKind, btf: Btf | null, objectName: string): MapDef {
  return {
    ...internalMap(
      section.name,
      section.size,
      btf,
      kind === 'percpu' ? '' : objectName,
      kind === 'rodata',
      kind !== 'percpu',
    ),
    type: kind === 'percpu' ? BPF_MAP_TYPE_PERCPU_ARRAY : BPF_MAP_TYPE_ARRAY,
    data: kind === 'bss' ? null : section.data,
  };
}

/** The map of the values of the kernel's configuration. */
export function kconfigMap({ data }: KconfigMap, btf: Btf | null, objectName: string): MapDef {
  return { ...internalMap(CONFIG_SECTION, data.length, btf, objectName, true, true), data };
}

function internalMap(
  section: string,
  size: number,
  btf: Btf | null,
  objectName: string,
  readOnly: boolean,
  mappable: boolean,
): MapDef {
  const valueTypeId = btf?.find(section, BTF_KIND_DATASEC) ?? 0;
  // user space gets to see what is not static
  const shared =
    mappable &&
    valueTypeId !== 0 &&
    btf!
      .type(valueTypeId)
      .vars.some(
        ({ type }) => btf!.type(type).kind === BTF_KIND_VAR && btf!.type(type).linkage !== BTF_STATIC,
      );
  return {
    name: sectionMapName(section, objectName),
    type: BPF_MAP_TYPE_ARRAY,
    keySize: 4,
    valueSize: size,
    maxEntries: 1,
    flags:
      (readOnly ? MAP_FLAGS.get('BPF_F_RDONLY_PROG')! : 0) | (shared ? MAP_FLAGS.get('BPF_F_MMAPABLE')! : 0),
    keyTypeId: 0,
    valueTypeId,
    inner: null,
    extra: 0n,
    frozen: readOnly,
    data: null,
  };
}
