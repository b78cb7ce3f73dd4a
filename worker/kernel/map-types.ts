/** A map type of this kernel. */
export interface MapTypeRow {
  readonly type: number;
  /** `hash` as in BPF_MAP_TYPE_HASH, lower case. */
  readonly name: string;
}
