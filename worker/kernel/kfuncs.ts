import { decide, type Tree } from './facts.ts';
import { familiesOf } from './families.ts';
import { KFUNC_FILTERS, KFUNC_ROWS, KFUNC_SETS } from './generated/kfuncs.ts';
import { SPECIAL_KFUNCS } from './generated/special-kfuncs.ts';
import { progType } from './prog-types.ts';
import type { ProgTraits } from './prog-traits.ts';

/** A kfunc as generated: name, flags, indexes of sets, module or null. */
export type KfuncRow = readonly [name: string, flags: number, sets: readonly number[], module: string | null];

/** A registration set and the hooks it is registered under. */
export interface KfuncSet {
  readonly name: string;
  readonly hooks: readonly string[];
}

/** A kfunc as the engine sees it: flags after overlays, family bits, where it lives. */
export interface Kfunc {
  readonly name: string;
  /** Null: the kernel's own; else a module's name. */
  readonly module: string | null;
  /** KF_* after semantics overlay and the program's own overrides. */
  readonly flags: number;
  /** FAMILY_* bits. */
  readonly families: number;
  /** Registration sets, names as in the source. Empty for invented kfuncs. */
  readonly sets: readonly string[];
  /** Hooks under which it is registered; `COMMON` is every program's. */
  readonly hooks: readonly string[];
  /** Number of a kfunc that the verifier knows by name (`KF_bpf_…` in generated/special-kfuncs.ts), 0 for none. */
  readonly special: number;
  /** BTF id of its FUNC in the program's BTF for invented kfuncs, else 0. */
  readonly inventedTypeId: number;
}

const SPECIAL: ReadonlyMap<string, number> = new Map(SPECIAL_KFUNCS.map((name, i) => [name, i]));

/** Hook of `fmod_ret` attachments: such entries make a function attachable, not callable. */
const FMODRET = 'FMODRET';
const COMMON = 'COMMON';

/** Builds a kfunc that is not (or not only) in the tables. */
export function makeKfunc(
  name: string,
  flags: number,
  registration: {
    readonly module: string | null;
    readonly sets: readonly string[];
    readonly hooks: readonly string[];
    readonly inventedTypeId?: number;
  },
): Kfunc {
  const own = registration.module === null && !registration.inventedTypeId;
  return {
    name,
    module: registration.module,
    flags,
    families: own ? familiesOf(name) : 0,
    sets: registration.sets,
    hooks: registration.hooks,
    special: own ? (SPECIAL.get(name) ?? 0) : 0,
    inventedTypeId: registration.inventedTypeId ?? 0,
  };
}

/** The kernel's kfuncs as released. */
export const KFUNCS: readonly Kfunc[] = KFUNC_ROWS.map(([name, flags, sets, module]) =>
  makeKfunc(name, flags, {
    module,
    sets: sets.map((set) => KFUNC_SETS[set].name),
    hooks: [...new Set(sets.flatMap((set) => KFUNC_SETS[set].hooks))],
  }),
);

/**
 * Is the kfunc registered for a program (btf_kfunc_is_allowed)? The common hook serves every type, then the
 * type's own hook; each hook's filters may refuse.
 */
export function kfuncAllowed(kfunc: Kfunc, prog: ProgTraits): boolean {
  if (kfunc.inventedTypeId !== 0) return true;
  if (kfunc.hooks.includes(COMMON) && passes(COMMON, kfunc, prog)) return true;
  const hook = progType(prog.progType)?.kfuncHook ?? null;
  return hook !== null && kfunc.hooks.includes(hook) && passes(hook, kfunc, prog);
}

function passes(hook: string, kfunc: Kfunc, prog: ProgTraits): boolean {
  const filter: Tree<number> | undefined = KFUNC_FILTERS[hook]?.[kfunc.name];
  return filter === undefined || decide(filter, prog) === 0;
}

/** Is the function listed as attachable by fmod_ret programs; its flags if so, else null (btf_kfunc_is_modify_return). */
export function modifyReturnFlags(name: string): number | null {
  for (const kfunc of KFUNCS) if (kfunc.name === name && kfunc.hooks.includes(FMODRET)) return kfunc.flags;
  return null;
}
