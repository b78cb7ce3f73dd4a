import { AUX_CALLS_CALLBACK, AUX_ITER_NEXT } from '../cfg/facts.ts';
import { covers, sameScalar } from '../domain/scalar.ts';
import { OP_MAY_GOTO } from '../isa/opcodes.ts';
import { NOT_INIT, SCALAR_VALUE } from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import { Frame } from '../state/frame.ts';
import { LINK_NONE, NOT_INIT_REG, Reg } from '../state/reg.ts';
import { STACK_INVALID, STACK_POISON, STACK_SPILL, allBytes, byteType, type Slot } from '../state/slot.ts';
import type { State } from '../state/state.ts';
import { resetIdMap } from './id-map.ts';
import { EXACT, NOT_EXACT, RANGE_WITHIN, identical, regSafe, sameKind, type Exactness } from './reg-safe.ts';
import { isUnsettled } from './scc.ts';
import { stackArgsSafe, stackSafe } from './stack-safe.ts';
import { iteratorsMoved, maybeLooping, refsSafe } from './states-equal.ts';
import { iteratorIsActive } from './visited.ts';

/**
 * Why an earlier state at the same instruction is compared with the current one:
 * `proven`: all that follows from it is explored; `loop`: it is explored but for the loop that leads back to it;
 * `iterator`, `may-goto`, `callback`: it is another round of such a loop; `same`: it lies on the way here, and only an
 * endless loop is looked for; `async`: it belongs to another entry of an asynchronous callback, and is not compared.
 */
export type ComparedAs = 'proven' | 'loop' | 'iterator' | 'may-goto' | 'callback' | 'same' | 'async';

/**
 * What the comparison of one thing came to. `equal`; `mapped`: equal, but for the name of its identity; `contained`:
 * whatever it can be now it could be then; `imprecise`: a number that nothing relied on; `unused`: nothing was known of
 * it then, so nothing relied on it; `dead`: nothing reads it from here on; `differs`.
 */
export type Compared = 'equal' | 'mapped' | 'contained' | 'imprecise' | 'unused' | 'dead' | 'differs';

/** What is different: its type, the object or offset that goes with it, its range, its identity, the kinds of its bytes; or more of it is there. */
export type Difference = 'type' | 'object' | 'range' | 'identity' | 'bytes' | 'missing' | 'other';

/** One thing that was compared: a register, slot or on-stack argument of a frame, or something of the state as a whole. */
export interface ComparedThing {
  readonly kind: 'reg' | 'slot' | 'arg' | 'held' | 'calls' | 'callsite' | 'rounds' | 'stack-args' | 'speculation' | 'sleepable';
  readonly frameno: number;
  /** Register number, spi, or argument slot. */
  readonly no: number;
  readonly result: Compared;
  readonly difference: Difference | null;
  /** Registers and arguments as registers, slots as slots; null for the rest. */
  readonly old: Reg | Slot | null;
  readonly now: Reg | Slot | null;
}

/** An explained comparison of two states. */
export interface StateComparison {
  readonly as: ComparedAs;
  /** The current state need not be followed. */
  readonly covered: boolean;
  /** In the order in which the verifier compares; it stops at the first that differs. */
  readonly things: readonly ComparedThing[];
  /** It is not covered though nothing differs: the iterator has ended or moved on, rounds were counted, or only names of identities differ. */
  readonly but: 'ended' | 'moved' | 'rounds' | 'names' | null;
}

const FULL_SPILL = allBytes(STACK_SPILL);

/**
 * Compares as `isStateVisited` does, with the same predicates, and says what each thing came to. To be asked when the
 * search is about to compare the two ({@link Observer.considered}); `insnIdx`: where both are.
 */
export function compareStates(env: Env, old: State, cur: State, insnIdx: number): StateComparison {
  if (old.branches === 0) {
    const loop = isUnsettled(old);
    const things = compareAll(env, old, cur, loop ? RANGE_WITHIN : NOT_EXACT);
    return { as: loop ? 'loop' : 'proven', covered: nothingDiffers(things), things, but: null };
  }
  const top = old.top();
  if (top.inAsyncCallbackFn && top.asyncEntryCnt !== cur.top().asyncEntryCnt) return { as: 'async', covered: false, things: [], but: null };
  const flags = env.facts.flags[insnIdx];
  const round =
    flags & AUX_ITER_NEXT
      ? 'iterator'
      : env.insns.code[insnIdx] === OP_MAY_GOTO && old.mayGotoDepth !== cur.mayGotoDepth
        ? 'may-goto'
        : flags & AUX_CALLS_CALLBACK
          ? 'callback'
          : null;
  if (round !== null) {
    const things = compareAll(env, old, cur, RANGE_WITHIN);
    const equal = nothingDiffers(things);
    const ended = equal && round === 'iterator' && !iteratorIsActive(cur);
    return { as: round, covered: equal && !ended, things, but: ended ? 'ended' : null };
  }
  const things = compareAll(env, old, cur, EXACT);
  return { as: 'same', covered: false, things, but: nothingDiffers(things) ? whyNotSame(old, cur) : null };
}

/** What tells two rounds apart that are otherwise the same. */
function whyNotSame(old: State, cur: State): 'moved' | 'rounds' | 'names' | null {
  if (!maybeLooping(old, cur)) return 'names';
  if (iteratorsMoved(old, cur)) return 'moved';
  return old.mayGotoDepth !== cur.mayGotoDepth || old.callbackUnrollDepth !== cur.callbackUnrollDepth ? 'rounds' : null;
}

const nothingDiffers = (things: readonly ComparedThing[]): boolean => things.every((thing) => thing.result !== 'differs');

/** The order is that of `statesEqual`: identities are matched in it. */
function compareAll(env: Env, old: State, cur: State, exact: Exactness): ComparedThing[] {
  const things: ComparedThing[] = [];
  const whole = (kind: ComparedThing['kind'], frameno = 0): void => {
    things.push({ kind, frameno, no: 0, result: 'differs', difference: 'other', old: null, now: null });
  };
  if (old.frames.length !== cur.frames.length) {
    whole('calls');
    return things;
  }
  resetIdMap(env.idGen);
  if (old.speculative && !cur.speculative) whole('speculation');
  if (old.inSleepable !== cur.inSleepable) whole('sleepable');
  const held = refsSafe(old, cur);
  things.push({ kind: 'held', frameno: 0, no: 0, result: held ? 'equal' : 'differs', difference: held ? null : 'other', old: null, now: null });
  for (let f = 0; f < old.frames.length; f++) {
    const before = old.frames[f];
    const now = cur.frames[f];
    if (before.callsite !== now.callsite) whole('callsite', f);
    if (before.callbackDepth > now.callbackDepth) whole('rounds', f);
    if (!before.noStackArgLoad && now.noStackArgLoad) whole('stack-args', f);
    compareFrame(env, before, now, f, env.facts.liveRegs[old.frameInsnIdx(f)], exact, things);
  }
  return things;
}

function compareFrame(env: Env, old: Frame, cur: Frame, frameno: number, live: number, exact: Exactness, things: ComparedThing[]): void {
  const strict = env.exploreAluLimits;
  const { allowUninitStack } = env.caps;
  for (let no = 0; no < 11; no++) {
    const [a, b] = [old.regs[no], cur.regs[no]];
    const alive = ((live >> no) & 1) !== 0;
    if (!alive && no === 10) continue;
    const safe = !alive || regSafe(a, b, exact, strict);
    const result = !alive ? 'dead' : safe ? howCovered(a, b, exact, strict) : 'differs';
    things.push({ kind: 'reg', frameno, no, result, difference: safe ? null : regDifference(a, b, exact, strict), old: a, now: b });
  }
  for (let no = 0; no < old.stack.length; no++) {
    const a = old.stack[no];
    const b = no < cur.stack.length ? cur.stack[no] : null;
    const safe = stackSafe(frameOf([a], []), frameOf(b === null ? [] : [b], []), exact, strict, allowUninitStack);
    const result = safe ? howSlotCovered(a, b, exact, strict) : 'differs';
    things.push({ kind: 'slot', frameno, no, result, difference: safe ? null : slotDifference(a, b, exact, strict), old: a, now: b });
  }
  const args = Math.max(old.stackArgs.length, cur.stackArgs.length);
  for (let no = 0; no < args; no++) {
    const a = old.stackArgs[no] ?? NOT_INIT_REG;
    const b = cur.stackArgs[no] ?? NOT_INIT_REG;
    const safe = stackArgsSafe(frameOf([], [a]), frameOf([], [b]), exact, strict);
    things.push({ kind: 'arg', frameno, no, result: safe ? howCovered(a, b, exact, strict) : 'differs', difference: safe ? null : regDifference(a, b, exact, strict), old: a, now: b });
  }
}

/** A frame with nothing in it but what is to be compared by itself. */
function frameOf(stack: Slot[], args: readonly Reg[]): Frame {
  const frame = new Frame(-1, 0, 0, [], stack);
  frame.stackArgs = args;
  return frame;
}

function howCovered(old: Reg, cur: Reg, exact: Exactness, strict: boolean): Compared {
  if (identical(old, cur)) return 'equal';
  if (old.type === NOT_INIT) return 'unused';
  if (sameKind(old, cur) && sameScalar(old.scalar, cur.scalar)) return 'mapped';
  return old.type === SCALAR_VALUE && exact === NOT_EXACT && !strict && !old.precise ? 'imprecise' : 'contained';
}

function regDifference(old: Reg, cur: Reg, exact: Exactness, strict: boolean): Difference {
  if (old.type !== cur.type) return 'type';
  if (regSafe(nameless(old), nameless(cur), exact, strict)) return 'identity';
  return sameKind(old, cur) || !covers(old.scalar, cur.scalar) ? 'range' : 'object';
}

/** The same without identities. */
function nameless(reg: Reg): Reg {
  return new Reg(reg.type, reg.scalar, 0, LINK_NONE, reg.delta, 0, 0, reg.num, reg.ext, reg.precise);
}

const isUnwritten = (slot: Slot): boolean => {
  for (let i = 0; i < 8; i++) if (byteType(slot.types, i) !== STACK_INVALID) return false;
  return true;
};
const isForgotten = (slot: Slot): boolean => {
  for (let i = 0; i < 8; i++) if (byteType(slot.types, i) !== STACK_POISON) return false;
  return true;
};

function howSlotCovered(old: Slot, now: Slot | null, exact: Exactness, strict: boolean): Compared {
  if (isForgotten(old)) return 'dead';
  if (isUnwritten(old)) return 'unused';
  if (now !== null && old.types === now.types) {
    if (identical(old.reg, now.reg)) return 'equal';
    if (old.types === FULL_SPILL) return howCovered(old.reg, now.reg, exact, strict);
  }
  return 'contained';
}

function slotDifference(old: Slot, now: Slot | null, exact: Exactness, strict: boolean): Difference {
  if (now === null) return 'missing';
  return old.types === now.types ? regDifference(old.reg, now.reg, exact, strict) : 'bytes';
}
