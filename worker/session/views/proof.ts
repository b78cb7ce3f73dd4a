import type { Compared, ComparedThing, Difference, StateComparison } from '../../engine/compare-states.ts';
import { NOT_INIT } from '../../kernel/types.ts';
import type { ComparedRow, EarlierState } from '../../protocol/proof.ts';
import { REF_IRQ, REF_LOCK_MASK } from '../../state/reference.ts';
import type { Reg } from '../../state/reg.ts';
import { Slot } from '../../state/slot.ts';
import type { State } from '../../state/state.ts';
import { isBlank, regText, slotText } from './values.ts';

const RESULTS: Readonly<Record<Compared, string>> = {
  equal: 'equal',
  mapped: 'equal, under another id',
  contained: 'all that it can be now was allowed for then',
  imprecise: 'any number will do: nothing relied on its value',
  unused: 'nothing was known of it then, so nothing relied on it',
  dead: 'nothing reads it from here on',
  differs: 'differs',
};

const DIFFERENCES: Readonly<Record<Difference, string>> = {
  type: 'it is of another type',
  object: 'it belongs to another object, or less is known of it',
  range: 'it can be something now that was not allowed for then',
  identity: 'what it is tied to (its id) does not correspond',
  bytes: 'its bytes are of another kind',
  missing: 'less stack is in use now',
  other: 'differs',
};

const WHOLE: Readonly<
  Record<Exclude<ComparedThing['kind'], 'reg' | 'slot' | 'arg'>, readonly [name: string, why: string]>
> = {
  held: ['held', 'references, locks and regions do not correspond'],
  calls: ['calls', 'the chain of calls has another depth'],
  callsite: ['called from', 'the function was called from elsewhere'],
  rounds: ['rounds', 'the callback had been simulated more often then'],
  'stack-args': ['stack arguments', 'they may not be read now'],
  speculation: ['speculation', 'what was found out in speculation does not cover a real path'],
  sleepable: ['may sleep', 'the program may sleep in one and not in the other'],
};

/** Registers, slots and arguments as text. */
function textOf(thing: ComparedThing, value: Reg | Slot | null): string {
  if (value === null) return thing.kind === 'slot' ? 'not in use' : '';
  return value instanceof Slot ? slotText(value, thing.frameno) : regText(value, thing.frameno);
}

function nameOf({ kind, frameno, no }: ComparedThing, calls: boolean): string {
  const name =
    kind === 'reg'
      ? `R${no}`
      : kind === 'slot'
        ? `fp-${(no + 1) * 8}`
        : kind === 'arg'
          ? `arg${no + 6}`
          : WHOLE[kind][0];
  return calls && kind !== 'held' && kind !== 'calls' ? `frame ${frameno}: ${name}` : name;
}

/** What is held, in a few words. */
function heldText(state: State): string {
  const { refs, activeRcuLocks, activePreemptLocks } = state;
  const locks = refs.filter((ref) => (ref.type & REF_LOCK_MASK) !== 0).length;
  const irqs = refs.filter((ref) => ref.type === REF_IRQ).length;
  const words = [
    numbered(refs.length - locks - irqs, 'reference'),
    numbered(locks, 'lock'),
    numbered(irqs, 'saved irq state'),
    activeRcuLocks > 0 ? `RCU ${activeRcuLocks} deep` : '',
    activePreemptLocks > 0 ? `preemption off ${activePreemptLocks} deep` : '',
    state.forbidFaultCount > 0 ? 'nofault' : '',
  ].filter((word) => word !== '');
  return words.length === 0 ? 'nothing' : words.join(', ');
}

const numbered = (n: number, noun: string): string =>
  n === 0 ? '' : n === 1 ? `1 ${noun}` : `${n} ${noun}s`;

const isKnown = (value: Reg | Slot | null): boolean =>
  value instanceof Slot ? !isBlank(value) : value !== null && value.type !== NOT_INIT;

function whyOf(thing: ComparedThing): string {
  if (thing.result !== 'differs') {
    const { old, now } = thing;
    if (
      thing.result === 'mapped' &&
      old !== null &&
      now !== null &&
      !(old instanceof Slot) &&
      !(now instanceof Slot) &&
      old.id !== 0 &&
      now.id !== 0 &&
      old.id !== now.id
    )
      return `equal: id ${now.id} now stands for id ${old.id}`;
    return RESULTS[thing.result];
  }
  return thing.kind === 'reg' || thing.kind === 'slot' || thing.kind === 'arg'
    ? DIFFERENCES[thing.difference ?? 'other']
    : WHOLE[thing.kind][1];
}

const COVERS: Readonly<Record<StateComparison['as'], string>> = {
  proven: 'covers: every way on from it was explored, and is safe',
  loop: 'covers: what follows is explored, but for this loop; a further round adds nothing',
  iterator: 'covers: another round of the iterator adds nothing',
  'may-goto': 'covers: another round of may_goto adds nothing',
  callback: 'covers: another round of the callback adds nothing',
  same: '',
  async: '',
};

const BUTS: Readonly<Record<NonNullable<StateComparison['but']>, string>> = {
  ended: 'nothing differs, but the iterator has no more elements: what comes after the loop must be walked',
  moved: 'nothing differs but the iterator, which has moved on',
  rounds: 'nothing differs but the number of rounds',
  names: 'nothing differs but the names of ids',
};

function verdictOf(comparison: StateComparison, calls: boolean): string {
  const { as, covered, things, but } = comparison;
  if (as === 'async') return 'not compared: it belongs to another run of the asynchronous callback';
  if (covered) return COVERS[as];
  const first = things.find((thing) => thing.result === 'differs');
  const words =
    first !== undefined ? `${nameOf(first, calls)}: ${whyOf(first)}` : but === null ? 'the same' : BUTS[but];
  return as === 'same'
    ? `still being explored: it lies on the way here, only an endless loop is looked for; ${words}`
    : words;
}

/** A comparison as the page shows it. `step` and `visit` are filled in later. */
export function earlierState(
  old: State,
  cur: State,
  comparison: StateComparison,
): Omit<EarlierState, 'step' | 'visit'> {
  const calls = old.frames.length > 1 || cur.frames.length > 1;
  const rows: ComparedRow[] = [];
  const dead: string[] = [];
  for (const thing of comparison.things) {
    const name = nameOf(thing, calls);
    const whole = thing.kind !== 'reg' && thing.kind !== 'slot' && thing.kind !== 'arg';
    if (!whole && !isKnown(thing.old) && !isKnown(thing.now)) {
      if (thing.result === 'dead') dead.push(name);
      continue;
    }
    const then = thing.kind === 'held' ? heldText(old) : textOf(thing, thing.old);
    const now = thing.kind === 'held' ? heldText(cur) : textOf(thing, thing.now);
    rows.push({ name, result: thing.result, then, now, why: whyOf(thing) });
  }
  return { as: comparison.as, covers: comparison.covered, verdict: verdictOf(comparison, calls), rows, dead };
}
