import { BPF_MAP_TYPE_INSN_ARRAY } from '../kernel/map-types.ts';
import { mapName } from './created-map.ts';
import type { MapDef } from './program.ts';

/** Bytes of an entry of an instruction array: the index of an instruction, then what the kernel fills in. */
export const INSN_ARRAY_ENTRY = 16;

/** The contents of an instruction array whose entries are these instructions. */
export function insnArrayData(entries: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(entries.length * INSN_ARRAY_ENTRY);
  const view = new DataView(bytes.buffer);
  for (const [i, at] of entries.entries()) view.setUint32(i * INSN_ARRAY_ENTRY, at, true);
  return bytes;
}

/** Instruction indexes that an instruction array's contents name; null if they are not as many as it has entries. */
export function insnArrayEntries(data: Uint8Array | null, maxEntries: number): number[] | null {
  if (data === null || data.byteLength < maxEntries * INSN_ARRAY_ENTRY) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: maxEntries }, (_, i) => view.getUint32(i * INSN_ARRAY_ENTRY, true));
}

/** The frozen map that libbpf makes of a jump table. */
export function jumpTableMap(name: string, entries: readonly number[]): MapDef {
  return {
    name: mapName(name),
    type: BPF_MAP_TYPE_INSN_ARRAY,
    keySize: 4,
    valueSize: INSN_ARRAY_ENTRY,
    maxEntries: entries.length,
    flags: 0,
    keyTypeId: 0,
    valueTypeId: 0,
    inner: null,
    extra: 0n,
    frozen: true,
    data: insnArrayData(entries),
  };
}
