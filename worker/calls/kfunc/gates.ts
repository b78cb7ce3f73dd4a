import type { Arg } from '../../failure/format.ts';
import type { Report } from '../../failure/report.ts';
import type { Rule } from '../../failure/rule.ts';
import {
  KF___bpf_trap,
  KF_bpf_preempt_disable,
  KF_bpf_preempt_enable,
  KF_bpf_rcu_read_lock,
  KF_bpf_rcu_read_unlock,
} from '../../kernel/generated/special-kfuncs.ts';
import { KF_DESTRUCTIVE, KF_PERFMON, KF_RCU_PROTECTED, KF_SLEEPABLE } from '../../kernel/kfunc-flags.ts';
import type { Kfunc } from '../../kernel/kfuncs.ts';
import type { KernelModel } from '../../kernel/model.ts';
import type { ProgTraits } from '../../kernel/prog-traits.ts';
import type { Capabilities } from '../../state/env.ts';
import { inRcuCs, inSleepable, inSleepableContext, nonSleepableDescription } from '../../state/regions.ts';
import type { State } from '../../state/state.ts';
import { reportContextForbidden, reportPolicy } from '../reports.ts';
import { kfuncRules as R } from './rules.ts';

/** Where a call stands: all that the rules ask that do not look at its arguments. A verification run is one. */
export interface Place {
  readonly cur: State;
  readonly model: Pick<KernelModel, 'kfuncAllowed' | 'spinAllowed' | 'btf' | 'progType'>;
  readonly traits: ProgTraits;
  readonly caps: Pick<Capabilities, 'bpfCapable' | 'allowPtrLeaks'>;
}

/** A rule that allows or refuses a kfunc at a place, whatever its arguments. */
export interface Gate {
  readonly rule: Rule;
  readonly refuses: (place: Place, kfunc: Kfunc) => boolean;
  /** What the rule's text says of it. */
  readonly args: (place: Place, name: string) => readonly Arg[];
  readonly report: (pc: number, name: string) => Report | null;
}

/** Is a call refused because a lock is held? The first question of all, asked of every call. */
export function refusedUnderLock(place: Place, kfunc: Kfunc | null): boolean {
  return place.cur.activeLocks !== 0 && (kfunc === null || !place.model.spinAllowed(kfunc));
}

/** The kfunc must be registered for the program. The walk asks once per kfunc and program (`KfuncMeta.allowed`). */
export const REGISTERED: Gate = {
  rule: R.notAllowed,
  refuses: ({ model, traits }, kfunc) => !model.kfuncAllowed(kfunc, traits),
  args: (_place, name) => [name],
  report: (pc, name) =>
    reportPolicy(
      pc,
      `kfunc ${name}`,
      'this program cannot call the kfunc',
      'Use a kfunc allowed for this program type and attach point, or change the program context.',
    ),
};

/** What is asked before the arguments are looked at, in this order, of a kfunc that is registered. */
export const BEFORE_ARGUMENTS: readonly Gate[] = [
  {
    rule: R.trap,
    refuses: (_place, { special }) => special === KF___bpf_trap,
    args: () => [],
    report: () => null,
  },
  {
    rule: R.destructive,
    refuses: ({ traits }, { flags }) => (flags & KF_DESTRUCTIVE) !== 0 && !traits.capSysAdmin,
    args: () => [],
    report: (pc, name) =>
      reportPolicy(
        pc,
        `destructive kfunc ${name}`,
        'destructive kfuncs require CAP_SYS_BOOT',
        'Load the program with CAP_SYS_BOOT, or avoid destructive kfuncs.',
      ),
  },
  {
    rule: R.perfmon,
    refuses: ({ caps }, { flags }) => (flags & KF_PERFMON) !== 0 && !caps.allowPtrLeaks,
    args: (_place, name) => [name],
    report: (pc, name) =>
      reportPolicy(
        pc,
        `kfunc ${name}`,
        'the kfunc requires CAP_PERFMON',
        'Load the program with CAP_PERFMON, or avoid the kfunc.',
      ),
  },
  {
    rule: R.programNotSleepable,
    refuses: (place, { flags }) => (flags & KF_SLEEPABLE) !== 0 && !inSleepable(place),
    args: (_place, name) => [name],
    report: (pc, name) =>
      reportContextForbidden(
        pc,
        `sleepable kfunc ${name}`,
        'Mark the program sleepable if the program type allows it, or use a non-sleepable kfunc.',
      ),
  },
];

/** A kfunc that opens or closes a counted region, by its number among the special ones. */
export interface RegionEffect {
  readonly region: 'rcu' | 'preempt';
  readonly opens: boolean;
  /** Refuses to close what is not open. */
  readonly unmatched: Rule;
  readonly suggestion: string;
}

const RCU: Omit<RegionEffect, 'opens'> = {
  region: 'rcu',
  unmatched: R.unmatchedRcuUnlock,
  suggestion:
    'Remove the extra bpf_rcu_read_unlock() call, or ensure this path first enters an RCU read lock region.',
};
const PREEMPT: Omit<RegionEffect, 'opens'> = {
  region: 'preempt',
  unmatched: R.unmatchedPreemptEnable,
  suggestion: 'Remove the extra bpf_preempt_enable() call, or ensure this path first disables preemption.',
};

/** Kfuncs that open and close RCU and preempt sections; it takes effect after the arguments were checked. */
export const REGION_EFFECTS: ReadonlyMap<number, RegionEffect> = new Map([
  [KF_bpf_rcu_read_lock, { ...RCU, opens: true }],
  [KF_bpf_rcu_read_unlock, { ...RCU, opens: false }],
  [KF_bpf_preempt_disable, { ...PREEMPT, opens: true }],
  [KF_bpf_preempt_enable, { ...PREEMPT, opens: false }],
]);

/** How deep a counted region is. */
export function regionDepth(state: State, region: RegionEffect['region']): number {
  return region === 'rcu' ? state.activeRcuLocks : state.activePreemptLocks;
}

/** Opens or closes a counted region and returns its depth; closing one that is not open is the caller's to refuse. */
export function applyRegion(state: State, { region, opens }: RegionEffect): number {
  const depth = regionDepth(state, region) + (opens ? 1 : -1);
  if (region === 'rcu') state.activeRcuLocks = depth;
  else state.activePreemptLocks = depth;
  return depth;
}

/** A sleepable kfunc where nothing may sleep; asked after the call's own effect on regions. */
export const SLEEPABLE_WITHIN: Gate = {
  rule: R.sleepableWithin,
  refuses: (place, { flags }) => (flags & KF_SLEEPABLE) !== 0 && !inSleepableContext(place),
  args: (place, name) => [name, nonSleepableDescription(place)],
  report: (pc, name) =>
    reportContextForbidden(
      pc,
      `sleepable kfunc ${name}`,
      'Move the kfunc call outside the critical section, or use a non-sleepable kfunc.',
    ),
};

/** A kfunc that is protected by RCU, outside of it; asked after {@link SLEEPABLE_WITHIN}. */
export const REQUIRES_RCU: Gate = {
  rule: R.requiresRcu,
  refuses: (place, { flags }) => (flags & KF_RCU_PROTECTED) !== 0 && !inRcuCs(place),
  args: (_place, name) => [name],
  report: (pc, name) => ({
    kind: 'ctx-required',
    insn: pc,
    operation: name,
    context: 'rcu',
    suggestion:
      'Call this kfunc between bpf_rcu_read_lock() and bpf_rcu_read_unlock(), keeping all exit paths balanced.',
  }),
};
