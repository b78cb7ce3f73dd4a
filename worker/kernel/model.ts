import type { Btf } from '../btf/btf.ts';
import type { CtxAccess } from './ctx.ts';
import type { HelperProto, HelperRefusal, HelperRow } from './helpers.ts';
import type { Kfunc } from './kfuncs.ts';
import type { MapTypeRow } from './map-types.ts';
import type { ProgTraits } from './prog-traits.ts';
import type { ProgTypeRow } from './prog-types.ts';
import type { SafeFields } from './trust.ts';

/**
 * A switch that changes the rules: `kf-spin-lock` (the proposal's spelling of what 7.3 does: flags decide),
 * `kf-spin-lock-before` (families decide, module kfuncs never), `kf-forbid-fault`.
 */
export type Semantics = 'kf-spin-lock' | 'kf-spin-lock-before' | 'kf-forbid-fault';

/** The kernel as the verifier sees it: tables and the questions that the engine asks of them. */
export interface KernelModel {
  /** e.g. `7.3.4`. */
  readonly version: string;
  readonly semantics: ReadonlySet<Semantics>;

  /** The kernel's own types. Throws {@link KernelTypesMissing} if they were not loaded. */
  btf(): Btf;
  /** Were the kernel's types loaded? */
  readonly hasBtf: boolean;
  /** A module's types, null if there is no such module (or it is not shipped). */
  moduleBtf(name: string): Btf | null;

  /** `bpf_map_lookup_elem`, or `unknown` as the log has it for ids out of range. */
  helperName(id: number): string;
  /** What is known of a helper whatever the program; null for ids out of range. */
  helperRow(id: number): HelperRow | null;
  /** The prototype that this program gets, null if it may not call the helper; O(1). */
  helper(id: number, prog: ProgTraits): HelperProto | null;
  /** Why a program may not call a helper, null if it may (licence and `allowed` conditions included). */
  helperRefusal(id: number, prog: ProgTraits): HelperRefusal | null;

  /** A kfunc by name; `module` null searches the kernel, then the modules it knows, as libbpf does. */
  kfunc(name: string, module: string | null): Kfunc | null;
  /** All kfuncs, invented ones included. */
  kfuncs(): readonly Kfunc[];
  /** Is the kfunc registered for this program, filters included? */
  kfuncAllowed(kfunc: Kfunc, prog: ProgTraits): boolean;
  /** May the kfunc be called while a lock is held, under these semantics? */
  spinAllowed(kfunc: Kfunc): boolean;

  /** Result of a ctx access for program types whose ctx is a table; null if the access is invalid. */
  ctxAccess(prog: ProgTraits, off: number, size: number, write: boolean): CtxAccess | null;

  /** Null if there is no such program type in this kernel. */
  progType(type: number): ProgTypeRow | null;
  /** Null if there is no such map type in this kernel. */
  mapType(type: number): MapTypeRow | null;

  /** Pointer fields of kernel structs that keep or gain trust when loaded, by struct name. */
  readonly safeFields: SafeFields;
}

/** The kernel's types are needed but were not loaded. */
export class KernelTypesMissing extends Error {
  override readonly name = 'KernelTypesMissing';
  constructor(readonly what: string) {
    super(`kernel types were not loaded: ${what}`);
  }
}
