import type { Insns } from '../isa/insns.ts';
import type { Btf } from '../btf/btf.ts';

/** What an instruction's immediate stands for; keyed by instruction index in {@link Program.refs}. */
export type Ref =
  | { readonly kind: 'map'; readonly map: number }
  | { readonly kind: 'kfunc'; readonly name: string; readonly module: string | null }
  | { readonly kind: 'ksym'; readonly name: string; readonly symbol: 'var' | 'func'; readonly module: string | null };

/** A map as given to BPF_MAP_CREATE. `inner` indexes {@link Program.maps}; type ids are in the program's BTF. */
export interface MapDef {
  readonly name: string;
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  readonly keyTypeId: number;
  readonly valueTypeId: number;
  readonly inner: number | null;
  readonly extra: bigint;
  readonly frozen: boolean;
  /** Value of key 0 (.rodata and the like), or null. */
  readonly data: Uint8Array | null;
}

/** What the program attaches to, in the kernel's BTF. `prog`: another program (freplace). */
export type Attach =
  | { readonly kind: 'func' | 'typedef' | 'struct'; readonly name: string; readonly module: string | null }
  | { readonly kind: 'prog'; readonly id: string };

/** A kfunc that exists only in this program's text, with its flags; its prototype is in the program's BTF. */
export interface InventedKfunc {
  readonly name: string;
  /** BTF id of its FUNC in the program's BTF. */
  readonly typeId: number;
  readonly flags: number;
}

/** A program as the bpf(2) syscall would take it, plus what the playground knows about its source. */
export interface Program {
  readonly name: string;
  readonly section: string | null;
  readonly progType: number;
  readonly attachType: number;
  /** BPF_F_* load flags: 1 strict alignment, 8 test state frequency, 16 sleepable, 128 register invariants, … */
  readonly flags: number;
  readonly license: string;
  readonly privileged: boolean;
  readonly insns: Insns;
  readonly refs: ReadonlyMap<number, Ref>;
  readonly maps: readonly MapDef[];
  readonly btf: Btf | null;
  /** Rows `[instruction, typeId]`. */
  readonly funcInfo: readonly (readonly [number, number])[];
  /** Rows `[instruction, fileNameOff, lineOff, lineCol]`. */
  readonly lineInfo: readonly (readonly [number, number, number, number])[];
  readonly attach: Attach | null;
  /** Names of semantics switches (`kf-spin-lock`, `kf-forbid-fault`, …); empty: 7.3 as released. */
  readonly semantics: readonly string[];
  readonly invented: readonly InventedKfunc[];
  /** Flag overrides of real kfuncs by name (what-if), replacing the kernel's flags. */
  readonly kfuncFlags: ReadonlyMap<string, number>;
}
