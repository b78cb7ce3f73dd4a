import { decide } from './facts.ts';
import {
  HELPER_CONDITIONS,
  HELPER_NAMES,
  HELPER_PROTOS,
  HELPER_SETS,
  HELPER_TREES,
  HELPERS_BY_PROG_TYPE,
  HELPERS_BY_STRUCT_OPS,
} from './generated/helpers.ts';
import {
  HELPER_ACQUIRE,
  HELPER_ACQUIRES_FROM_SOCKMAP,
  HELPER_ALLOWED_UNDER_LOCK,
  HELPER_ASYNC_CALLBACK,
  HELPER_CHANGES_PKT_DATA,
  HELPER_INLINED,
  HELPER_PTR_CAST,
  HELPER_SYNC_CALLBACK,
  type HelperProto,
  type HelperRefusal,
  type HelperRow,
} from './helpers.ts';
import type { ProgTraits } from './prog-traits.ts';
import { BPF_PROG_TYPE_STRUCT_OPS } from './uapi.ts';

const PROTOS: ReadonlyMap<string, HelperProto> = new Map(HELPER_PROTOS.map((proto) => [proto.proto, proto]));

const IDS: ReadonlyMap<string, number> = new Map(HELPER_NAMES.map((name, id) => [name, id]));

/** Sets that are lines of code in the kernel rather than predicates: see {@link HELPER_ALLOWED_UNDER_LOCK}, {@link HELPER_INLINED}. */
const NAMED_SETS: readonly (readonly [number, readonly string[]])[] = [
  [HELPER_ALLOWED_UNDER_LOCK, ['bpf_spin_unlock', 'bpf_kptr_xchg']],
  [HELPER_INLINED, ['bpf_get_smp_processor_id', 'bpf_get_current_task', 'bpf_get_current_task_btf']],
];

const ROWS: readonly HelperRow[] = (() => {
  const traits = new Array<number>(HELPER_NAMES.length).fill(0);
  const mark = (bit: number, ids: readonly number[]): void => {
    for (const id of ids) traits[id] |= bit;
  };
  mark(HELPER_ACQUIRE, HELPER_SETS.acquire);
  mark(HELPER_ACQUIRES_FROM_SOCKMAP, HELPER_SETS.acquireFromSockmap);
  mark(HELPER_PTR_CAST, HELPER_SETS.ptrCast);
  mark(HELPER_SYNC_CALLBACK, HELPER_SETS.syncCallback);
  mark(HELPER_ASYNC_CALLBACK, HELPER_SETS.asyncCallback);
  mark(HELPER_CHANGES_PKT_DATA, HELPER_SETS.changesPktData);
  for (const [bit, names] of NAMED_SETS)
    mark(
      bit,
      names.flatMap((name) => IDS.get(name) ?? []),
    );
  return HELPER_NAMES.map((name, id) => ({ id, name, traits: traits[id] }));
})();

/** `bpf_map_lookup_elem` for 1; `unknown` for ids out of range, as the kernel's messages have it. */
export function helperName(id: number): string {
  return ROWS[id]?.name ?? 'unknown';
}

/** Id of a helper by its full name, or null. */
export function helperId(name: string): number | null {
  return IDS.get(name) ?? null;
}

export function helperRow(id: number): HelperRow | null {
  return ROWS[id] ?? null;
}

/** All helpers by id; the first (`bpf_unspec`) is no helper. */
export function helperRows(): readonly HelperRow[] {
  return ROWS;
}

/** HELPER_* bits of an id; 0 for ids out of range. */
export function helperTraits(id: number): number {
  return ROWS[id]?.traits ?? 0;
}

const perProgram = new WeakMap<ProgTraits, (HelperProto | null | undefined)[]>();

/**
 * The prototype that a program gets for a helper id, null if its type may not call it (get_func_proto).
 * Licence and `allowed` are not considered. Decided once per traits object.
 */
export function helperProto(id: number, prog: ProgTraits): HelperProto | null {
  let known = perProgram.get(prog);
  if (known === undefined)
    perProgram.set(
      prog,
      (known = new Array<HelperProto | null | undefined>(HELPER_NAMES.length).fill(undefined)),
    );
  if (id < 0 || id >= known.length) return null;
  let proto = known[id];
  if (proto === undefined) known[id] = proto = lookUp(id, prog);
  return proto;
}

function lookUp(id: number, prog: ProgTraits): HelperProto | null {
  const trees =
    prog.progType === BPF_PROG_TYPE_STRUCT_OPS ? structOpsTrees(prog) : HELPERS_BY_PROG_TYPE[prog.progType];
  if (trees === undefined) return null;
  const name = decide(HELPER_TREES[trees[id]], prog);
  return name === null ? null : (PROTOS.get(name) ?? null);
}

/** Types that the tables do not know (proposals, other kernels' modules) get the base set, as all but a few do. */
const BASE_SET_OF = 'Qdisc_ops';

function structOpsTrees(prog: ProgTraits): readonly number[] | undefined {
  if (prog.structOps === null) return undefined;
  return HELPERS_BY_STRUCT_OPS[prog.structOps.type] ?? HELPERS_BY_STRUCT_OPS[BASE_SET_OF];
}

/** Why a program may not call a helper; null if it may. The order is the kernel's. */
export function helperRefusal(id: number, prog: ProgTraits): HelperRefusal | null {
  if (ROWS[id] === undefined) return 'unknown-id';
  const proto = helperProto(id, prog);
  if (proto === null) return 'not-for-this-program';
  if (proto.gplOnly && !prog.gpl) return 'gpl-only';
  if (proto.allowed !== null && decide(HELPER_CONDITIONS[proto.allowed][prog.progType] ?? 0, prog) === 0)
    return 'not-allowed';
  return null;
}
