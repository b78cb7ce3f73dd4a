import { progTypes } from '../../kernel/prog-types.ts';
import {
  Reference,
  REF_IRQ,
  REF_LOCK,
  REF_PTR,
  REF_RES_LOCK,
  REF_RES_LOCK_IRQ,
} from '../../state/reference.ts';
import { State } from '../../state/state.ts';
import { mayHoldLock, type Setting } from './programs.ts';

/** What may be held where a kfunc is called. `res-lock-irq`: the lock that saves interrupt flags, too. */
export type Held = 'spin-lock' | 'res-lock' | 'res-lock-irq' | 'rcu' | 'preempt' | 'irq' | 'nofault';

/** A circumstance under which calls are judged. */
export interface Column {
  /** `spin-lock` …, `sleepable`, `not-sleepable`, or `type:xdp`. */
  readonly id: string;
  readonly title: string;
  readonly group: 'held' | 'program' | 'type';
  readonly sentence: string;
  /** Circumstances that count as this column, null: nothing held; the first in which a call is allowed is the one shown. */
  readonly helds: readonly (Held | null)[];
  /** Is it a program that this column is about? */
  readonly takes: (setting: Setting) => boolean;
}

const held = (
  id: Held,
  title: string,
  sentence: string,
  more: Partial<Pick<Column, 'takes' | 'helds'>> = {},
): Column => ({
  id,
  title,
  group: 'held',
  sentence,
  helds: [id],
  takes: () => true,
  ...more,
});

/** Can a program of this kind hold that at all? */
export function canHold({ traits }: Setting, what: Held | null): boolean {
  if (what === 'spin-lock') return mayHoldLock(traits, 'spin');
  return (what !== 'res-lock' && what !== 'res-lock-irq') || mayHoldLock(traits, 'res');
}

/** For the question whether a type of program may call a kfunc at all: nothing held, else what some kfuncs need. */
const ANYTHING: readonly (Held | null)[] = [
  null,
  'spin-lock',
  'rcu',
  'res-lock',
  'res-lock-irq',
  'irq',
  'preempt',
  'nofault',
];

const HELD: readonly Column[] = [
  held('spin-lock', 'bpf_spin_lock', 'Between bpf_spin_lock() and bpf_spin_unlock().', {
    takes: (s) => canHold(s, 'spin-lock'),
  }),
  held(
    'res-lock',
    'res_spin_lock',
    'Between bpf_res_spin_lock() and bpf_res_spin_unlock(): a lock that may fail.',
    {
      helds: ['res-lock', 'res-lock-irq'],
      takes: (s) => canHold(s, 'res-lock'),
    },
  ),
  held('rcu', 'RCU', 'Between bpf_rcu_read_lock() and bpf_rcu_read_unlock().'),
  held('preempt', 'Preempt off', 'Between bpf_preempt_disable() and bpf_preempt_enable().'),
  held('irq', 'IRQ off', 'Between bpf_local_irq_save() and bpf_local_irq_restore().'),
  held(
    'nofault',
    'Nofault',
    'While a reference acquired with KF_FORBID_FAULT is held (a proposal, not in 7.3).',
    {
      takes: (s) => s.traits.sleepable,
    },
  ),
];

const PROGRAM: readonly Column[] = [
  {
    id: 'sleepable',
    title: 'Sleepable',
    group: 'program',
    sentence: 'In a program that may sleep (section with .s, or syscall), nothing held.',
    helds: [null],
    takes: (s) => s.traits.sleepable,
  },
  {
    id: 'not-sleepable',
    title: 'Not sleepable',
    group: 'program',
    sentence: 'In a program that never sleeps, nothing held.',
    helds: [null],
    takes: (s) => !s.traits.sleepable,
  },
];

/** Types whose programs have no rules of their own: extensions are judged as what they replace. */
const BORROWED: ReadonlySet<string> = new Set(['ext']);

const TYPES: readonly Column[] = progTypes()
  .filter(({ name }) => !BORROWED.has(name))
  .map(({ name, type }) => ({
    id: `type:${name}`,
    title: name,
    group: 'type',
    sentence: `In a program of type BPF_PROG_TYPE_${name.toUpperCase()} (of some attach point), in whatever circumstances it needs.`,
    helds: ANYTHING,
    takes: (s) => s.traits.progType === type,
  }));

/** All columns, in the order in which they are shown. */
export const COLUMNS: readonly Column[] = [...HELD, ...PROGRAM, ...TYPES];

const lock = (type: number): Reference => new Reference(type, 1, -1, 0, null, false);

const ENTER: Readonly<Record<Held, (state: State) => void>> = {
  'spin-lock': (s) => {
    s.activeLocks = 1;
    s.refs = [lock(REF_LOCK)];
  },
  'res-lock': (s) => {
    s.activeLocks = 1;
    s.refs = [lock(REF_RES_LOCK)];
  },
  'res-lock-irq': (s) => {
    s.activeLocks = 1;
    s.activeIrqId = 2;
    s.refs = [lock(REF_RES_LOCK_IRQ), new Reference(REF_IRQ, 2, -1, 0, null, false)];
  },
  rcu: (s) => {
    s.activeRcuLocks = 1;
  },
  preempt: (s) => {
    s.activePreemptLocks = 1;
  },
  irq: (s) => {
    s.activeIrqId = 1;
    s.refs = [new Reference(REF_IRQ, 1, -1, 0, null, false)];
  },
  nofault: (s) => {
    s.forbidFaultCount = 1;
    s.refs = [new Reference(REF_PTR, 1, -1, 0, null, true)];
  },
};

/** The verifier's state in a program that may sleep or not, holding something. */
export function stateIn(what: Held | null, sleepable: boolean): State {
  const state = new State([]);
  state.inSleepable = sleepable;
  if (what !== null) ENTER[what](state);
  return state;
}

/** The columns that are about what a state holds, and about its program. */
export function columnsOf(state: State, sleepable: boolean, progType: number): string[] {
  const has: readonly (readonly [Held, boolean])[] = [
    ['spin-lock', state.holdsLock(REF_LOCK)],
    ['res-lock', state.holdsLock(REF_RES_LOCK | REF_RES_LOCK_IRQ)],
    ['rcu', state.activeRcuLocks !== 0],
    ['preempt', state.activePreemptLocks !== 0],
    ['irq', state.activeIrqId !== 0],
    ['nofault', state.forbidFaultCount !== 0],
  ];
  const type = progTypes().find((row) => row.type === progType);
  return [
    ...has.filter(([, held]) => held).map(([id]) => id),
    sleepable ? 'sleepable' : 'not-sleepable',
    ...(type === undefined ? [] : [`type:${type.name}`]),
  ];
}
