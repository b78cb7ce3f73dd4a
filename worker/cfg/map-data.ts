import type { MapInfo } from '../state/map-info.ts';
import { BPF_MAP_TYPE_ARRAY } from '../kernel/uapi.ts';
import { BPF_F_RDONLY_PROG } from './map-flags.ts';

/** Can neither the program nor user space write to the map any more (kernel: bpf_map_is_rdonly)? */
export function isReadOnlyMap(map: MapInfo): boolean {
  return (map.flags & BPF_F_RDONLY_PROG) !== 0 && map.frozen;
}

/**
 * A number in the value of a map whose contents are fixed (.rodata), as unsigned 64 bits after extension; null
 * if it is not known: other maps, and reads outside (kernel: bpf_map_direct_read). A value without data is zero.
 */
export function readConstantMap(map: MapInfo, off: number, size: number, signed: boolean): bigint | null {
  if (map.type !== BPF_MAP_TYPE_ARRAY || map.maxEntries !== 1 || !isReadOnlyMap(map)) return null;
  if (off < 0 || off + size > map.valueSize) return null;
  let value = 0n;
  for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(map.def.data?.[off + i] ?? 0);
  return signed && size < 8 ? BigInt.asUintN(64, BigInt.asIntN(8 * size, value)) : value;
}
