import { BTF_KIND_FUNC, type Btf } from '../../btf/btf.ts';
import { paramHasSuffix } from '../../btf/match.ts';
import type { Place } from '../../calls/kfunc/gates.ts';
import { lacksDevice, prototypeRefusal } from '../../cfg/kfuncs.ts';
import type { Kfunc } from '../../kernel/kfuncs.ts';
import type { KernelModel } from '../../kernel/model.ts';
import type { Program } from '../../program/program.ts';
import { canHold, stateIn, type Column, type Held } from './columns.ts';
import { legality, type Judged, type Legality, type Question } from './legality.ts';
import type { Setting } from './programs.ts';

/** The kfuncs of a kernel under the switches and flags in force, those that the program invents included. */
export interface Realm {
  /** With the kernel's types. */
  readonly model: KernelModel;
  /** Kinds of programs that calls are tried in. */
  readonly settings: readonly Setting[];
  /** The program whose invented kfuncs the model has; null: none. */
  readonly program: Program | null;
  /** C declarations of the invented kfuncs, with all that they name; empty without any. */
  readonly declarations: string;
  /** `.kfunc` directives that give kfuncs of the kernel the flags that they have here. */
  readonly flagDirectives: readonly string[];
}

/** A cell: what becomes of the call, and in which program that is so. */
export interface Cell {
  readonly legality: Legality;
  /** Null: no program can come into the column's circumstances. */
  readonly setting: Setting | null;
  /** What is held there, null: nothing. */
  readonly held: Held | null;
}

const PRIVILEGED: Place['caps'] = { bpfCapable: true, allowPtrLeaks: true };

/** How far a call comes before it is refused: the verdict that is most about the column is the furthest one. */
const REACH: Readonly<Record<Question, number>> = {
  privilege: 0,
  device: 1,
  prototype: 12,
  registered: 2,
  lock: 3,
  policy: 4,
  'program-sleeps': 5,
  arguments: 6,
  'region-end': 7,
  'region-sleeps': 8,
  rcu: 9,
  exception: 10,
};

const reach = (l: Legality): number => (l.allowed ? 11 : REACH[l.question]);

const judgedIn = new WeakMap<Realm, Map<Kfunc, Judged>>();

/** A kfunc with what the rules ask of its neighbours and prototype. */
export function judgedOf(realm: Realm, kfunc: Kfunc): Judged {
  let known = judgedIn.get(realm);
  if (known === undefined) judgedIn.set(realm, (known = new Map()));
  let judged = known.get(kfunc);
  if (judged === undefined) known.set(kfunc, (judged = judge(realm, kfunc)));
  return judged;
}

function judge(realm: Realm, kfunc: Kfunc): Judged {
  const { model } = realm;
  const named = /^(bpf_iter_\w+_)(?:next|destroy)$/.exec(kfunc.name);
  const maker =
    named === null
      ? null
      : (model.kfunc(`${named[1]}new`, kfunc.module) ?? model.kfunc(`${named[1]}new`, null));
  const found = funcOf(realm, kfunc);
  if (found === null) return { kfunc, maker, prototype: null, releasesFromIter: false };
  const { btf, id } = found;
  const first = btf.type(btf.type(id).type).params[0];
  return {
    kfunc,
    maker,
    // an invented one's refusal is the text's affair
    prototype:
      kfunc.inventedTypeId !== 0 ? null : prototypeRefusal(model, realm.settings[0].traits, btf, id, kfunc),
    releasesFromIter: first !== undefined && paramHasSuffix(first, '__iter'),
  };
}

/** Where a kfunc's FUNC is; null if its types were not loaded. */
export function funcOf(
  { model, program }: Pick<Realm, 'model' | 'program'>,
  kfunc: Kfunc,
): { readonly btf: Btf; readonly id: number } | null {
  const invented = kfunc.inventedTypeId !== 0;
  const btf = invented
    ? (program?.btf ?? null)
    : kfunc.module === null
      ? model.btf()
      : model.moduleBtf(kfunc.module);
  const id = invented ? kfunc.inventedTypeId : (btf?.find(kfunc.name, BTF_KIND_FUNC) ?? 0);
  return btf === null || id === 0 ? null : { btf, id };
}

/** The programs that a kfunc is registered for; all, if it is for none: they then show that. */
export function homesOf(realm: Realm, kfunc: Kfunc): readonly Setting[] {
  const homes = realm.settings.filter(
    ({ traits }) => realm.model.kfuncAllowed(kfunc, traits) && !lacksDevice(kfunc, traits),
  );
  return homes.length === 0 ? realm.settings : homes;
}

/** Does a column exist under the switches in force? */
export function columnExists(model: KernelModel, column: Column): boolean {
  return column.id !== 'nofault' || model.forbidsFault;
}

/** Judges a call in one kind of program that holds something. */
export function judgeIn(realm: Realm, judged: Judged, held: Held | null, { traits }: Setting): Legality {
  return legality(
    { cur: stateIn(held, traits.sleepable), model: realm.model, traits, caps: PRIVILEGED },
    judged,
  );
}

/** Every way in which a call could be in a column's circumstances, the plainest first. */
export function* waysInto(
  realm: Realm,
  judged: Judged,
  column: Column,
  homes: readonly Setting[],
): Generator<Cell & { readonly setting: Setting }> {
  for (const setting of settingsFor(realm, column, homes)) {
    for (const held of column.helds) {
      if (!canHold(setting, held) || (held === 'nofault' && !realm.model.forbidsFault)) continue;
      yield { legality: judgeIn(realm, judged, held, setting), setting, held };
    }
  }
}

/**
 * Judges a kfunc under a column's circumstances: in the first way in which the call is allowed, else in the one where it comes
 * furthest. `homes`: {@link homesOf} the kfunc.
 */
export function judgeCell(realm: Realm, judged: Judged, column: Column, homes: readonly Setting[]): Cell {
  let best: Cell | null = null;
  for (const way of waysInto(realm, judged, column, homes)) {
    // what is held only to allow a call says nothing of a call that it does not allow
    const counts = way.legality.allowed || way.held === column.helds[0];
    if (counts && (best === null || reach(way.legality) > reach(best.legality))) best = way;
    if (way.legality.allowed) break;
  }
  return best ?? { legality: { allowed: true }, setting: null, held: null };
}

/** The programs in which a column can be shown, the plainest first; those where the kfunc is registered if there are any. */
function settingsFor(realm: Realm, column: Column, homes: readonly Setting[]): readonly Setting[] {
  const own = homes.filter(column.takes);
  return own.length > 0 ? own : realm.settings.filter(column.takes);
}
