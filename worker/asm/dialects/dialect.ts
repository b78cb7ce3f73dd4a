import { Insns } from '../../isa/insns.ts';
import type { Slot } from '../../isa/instruction.ts';
import { toInsns } from '../../isa/encode.ts';
import type { AsmError, Span } from '../diagnostic.ts';

/** Notations, other than our own, in which people have programs. */
export type DialectName = 'verifier-log' | 'xlated' | 'objdump' | 'hex' | 'macros' | 'mnemonic' | 'prevail';

/** A guess at the notation of a text; `confidence` from 0 to 1. */
export interface Recognised {
  readonly dialect: DialectName;
  readonly confidence: number;
}

/** Something that an instruction refers to, as far as the text tells. */
export type ConvertedRef =
  | { readonly kind: 'helper'; readonly name: string; readonly id: number }
  /** `id`: the BTF id in the kernel that the text comes from, if it says. */
  | { readonly kind: 'kfunc'; readonly name: string; readonly id: number | null }
  /** The map's name and sizes where the text has them; the offset into the value is in the instruction. */
  | {
      readonly kind: 'map';
      readonly name: string | null;
      readonly keySize: number | null;
      readonly valueSize: number | null;
    }
  | { readonly kind: 'ksym'; readonly name: string | null }
  | { readonly kind: 'subprog'; readonly name: string; readonly slot: number }
  /** A relocation: a map, a variable, a function elsewhere … */
  | { readonly kind: 'symbol'; readonly name: string; readonly use: 'call' | 'address' };

/** A foreign text as a program. Fields that stand for maps and BTF ids are zero and named in `refs`. */
export interface Converted {
  readonly dialect: DialectName;
  readonly insns: Insns;
  /** First slots of functions by name. */
  readonly labels: ReadonlyMap<string, number>;
  readonly refs: ReadonlyMap<number, ConvertedRef>;
  /** What was guessed, filled in or left out. */
  readonly notes: readonly AsmError[];
  readonly errors: readonly AsmError[];
}

/** What a converter may ask. */
export interface ConvertContext {
  /** Id of a helper by its full name (`bpf_map_lookup_elem`), or null. */
  helperId?(name: string): number | null;
  /** Value of a C constant that only the kernel's headers know, or null. */
  constant?(name: string): bigint | null;
}

/** Results under construction. */
export interface Draft {
  readonly slots: Slot[];
  readonly labels: Map<string, number>;
  readonly refs: Map<number, ConvertedRef>;
  readonly notes: AsmError[];
  readonly errors: AsmError[];
}

export const draft = (): Draft => ({ slots: [], labels: new Map(), refs: new Map(), notes: [], errors: [] });

export const converted = (dialect: DialectName, d: Draft): Converted => ({
  dialect,
  insns: toInsns(d.slots),
  labels: d.labels,
  refs: d.refs,
  notes: d.notes,
  errors: d.errors,
});

/** Slots from little-endian bytes; the length must be a multiple of 8. */
export function slotsOfBytes(bytes: readonly number[]): Slot[] {
  const insns = Insns.fromBytes(Uint8Array.from(bytes));
  return Array.from(insns.code, (code, i) => ({
    code,
    dst: insns.dst[i],
    src: insns.src[i],
    off: insns.off[i],
    imm: insns.imm[i],
  }));
}

/** Span of a whole line. */
export const lineSpan = (line: number, text: string): Span => ({
  line,
  col: 1,
  endCol: Math.max(2, text.length + 1),
});

/** Highest helper id that a name followed by `#id` may mean; BTF ids of kfuncs are far above. */
export const HELPER_ID_LIMIT = 1000;

/** Tells whether `call name#id` is a helper or a kfunc. A known helper name decides; in xlated dumps its id is an address. */
export function calleeOf(
  name: string,
  id: number,
  context: ConvertContext,
): Extract<ConvertedRef, { kind: 'helper' | 'kfunc' }> {
  const known = context.helperId?.(name) ?? null;
  if (known !== null) return { kind: 'helper', name, id: known };
  return id >= 0 && id < HELPER_ID_LIMIT ? { kind: 'helper', name, id } : { kind: 'kfunc', name, id };
}
