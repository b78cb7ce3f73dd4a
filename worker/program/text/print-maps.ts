import { BTF_KIND_DATASEC } from '../../btf/btf.ts';
import type { CPrinter } from '../../btf/c/print.ts';
import { alignOf, declTag } from '../../btf/c/print-struct.ts';
import { printValue } from '../../btf/c/print-value.ts';
import { BPF_MAP_TYPE_INSN_ARRAY, mapType } from '../../kernel/map-types.ts';
import { insnArrayEntries } from '../insn-array.ts';
import { MAP_FLAGS } from '../map-def.ts';
import type { MapDef, Program } from '../program.ts';
import type { Names } from './print.ts';

/** Declarations of maps and variables, and how instructions name them. */
export interface PrintedMaps {
  readonly declarations: readonly string[];
  /** Jump tables, and which maps are frozen. */
  readonly directives: readonly string[];
  /** What a wide load of a map, or of `offset` bytes into its value, is written with. */
  symbol(map: number, offset: number): string;
}

interface Variable {
  readonly name: string;
  readonly offset: number;
}

/** Writes a program's maps: sections as their variables, the others as libbpf's structs. */
export function printMaps(program: Program, printer: CPrinter, names: Names, notes: string[]): PrintedMaps {
  const { maps } = program;
  const { btf } = printer;
  const declarations: string[] = [];
  const directives: string[] = [];
  const frozen: string[] = [];
  const inner = new Set(maps.flatMap((m) => (m.inner === null ? [] : [m.inner])));
  const referred = new Set(
    [...program.refs.values()].flatMap((ref) => (ref.kind === 'map' ? [ref.map] : [])),
  );
  const symbols: (readonly Variable[] | string)[] = maps.map((m, i) => {
    const datasec = m.valueTypeId === 0 ? null : btf.type(m.valueTypeId);
    if (datasec?.kind === BTF_KIND_DATASEC && datasec.vars.length > 0) return section(m);
    if (
      (m.valueTypeId === 0 || datasec?.kind === BTF_KIND_DATASEC) &&
      /^\.?\w*\.(rodata|data|bss)/.test(m.name)
    )
      return [opaque(m)];
    const entries = m.type === BPF_MAP_TYPE_INSN_ARRAY ? insnArrayEntries(m.data, m.maxEntries) : null;
    if (entries !== null && entries.length !== 0) {
      const table = names.claim(m.name === '' ? `table_${i}` : m.name);
      directives.push(`.jumptable ${table} ${entries.join(', ')}`);
      return table;
    }
    if (inner.has(i) && !referred.has(i)) return '';
    const name = names.claim(m.name === '' ? `map_${i}` : m.name);
    declarations.push(
      `struct {\n${properties(m)
        .map((line) => `\t${line}`)
        .join('\n')}\n} ${name} SEC(".maps");`,
    );
    if (m.frozen) frozen.push(name);
    return name;
  });

  function properties(m: MapDef): string[] {
    if (m.data !== null) notes.push(`The contents of map ${m.name} are not in the text.`);
    const lines = [`__uint(type, ${typeName(m.type)});`, `__uint(max_entries, ${m.maxEntries});`];
    lines.push(
      m.keyTypeId !== 0
        ? `__type(key, ${printer.declare(m.keyTypeId, '')});`
        : `__uint(key_size, ${m.keySize});`,
    );
    if (m.inner === null)
      lines.push(
        m.valueTypeId !== 0
          ? `__type(value, ${printer.declare(m.valueTypeId, '')});`
          : `__uint(value_size, ${m.valueSize});`,
      );
    if (m.flags !== 0) lines.push(`__uint(map_flags, ${flagsText(m.flags)});`);
    if (m.extra !== 0n) lines.push(`__ulong(map_extra, 0x${m.extra.toString(16)});`);
    if (m.inner !== null)
      lines.push(`__array(values, struct {\n\t\t${properties(maps[m.inner]).join('\n\t\t')}\n\t});`);
    return lines;
  }

  /** A section as its variables, each at its offset. */
  function section(m: MapDef): Variable[] {
    const datasec = btf.type(m.valueTypeId);
    const name = sectionName(datasec.name);
    const found: Variable[] = [];
    let end = 0;
    for (const v of datasec.vars) {
      const t = btf.type(v.type);
      const align = Math.max(1, alignOf(btf, t.type));
      const place = Math.ceil(end / align) * align;
      if (place < v.offset) found.push(unnamed(m, name, end, v.offset));
      const label = names.claim(t.name);
      const value = m.data === null ? null : printValue(btf, t.type, m.data, v.offset);
      const tags = btf.declTags(v.type).map(([tag]) => ` ${declTag(printer, tag)}`);
      // flags of the map say whether any variable is shared
      const local = (m.flags & MAP_FLAGS.get('BPF_F_MMAPABLE')!) === 0;
      declarations.push(
        `${local ? 'static ' : ''}${printer.declare(t.type, label)} SEC("${name}")${tags.join('')}${value === null ? '' : ` = ${value}`};`,
      );
      found.push({ name: label, offset: v.offset });
      end = v.offset + v.size;
    }
    if (end < m.valueSize) found.push(unnamed(m, name, end, m.valueSize));
    return found;
  }

  /** Bytes of a section that no variable names: padding, or literals. */
  function unnamed(m: MapDef, section: string, from: number, to: number): Variable {
    const label = names.claim(`__at_${from}`);
    const bytes = m.data?.subarray(from, to) ?? new Uint8Array(0);
    const value = bytes.some((byte) => byte !== 0) ? ` = ${bytesText(bytes)}` : '';
    declarations.push(`static char ${label}[${to - from}] SEC("${section}")${value};`);
    return { name: label, offset: from };
  }

  /** A section of which no types are known: one array of bytes. */
  function opaque(m: MapDef): Variable {
    const name = names.claim(m.name.replace(/^\w*\./, ''));
    const bytes = m.data === null ? '' : ` = ${bytesText(m.data)}`;
    const shared = (m.flags & MAP_FLAGS.get('BPF_F_MMAPABLE')!) !== 0;
    declarations.push(
      `${shared ? '' : 'static '}char ${name}[${m.valueSize}] SEC("${sectionName(m.name.slice(m.name.indexOf('.')))}")${bytes};`,
    );
    return { name, offset: 0 };
  }

  if (frozen.length !== 0) directives.push(`.freeze ${frozen.join(', ')}`);
  return {
    declarations,
    directives,
    symbol(map, offset) {
      const symbol = symbols[map];
      if (typeof symbol === 'string') return offset === 0 ? symbol : `${symbol}+${offset}`;
      const variable = symbol.findLast((v) => v.offset <= offset) ?? symbol[0];
      if (variable === undefined) return `map_${map}`;
      const rest = offset - variable.offset;
      return rest === 0 ? variable.name : `${variable.name}${rest < 0 ? '' : '+'}${rest}`;
    },
  };
}

/** An initialiser of an array of char. */
function bytesText(bytes: Uint8Array): string {
  return `{ ${[...bytes].map((byte) => (byte << 24) >> 24).join(', ')} }`;
}

/** Sections that the text does not know are data of another name. */
function sectionName(name: string): string {
  if (/^\.(bss|data|rodata)(\.|$)/.test(name)) return name;
  return name.startsWith('.kconfig')
    ? '.rodata.kconfig'
    : `.data${name.startsWith('.') ? name : `.${name}`}`.replace(/[^\w.]/g, '_');
}

function typeName(type: number): string {
  const name = mapType(type)?.name;
  return name === undefined ? String(type) : `BPF_MAP_TYPE_${name.toUpperCase()}`;
}

function flagsText(flags: number): string {
  const names = [...MAP_FLAGS].filter(([, bit]) => Math.floor(flags / bit) % 2 === 1).map(([name]) => name);
  return names.join(' | ');
}
