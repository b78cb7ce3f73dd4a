import {
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FUNC,
  BTF_KIND_FWD,
  BTF_KIND_STRUCT,
  BTF_KIND_TYPEDEF,
  BTF_KIND_UNION,
  BTF_KIND_VAR,
} from '../btf/btf.ts';
import type { Btf } from '../btf/btf.ts';
import { innerNamePlaces } from './type-places.ts';

/** Kinds whose names are identifiers; others have words (`unsigned int`), tags or sections. */
const NAMED: ReadonlySet<number> = new Set([
  BTF_KIND_STRUCT,
  BTF_KIND_UNION,
  BTF_KIND_ENUM,
  BTF_KIND_ENUM64,
  BTF_KIND_FWD,
  BTF_KIND_TYPEDEF,
  BTF_KIND_FUNC,
  BTF_KIND_VAR,
]);

const UNDERSCORE = '_'.charCodeAt(0);

const isPart = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === UNDERSCORE ||
  byte === 0x2e;

/**
 * Makes names that C does not have (Rust's `Option<u32>`) such by underscores, as loaders for such languages do: a kernel
 * takes no others. `places`: where the types lie; changes `bytes`, a copy of the raw data.
 */
export function cleanNames(btf: Btf, places: ReadonlyMap<number, number>, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const strings = view.getUint32(4, true) + view.getUint32(16, true);
  const clean = (nameAt: number): void => {
    const offset = view.getUint32(nameAt, true);
    if (offset === 0) return;
    for (let i = strings + offset; bytes[i] !== 0; i++) if (!isPart(bytes[i])) bytes[i] = UNDERSCORE;
  };
  for (const [id, place] of places) {
    const t = btf.type(id);
    if (NAMED.has(t.kind)) clean(place);
    for (const name of innerNamePlaces(t, place)) clean(name);
  }
}
