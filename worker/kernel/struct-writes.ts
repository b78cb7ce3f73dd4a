import { STRUCT_WRITES } from './generated/struct-writes.ts';
import type { ProgTraits } from './prog-traits.ts';

/** Which bytes of a kernel struct a kind of program may write: `[first start, last start, end]` in bytes. */
export interface StructWriteRow {
  /** Program types (numbers) or struct_ops types (names) that the row is for. */
  readonly progs: readonly (number | string)[];
  readonly struct: string;
  readonly ranges: readonly (readonly [number, number, number])[];
}

/** Verdict on a store to a kernel struct by programs whose ops allow some (btf_struct_access). */
export type StructWrite =
  | { readonly ok: true }
  /** `only read is supported`. */
  | { readonly ok: false; readonly why: 'read-only' }
  /** `no write support to %s at off %d`. */
  | { readonly ok: false; readonly why: 'no-such-field'; readonly struct: string }
  /** `write access at off %d with size %d beyond the member of %s ended at %zu`. */
  | { readonly ok: false; readonly why: 'beyond'; readonly struct: string; readonly end: number };

const OK: StructWrite = { ok: true };
const READ_ONLY: StructWrite = { ok: false, why: 'read-only' };

/** Names in messages that are not the struct's own. */
const MESSAGE_NAMES: ReadonlyMap<string, string> = new Map([['nf_conn___init', 'nf_conn']]);

/** Do programs of this kind have a say of their own on stores to kernel structs (an ops->btf_struct_access)? */
export function hasStructWrites(prog: ProgTraits): boolean {
  const key = prog.structOps?.type ?? prog.progType;
  return STRUCT_WRITES.some((row) => row.progs.includes(key));
}

/** May `size` bytes at `off` of a kernel struct be written? Only for programs with {@link hasStructWrites}. */
export function structWrite(prog: ProgTraits, struct: string, off: number, size: number): StructWrite {
  const key = prog.structOps?.type ?? prog.progType;
  const row = STRUCT_WRITES.find((candidate) => candidate.struct === struct && candidate.progs.includes(key));
  if (row === undefined) return READ_ONLY;
  const name = MESSAGE_NAMES.get(struct) ?? struct;
  for (const [first, last, end] of row.ranges) {
    if (off < first || off > last) continue;
    return off + size > end ? { ok: false, why: 'beyond', struct: name, end } : OK;
  }
  return { ok: false, why: 'no-such-field', struct: name };
}
