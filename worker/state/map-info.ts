import type { Btf } from '../btf/btf.ts';
import type { BtfRecord } from '../btf/fields.ts';
import type { MapDef } from '../program/program.ts';

/**
 * A map as the verifier sees it (kernel: `struct bpf_map`): its definition plus what map creation derived.
 * One object per map of the program; identity comparison is map identity.
 */
export interface MapInfo {
  /** Position in the program's maps; inner maps that no instruction names have one too. */
  readonly index: number;
  readonly def: MapDef;
  readonly name: string;
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  readonly frozen: boolean;
  /** The program's BTF when the map has key/value types, else null. */
  readonly btf: Btf | null;
  /** Special fields of the value (locks, timers, kptrs …), null if there are none. */
  readonly record: BtfRecord | null;
  /** Template of the maps inside a map-in-map. */
  readonly inner: MapInfo | null;
}
