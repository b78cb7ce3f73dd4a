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
 * Verdict on a store to a kernel struct by programs whose ops allow some (btf_struct_access). `text` is what the
 * ops say themselves, with its newline; empty: nothing. The verifier then adds
 * `%s cannot write into ptr_%s at off=%d size=%d`.
 */
export type StructWrite = { readonly ok: true } | { readonly ok: false; readonly text: string };

const OK: StructWrite = { ok: true };

/** How the ops of a kind of program word their refusals. */
interface Wording {
  /** Of a store to a struct that has no writable field at all. */
  readonly otherStruct: string;
  /** Of a store that starts in no writable field. */
  readonly noField: (struct: string, off: number, size: number) => string;
  /** Of a store that runs past the field's end. */
  readonly beyond: (struct: string, off: number, size: number, end: number) => string;
}

const USUAL: Wording = {
  otherStruct: 'only read is supported\n',
  noField: (struct, off) => `no write support to ${struct} at off ${off}\n`,
  beyond: (struct, off, size, end) =>
    `write access at off ${off} with size ${size} beyond the member of ${struct} ended at ${end}\n`,
};
const DUMMY: Wording = {
  otherStruct: 'only access to bpf_dummy_ops_state is supported\n',
  noField: (_struct, off, size) => `write access at off ${off} with size ${size}\n`,
  beyond: (_struct, off, size) => `write access at off ${off} with size ${size}\n`,
};
const SILENT: Wording = { otherStruct: '', noField: () => '', beyond: () => '' };

const WORDINGS: ReadonlyMap<number | string, Wording> = new Map<number | string, Wording>([
  ['bpf_dummy_ops', DUMMY],
  ['io_uring_bpf_ops', SILENT],
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
  if (limit !== undefined) return off >= 0 && off + size <= limit ? OK : { ok: false, text: '' };
  const wording = WORDINGS.get(key) ?? USUAL;
  const row = STRUCT_WRITES.find((candidate) => candidate.struct === struct && candidate.progs.includes(key));
  if (row === undefined) return { ok: false, text: wording.otherStruct };
  const name = MESSAGE_NAMES.get(struct) ?? struct;
  for (const [first, last, end] of row.ranges) {
    if (off < first || off > last) continue;
    return off + size <= end ? OK : { ok: false, text: wording.beyond(name, off, size, end) };
  }
  return { ok: false, text: wording.noField(name, off, size) };
}
