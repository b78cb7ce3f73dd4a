import {
  refusedUnderLock,
  REGISTERED,
  BEFORE_ARGUMENTS,
  SLEEPABLE_WITHIN,
  REQUIRES_RCU,
  REGION_EFFECTS,
  applyRegion,
  regionDepth,
} from '../../calls/kfunc/gates.ts';
import type { Gate, Place } from '../../calls/kfunc/gates.ts';
import { kernCtxType } from '../../calls/kfunc/kern-ctx.ts';
import { mayIterateCssTasks } from '../../calls/kfunc/iter-args.ts';
import { kfuncRules as K } from '../../calls/kfunc/rules.ts';
import { lacksDevice } from '../../cfg/kfuncs.ts';
import { cfgRules } from '../../cfg/rules.ts';
import { throwRefusal } from '../../context/leaks.ts';
import { contextRules } from '../../context/rules.ts';
import { callRules } from '../../engine/rules.ts';
import type { Arg } from '../../failure/format.ts';
import type { Rejection, Rule } from '../../failure/rule.ts';
import { ASKS, FAMILY_RES_SPIN_LOCK } from '../../kernel/families.ts';
import {
  KF_bpf_cast_to_kern_ctx,
  KF_bpf_dynptr_slice_rdwr,
  KF_bpf_iter_css_task_new,
  KF_bpf_local_irq_restore,
  KF_bpf_throw,
} from '../../kernel/generated/special-kfuncs.ts';
import { KF_ITER_DESTROY, KF_ITER_NEXT, KF_RCU_PROTECTED, KF_RELEASE } from '../../kernel/kfunc-flags.ts';
import type { Kfunc } from '../../kernel/kfuncs.ts';
import { WRITE } from '../../memory/access.ts';
import { touchesPackets } from '../../memory/packet.ts';
import { REF_IRQ, REF_LOCK_MASK, REF_RES_LOCK, REF_RES_LOCK_IRQ } from '../../state/reference.ts';
import { inRcuCs } from '../../state/regions.ts';

/**
 * Which question decided. `walk` and `arguments`: the rules before and after it let the call pass; those at `arguments` ask what
 * only an object of the right state can answer (an iterator, a lock, saved flags), of which the place has none.
 */
export type Question =
  | 'privilege'
  | 'device'
  | 'prototype'
  | 'lock'
  | 'registered'
  | 'policy'
  | 'program-sleeps'
  | 'arguments'
  | 'region-end'
  | 'region-sleeps'
  | 'rcu'
  | 'exception';

/** What becomes of a call at a place, whatever is passed to it beyond what it must be passed. */
export type Legality =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly question: Question;
      readonly rule: Rule;
      /** Values of the rule's text; null: they depend on the arguments. */
      readonly args: readonly Arg[] | null;
      /** The rule is asked before the arguments are looked at: any call fails by it. */
      readonly early: boolean;
    };

/** A kfunc, and what its prototype and its iterator's other kfuncs tell. */
export interface Judged {
  readonly kfunc: Kfunc;
  /** The kfunc that makes the iterator which this one uses or ends; null for others. */
  readonly maker: Kfunc | null;
  /** Why its prototype is refused, null: it is not. */
  readonly prototype: Rejection | null;
  /** It gives back what an iterator acquired (first argument `…__iter`). */
  readonly releasesFromIter: boolean;
}

const ALLOWED: Legality = { allowed: true };

const QUESTION_OF: ReadonlyMap<Rule, Question> = new Map([
  [K.trap, 'policy'],
  [K.destructive, 'policy'],
  [K.perfmon, 'policy'],
  [K.programNotSleepable, 'program-sleeps'],
]);

function refused(question: Question, rule: Rule, args: readonly Arg[] | null, early: boolean): Legality {
  return { allowed: false, question, rule, args, early };
}

function byGate(gate: Gate, place: Place, kfunc: Kfunc, question: Question, early: boolean): Legality | null {
  return gate.refuses(place, kfunc)
    ? refused(question, gate.rule, gate.args(place, kfunc.name), early)
    : null;
}

/**
 * Asks the verifier's own rules, in its order, whether a kfunc may be called at a place. The place's state is changed
 * if the call is allowed and opens or closes a region.
 */
export function legality(place: Place, judged: Judged): Legality {
  const { kfunc } = judged;
  if (!place.caps.bpfCapable) return refused('privilege', cfgRules.callsNotPermitted, [], true);
  if (!place.traits.gpl) return refused('privilege', cfgRules.kfuncLicense, [], true);
  if (lacksDevice(kfunc, place.traits)) return refused('device', cfgRules.kfuncDevBound, [], true);
  if (judged.prototype !== null)
    return refused('prototype', judged.prototype.rule, judged.prototype.args, true);
  if (refusedUnderLock(place, kfunc)) return refused('lock', callRules.callUnderLock, [], true);
  const registered = byGate(REGISTERED, place, kfunc, 'registered', true);
  if (registered !== null) return registered;
  for (const gate of BEFORE_ARGUMENTS) {
    const early = byGate(gate, place, kfunc, QUESTION_OF.get(gate.rule)!, true);
    if (early !== null) return early;
  }
  const rule = missingObject(place, judged);
  if (rule !== null) return refused('arguments', rule, null, false);
  const effect = REGION_EFFECTS.get(kfunc.special);
  if (effect !== undefined) {
    if (!effect.opens && regionDepth(place.cur, effect.region) === 0)
      return refused('region-end', effect.unmatched, [kfunc.name], false);
    applyRegion(place.cur, effect);
  }
  const late =
    byGate(SLEEPABLE_WITHIN, place, kfunc, 'region-sleeps', false) ??
    byGate(REQUIRES_RCU, place, kfunc, 'rcu', false);
  if (late !== null) return late;
  const thrown = kfunc.special === KF_bpf_throw ? throwRefusal(place.cur) : null;
  return thrown === null ? ALLOWED : refused('exception', thrown, ['bpf_throw'], false);
}

/** The rule by which an argument fails because the place has no object that would do; null if there may be one. */
function missingObject(place: Place, { kfunc, maker, releasesFromIter }: Judged): Rule | null {
  const { cur } = place;
  const { families, flags, special } = kfunc;
  if (special === KF_bpf_iter_css_task_new && !mayIterateCssTasks(place)) return K.cssTaskIter;
  if (
    flags & (KF_ITER_NEXT | KF_ITER_DESTROY) &&
    maker !== null &&
    maker.flags & KF_RCU_PROTECTED &&
    !inRcuCs(place)
  )
    return K.iterRcu;
  if (releasesFromIter && flags & KF_RELEASE && cur.forbidFaultCount === 0) return K.noAcquired;
  if (special === KF_bpf_cast_to_kern_ctx && !kernCtxType(place.model, place.traits.progType).isStruct)
    return K.kernCtx;
  if (special === KF_bpf_dynptr_slice_rdwr && !touchesPackets(place.traits.progType, WRITE))
    return K.packetWrites;
  if (families & (ASKS.listHeadArg | ASKS.rbRootArg) && cur.activeLocks === 0) return K.lockNotHeld;
  if (families & FAMILY_RES_SPIN_LOCK && !(families & ASKS.resLockTakes))
    return unlockRefusal(place, (families & ASKS.resLockIrq) !== 0);
  if (special === KF_bpf_local_irq_restore && !cur.refs.some((ref) => ref.type === REF_IRQ))
    return K.irqFlagUninitialized;
  return null;
}

/** Of an unlock: the innermost lock must be of its kind. */
function unlockRefusal({ cur }: Place, irq: boolean): Rule | null {
  if (cur.activeLocks === 0) return contextRules.unlockWithoutLock;
  const kind = irq ? REF_RES_LOCK_IRQ : REF_RES_LOCK;
  if (!cur.holdsLock(kind)) return contextRules.unlockDifferent;
  const innermost = cur.refs.findLast((ref) => (ref.type & REF_LOCK_MASK) !== 0);
  return innermost?.type === kind ? null : contextRules.unlockOutOfOrder;
}
