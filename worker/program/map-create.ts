import { MAP_FLAGS } from './map-def.ts';
import { flag, has, WANTED, WITH_EXTRA, type Sizes } from './map-wanted.ts';
import type { MapDef } from './program.ts';

/**
 * Why the kernel would not create a map, in words; null if nothing is known against it. Asked are sizes, entries and flags, not
 * whether there is memory for it.
 */
export function whyNotCreated(def: MapDef): string | null {
  const wanted = WANTED.get(def.type);
  if (wanted === undefined) return null;
  const unknown = [...MAP_FLAGS].find(
    ([name, bit]) => (def.flags & bit) !== 0 && !wanted.flags.includes(name.slice('BPF_F_'.length)),
  );
  if (unknown !== undefined) return `maps of this type cannot have ${unknown[0]}`;
  const missing = wanted.needs?.find((name) => (def.flags & flag(name)) === 0);
  if (missing !== undefined) return `maps of this type must have BPF_F_${missing}`;
  if (has(def, 'RDONLY_PROG') && has(def, 'WRONLY_PROG'))
    return 'a program could neither read nor write it (BPF_F_RDONLY_PROG and BPF_F_WRONLY_PROG)';
  if (def.extra !== 0n && !WITH_EXTRA.has(def.type)) return 'maps of this type have no map_extra';
  return (
    sizeSays('key', def.keySize, wanted.key) ??
    sizeSays('value', def.valueSize, wanted.value) ??
    entriesSay(def.maxEntries, wanted.entries) ??
    (wanted.typed === true && (def.keyTypeId === 0 || def.valueTypeId === 0)
      ? 'maps of this type are declared with types of key and value (__type), not with sizes'
      : null) ??
    wanted.more?.(def) ??
    null
  );
}

function sizeSays(what: 'key' | 'value', size: number, sizes: Sizes): string | null {
  if ('from' in sizes) {
    if (size >= sizes.from && size <= sizes.to) return null;
    if (size < sizes.from && size === 0) return `it needs a ${what} (__type(${what}, …) or ${what}_size)`;
    return size < sizes.from
      ? `its ${what} has ${bytes(size)}, and must have at least ${sizes.from}`
      : `its ${what} has ${bytes(size)}, and may have at most ${sizes.to}`;
  }
  if (sizes.includes(size)) return null;
  if (sizes[0] === 0) return `maps of this type have no ${what}; this one has a ${what} of ${bytes(size)}`;
  return `its ${what} must have ${sizes.join(' or ')} bytes, not ${size}`;
}

const bytes = (size: number): string => (size === 1 ? '1 byte' : `${size} bytes`);

function entriesSay(entries: number, wanted: 'some' | 'none'): string | null {
  if (wanted === 'some') return entries === 0 ? 'it has no entries (max_entries)' : null;
  return entries === 0 ? null : `maps of this type have no max_entries; this one says ${entries}`;
}
