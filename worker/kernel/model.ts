import type { Btf } from '../btf/btf.ts';
import { BTF_KIND_FUNC } from '../btf/btf.ts';
import { ctxAccess, type CtxAccess } from './ctx.ts';
import { ASKS } from './families.ts';
import { KERNEL_VERSION } from './generated/version.ts';
import { helperName, helperProto, helperRefusal, helperRow } from './helper-access.ts';
import type { HelperProto, HelperRefusal, HelperRow } from './helpers.ts';
import { KF_SPINLOCK_SAFE } from './kfunc-flags.ts';
import { KFUNCS, kfuncAllowed, makeKfunc, type Kfunc } from './kfuncs.ts';
import type { KernelTypes } from './load.ts';
import { mapType, type MapTypeRow } from './map-types.ts';
import { FORBID_FAULT_OVERLAY, UFQ_OVERLAY, type Overlay } from './overlays.ts';
import type { ProgTraits } from './prog-traits.ts';
import { progType, type ProgTypeRow } from './prog-types.ts';
import { SAFE, type SafeFields } from './trust.ts';

/**
 * A switch that changes the rules: `kf-spin-lock` (the proposal's spelling of what 7.3 does: flags decide),
 * `kf-spin-lock-before` (families decide, module kfuncs never), `kf-forbid-fault`.
 */
export type Semantics = 'kf-spin-lock' | 'kf-spin-lock-before' | 'kf-forbid-fault';

const SEMANTICS: ReadonlySet<string> = new Set<Semantics>([
  'kf-spin-lock',
  'kf-spin-lock-before',
  'kf-forbid-fault',
]);

/** Is it the name of a semantics switch? */
export function isSemantics(name: string): name is Semantics {
  return SEMANTICS.has(name);
}

/** The kernel as the verifier sees it: tables and the questions that the engine asks of them. */
export interface KernelModel {
  /** e.g. `7.3.4`. */
  readonly version: string;
  readonly semantics: ReadonlySet<Semantics>;

  /** Were the kernel's types loaded? */
  readonly hasBtf: boolean;
  /** The kernel's own types. Throws {@link KernelTypesMissing} if they were not loaded. */
  btf(): Btf;
  /** A module's types, null if there is no such module (or it is not shipped). Throws like {@link btf}. */
  moduleBtf(name: string): Btf | null;

  /** `bpf_map_lookup_elem`, or `unknown` as the log has it for ids out of range. */
  helperName(id: number): string;
  /** What is known of a helper whatever the program; null for ids out of range. */
  helperRow(id: number): HelperRow | null;
  /** The prototype that this program gets, null if its type may not call the helper; O(1). */
  helper(id: number, prog: ProgTraits): HelperProto | null;
  /** Why a program may not call a helper, null if it may (licence and `allowed` conditions included). */
  helperRefusal(id: number, prog: ProgTraits): HelperRefusal | null;

  /** A kfunc by name; `module` null: the kernel's own or an invented one. Null if unknown under these semantics. */
  kfunc(name: string, module: string | null): Kfunc | null;
  /** All kfuncs, invented ones included. */
  kfuncs(): readonly Kfunc[];
  /** Is the kfunc registered for this program, filters included? */
  kfuncAllowed(kfunc: Kfunc, prog: ProgTraits): boolean;
  /** May the kfunc be called while a lock is held, under these semantics? */
  spinAllowed(kfunc: Kfunc): boolean;
  /** Do references that forbid faulting exist under these semantics (`forbid_fault_count`, "nofault region")? */
  readonly forbidsFault: boolean;

  /** Result of a ctx access (CTX_READ, CTX_READ_SX or CTX_WRITE) for table-described contexts; null if invalid. */
  ctxAccess(prog: ProgTraits, off: number, size: number, mode: number): CtxAccess | null;

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

/** What makes one model differ from another. */
export interface ModelOptions {
  /** Null: not loaded; questions that need them throw {@link KernelTypesMissing}. */
  readonly types?: KernelTypes | null;
  readonly semantics?: readonly Semantics[];
  /** Kfuncs of the program's text; they hide kernel kfuncs of the same name. */
  readonly invented?: readonly { readonly name: string; readonly typeId: number; readonly flags: number }[];
  /** Flags by kfunc name that replace the kernel's (what-if). */
  readonly kfuncFlags?: ReadonlyMap<string, number>;
}

/** Builds the model for one verification. Cheap: tables are shared, only kfuncs that differ are made anew. */
export function createKernelModel(options: ModelOptions = {}): KernelModel {
  const types = options.types ?? null;
  const semantics = new Set(options.semantics ?? []);
  const kfuncs = kfuncTable(options, semantics, types);
  const byFamily = semantics.has('kf-spin-lock-before') && !semantics.has('kf-spin-lock');
  const loaded = (what: string): KernelTypes => {
    if (types === null) throw new KernelTypesMissing(what);
    return types;
  };
  return {
    version: KERNEL_VERSION,
    semantics,
    hasBtf: types !== null,
    btf: () => loaded('vmlinux').vmlinux,
    moduleBtf: (name) => loaded(name).modules.get(name) ?? null,
    helperName,
    helperRow,
    helper: helperProto,
    helperRefusal,
    kfunc: (name, module) => kfuncs.get(kfuncKey(name, module)) ?? null,
    kfuncs: () => [...kfuncs.values()],
    kfuncAllowed,
    spinAllowed: byFamily
      ? (kfunc) => kfunc.module === null && (kfunc.families & ASKS.allowedUnderLockByFamily) !== 0
      : (kfunc) => (kfunc.flags & KF_SPINLOCK_SAFE) !== 0,
    forbidsFault: semantics.has('kf-forbid-fault'),
    ctxAccess,
    progType,
    mapType,
    safeFields: SAFE,
  };
}

function kfuncKey(name: string, module: string | null): string {
  return module === null ? name : `${module}:${name}`;
}

const RELEASED: ReadonlyMap<string, Kfunc> = new Map(
  KFUNCS.map((kfunc) => [kfuncKey(kfunc.name, kfunc.module), kfunc]),
);

function kfuncTable(
  options: ModelOptions,
  semantics: ReadonlySet<Semantics>,
  types: KernelTypes | null,
): ReadonlyMap<string, Kfunc> {
  const overlays: Overlay[] = [];
  if (semantics.has('kf-forbid-fault')) overlays.push(FORBID_FAULT_OVERLAY);
  // UFQ's kfuncs exist where the kernel's types have them: the build with the series
  if (types !== null && UFQ_OVERLAY.added.every(({ name }) => types.vmlinux.find(name, BTF_KIND_FUNC) !== 0))
    overlays.push(UFQ_OVERLAY);
  const invented = options.invented ?? [];
  const flags = options.kfuncFlags ?? new Map<string, number>();
  if (overlays.length === 0 && invented.length === 0 && flags.size === 0) return RELEASED;

  const table = new Map(RELEASED);
  for (const overlay of overlays) {
    for (const { name, flags: own, hooks } of overlay.added)
      table.set(name, makeKfunc(name, own, { module: null, sets: [], hooks }));
    for (const [name, changed] of overlay.flags) override(table, name, changed);
  }
  for (const [name, changed] of flags) override(table, name, changed);
  for (const { name, typeId, flags: own } of invented) {
    table.set(
      name,
      makeKfunc(name, own, { module: null, sets: [], hooks: ['COMMON'], inventedTypeId: typeId }),
    );
  }
  return table;
}

/** Gives every kfunc of the name, in the kernel or a module, other flags. */
function override(table: Map<string, Kfunc>, name: string, flags: number): void {
  for (const [key, kfunc] of table) if (kfunc.name === name) table.set(key, { ...kfunc, flags });
}
