import { STRUCT_WRITES } from './generated/struct-writes.ts';
import type { ProgTraits } from './prog-traits.ts';

/** Which bytes of a kernel struct a kind of program may write: `[first start, last start, end]` in bytes. */
export interface StructWriteRow {
  /** Program types (numbers) or struct_ops types (names) that the row is for. */
  readonly progs: readonly (number | string)[];
  readonly struct: string;
  readonly ranges: readonly (readonly [number, number, number])[];
}

/**
 * Verdict on a store to a kernel struct by programs whose ops allow some (btf_struct_access). What the ops say
 * is given per case; the verifier then adds `%s cannot write into ptr_%s at off=%d size=%d`.
 */
export type StructWrite =
  | { readonly ok: true }
  /** `only read is supported`. */
  | { readonly ok: false; readonly why: 'read-only' }
  /** `no write support to %s at off %d`. */
  | { readonly ok: false; readonly why: 'no-such-field'; readonly struct: string }
  /** `write access at off %d with size %d beyond the member of %s ended at %zu`. */
  | { readonly ok: false; readonly why: 'beyond'; readonly struct: string; readonly end: number }
  /** `only access to %s is supported`. */
  | { readonly ok: false; readonly why: 'other-struct'; readonly struct: string }
  /** `write access at off %d with size %d`. */
  | { readonly ok: false; readonly why: 'outside' }
  /** Nothing. */
  | { readonly ok: false; readonly why: 'silent' };

const OK: StructWrite = { ok: true };
const READ_ONLY: StructWrite = { ok: false, why: 'read-only' };
const OUTSIDE: StructWrite = { ok: false, why: 'outside' };
const SILENT: StructWrite = { ok: false, why: 'silent' };

/** struct_ops types with one writable struct and words of their own: refusal of other structs, of other bytes. */
const OWN_WORDS: ReadonlyMap<number | string, readonly [otherStruct: StructWrite, outside: StructWrite]> =
  new Map<number | string, readonly [StructWrite, StructWrite]>([
    ['bpf_dummy_ops', [{ ok: false, why: 'other-struct', struct: 'bpf_dummy_ops_state' }, OUTSIDE]],
    ['io_uring_bpf_ops', [SILENT, SILENT]],
  ]);

/** Types whose ops let any struct be written up to a size (of `struct st_ops_args`, in the test module). */
const ANY_STRUCT: ReadonlyMap<number | string, number> = new Map<number | string, number>([
  ['bpf_testmod_st_ops', 8],
]);

/** Names in messages that are not the struct's own. */
const MESSAGE_NAMES: ReadonlyMap<string, string> = new Map([['nf_conn___init', 'nf_conn']]);

function keyOf(prog: ProgTraits): number | string {
  return prog.structOps?.type ?? prog.progType;
}

/** Do programs of this kind have a say of their own on stores to kernel structs (an ops->btf_struct_access)? */
export function hasStructWrites(prog: ProgTraits): boolean {
  const key = keyOf(prog);
  return ANY_STRUCT.has(key) || STRUCT_WRITES.some((row) => row.progs.includes(key));
}

/** May `size` bytes at `off` of a kernel struct be written? Only for programs with {@link hasStructWrites}. */
export function structWrite(prog: ProgTraits, struct: string, off: number, size: number): StructWrite {
  const key = keyOf(prog);
  const limit = ANY_STRUCT.get(key);
  if (limit !== undefined) return off >= 0 && off + size <= limit ? OK : SILENT;
  const own = OWN_WORDS.get(key);
  const row = STRUCT_WRITES.find((candidate) => candidate.struct === struct && candidate.progs.includes(key));
  if (row === undefined) return own ? own[0] : READ_ONLY;
  const name = MESSAGE_NAMES.get(struct) ?? struct;
  for (const [first, last, end] of row.ranges) {
    if (off < first || off > last) continue;
    if (off + size <= end) return OK;
    return own ? own[1] : { ok: false, why: 'beyond', struct: name, end };
  }
  return own ? own[1] : { ok: false, why: 'no-such-field', struct: name };
}
