import {
  constBigint,
  isConst,
  isUnknown,
  s32maxNumber,
  s32minNumber,
  smaxNumber,
  sminNumber,
  u32maxNumber,
  u32minNumber,
  umaxNumber,
  uminNumber,
  view,
  type Scalar,
} from '../../domain/scalar.ts';
import { NOT_INIT, PTR_MAYBE_NULL, SCALAR_VALUE, regTypeStr } from '../../kernel/types.ts';
import { REF_IRQ, REF_LOCK_MASK, REF_PTR, type Reference } from '../../state/reference.ts';
import { NOT_INIT_REG, type Reg } from '../../state/reg.ts';
import {
  STACK_DYNPTR,
  STACK_ITER,
  STACK_MISC,
  STACK_SPILL,
  STACK_ZERO,
  type Slot,
} from '../../state/slot.ts';
import type { Mirror, MirrorFrame } from '../mirror.ts';
import type { Path } from '../trace.ts';
import { saysSomething } from '../visits.ts';
import {
  isMomentary,
  type Comparison,
  type Condition,
  type Nature,
  type Place,
  type Value,
} from './condition.ts';
import type { HeldWord, PathWord, Quality, Quantity } from './names.ts';

/** What a watch sees at a step. The scan keeps it up to date. */
export interface Scene {
  readonly mirror: Mirror;
  /** The innermost frame. */
  frame: MirrorFrame;
  step: number;
  insn: number;
  path: Path;
  /** Number of the visit to this instruction, from 1. */
  visit: number;
  /** By number of {@link Watch.places}: the step before changed it. */
  readonly changed: boolean[];
  /** By number of sample: its value at this step and at the step before on the same path; undefined if there is none. */
  now: unknown[];
  before: unknown[];
}

/** What a watch knows of the program beside the walk. */
export interface WatchContext {
  /** Name of what an instruction calls, empty if it calls nothing by name. */
  calleeOf(insn: number): string;
  /** Line of an instruction in the text, 0 if it has none. */
  lineOf(insn: number): number;
}

/** A watch made ready for a walk. */
export interface Watch {
  /** Places of which it wants to know whether they changed. */
  readonly places: readonly Place[];
  /** How many values it compares with the step before. */
  readonly samples: number;
  /** It asks for the number of the visit. */
  readonly counts: boolean;
  /** Is this step a match? Also takes the samples: to be called at every step, in order. */
  matches(scene: Scene): boolean;
}

type Test = (scene: Scene) => boolean;
/** Null: there is no such number here. Numbers are exact; what doubles cannot hold is a bigint. */
type Measure = (scene: Scene) => number | bigint | null;

/** Compiles a watch. Of a condition that lasts, the step at which it begins is the match. */
export function compileWatch(condition: Condition, context: WatchContext): Watch {
  const compiler = new Compiler(context);
  const test = compiler.test(condition);
  const matches = isMomentary(condition) ? test : compiler.rises(test);
  return { places: compiler.places, samples: compiler.samples, counts: compiler.counts, matches };
}

const COMPARE: Readonly<Record<Comparison, (a: number | bigint, b: number | bigint) => boolean>> = {
  // numbers and bigints of the same value are not strictly equal
  '==': (a, b) => !(a < b) && !(a > b),
  '!=': (a, b) => a < b || a > b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

class Compiler {
  readonly places: Place[] = [];
  samples = 0;
  counts = false;

  constructor(private readonly context: WatchContext) {}

  test(condition: Condition): Test {
    switch (condition.kind) {
      case 'and': {
        const [left, right] = [this.test(condition.left), this.test(condition.right)];
        // both are asked: they may take samples
        return (scene) => {
          const first = left(scene);
          return right(scene) && first;
        };
      }
      case 'or': {
        const [left, right] = [this.test(condition.left), this.test(condition.right)];
        return (scene) => {
          const first = left(scene);
          return right(scene) || first;
        };
      }
      case 'not': {
        const of = this.test(condition.of);
        return (scene) => !of(scene);
      }
      case 'compare': {
        const [left, right] = [this.measure(condition.left), this.measure(condition.right)];
        const compare = COMPARE[condition.op];
        return (scene) => {
          const a = left(scene);
          const b = right(scene);
          return a !== null && b !== null && compare(a, b);
        };
      }
      case 'is':
        return natureTest(condition.place, condition.nature);
      case 'becomes':
        return this.rises(natureTest(condition.place, condition.nature));
      case 'changes':
        return this.changes(condition.of);
      case 'held':
        return HELD_TESTS[condition.what];
      case 'calls': {
        const { calleeOf } = this.context;
        return memo(
          ({ insn }) => insn,
          (insn) => calleeOf(insn) === condition.name,
        );
      }
      case 'path':
        return PATH_TESTS[condition.how];
      case 'speculative':
        return ({ mirror }) => mirror.context.speculative;
    }
  }

  /** It holds and did not at the step before. */
  rises(test: Test): Test {
    const no = this.samples++;
    return (scene) => {
      const holds = test(scene);
      scene.now[no] = holds;
      return holds && scene.before[no] !== true;
    };
  }

  private changes(of: Place | { readonly kind: 'quantity'; readonly name: Quantity }): Test {
    if (of.kind !== 'quantity') {
      const no = this.places.push(of) - 1;
      return (scene) => scene.changed[no];
    }
    const no = this.samples++;
    const measure = this.measure(of);
    return (scene) => {
      const value = measure(scene);
      scene.now[no] = value;
      return scene.before[no] !== undefined && scene.before[no] !== value;
    };
  }

  private measure(value: Value): Measure {
    switch (value.kind) {
      case 'number': {
        const constant = value.value;
        const exact = BigInt(Number(constant)) === constant ? Number(constant) : constant;
        return () => exact;
      }
      case 'quantity':
        if (value.name === 'visit') this.counts = true;
        return value.name === 'line' ? ({ insn }) => this.context.lineOf(insn) : QUANTITY[value.name];
      case 'attribute': {
        const reg = regOf(value.place);
        const read = ATTRIBUTE[value.name];
        let last: Reg | null = null;
        let known: number | bigint | null = null;
        return (scene) => {
          const now = reg(scene);
          if (now !== last) {
            last = now;
            known = now.type === NOT_INIT ? null : read(now);
          }
          return known;
        };
      }
    }
  }
}

/** Asks again only when the key is another one. */
function memo<K>(keyOf: (scene: Scene) => K, ask: (key: K) => boolean): Test {
  const known = new Map<K, boolean>();
  return (scene) => {
    const key = keyOf(scene);
    let answer = known.get(key);
    if (answer === undefined) known.set(key, (answer = ask(key)));
    return answer;
  };
}

const countRefs =
  (mask: number): Measure =>
  ({ mirror: { refs } }) => {
    let count = 0;
    for (let i = 0; i < refs.length; i++) if ((refs[i].type & mask) !== 0) count++;
    return count;
  };

const QUANTITY: Readonly<Record<Exclude<Quantity, 'line'>, Measure>> = {
  insn: ({ insn }) => insn,
  frame: ({ mirror }) => mirror.frames.length - 1,
  refs: countRefs(REF_PTR),
  locks: countRefs(REF_LOCK_MASK),
  rcu: ({ mirror }) => mirror.context.activeRcuLocks,
  preempt: ({ mirror }) => mirror.context.activePreemptLocks,
  irq: countRefs(REF_IRQ),
  nofault: ({ mirror }) => mirror.context.forbidFaultCount,
  step: ({ step }) => step + 1,
  path: ({ path }) => path.index + 1,
  visit: ({ visit }) => visit,
};

const some =
  (mask: number): Test =>
  ({ mirror: { refs } }) =>
    refs.length !== 0 && refs.some((ref: Reference) => (ref.type & mask) !== 0);

const HELD_TESTS: Readonly<Record<HeldWord, Test>> = {
  lock: some(REF_LOCK_MASK),
  ref: some(REF_PTR),
  rcu: ({ mirror }) => mirror.context.activeRcuLocks > 0,
  preempt: ({ mirror }) => mirror.context.activePreemptLocks > 0,
  irq: some(REF_IRQ),
  nofault: ({ mirror }) => mirror.context.forbidFaultCount > 0,
};

const ending =
  (end: Path['end']): Test =>
  ({ step, path }) =>
    step === path.stop - 1 && path.end === end;

const PATH_TESTS: Readonly<Record<PathWord, Test>> = {
  ends: ({ step, path }) => step === path.stop - 1,
  begins: ({ step, path }) => step === path.start,
  exits: ending('exit'),
  pruned: ending('pruned'),
  rejected: ending('rejected'),
  dead: ending('dead'),
};

/** A number that doubles can hold as one, any other as a bigint. */
function exact(near: number, precisely: () => bigint): number | bigint {
  return Math.abs(near) < Number.MAX_SAFE_INTEGER ? near : precisely();
}

const of = (read: (scalar: Scalar) => number | bigint) => (reg: Reg) => read(reg.scalar);

const ATTRIBUTE: Readonly<
  Record<Extract<Value, { kind: 'attribute' }>['name'], (reg: Reg) => number | bigint | null>
> = {
  value: ({ type, scalar }) =>
    type === SCALAR_VALUE && isConst(scalar) ? BigInt.asIntN(64, constBigint(scalar)) : null,
  umin: of((s) => exact(uminNumber(s), () => view(s).umin)),
  umax: of((s) => exact(umaxNumber(s), () => view(s).umax)),
  smin: of((s) => exact(sminNumber(s), () => view(s).smin)),
  smax: of((s) => exact(smaxNumber(s), () => view(s).smax)),
  umin32: of(u32minNumber),
  umax32: of(u32maxNumber),
  smin32: of(s32minNumber),
  smax32: of(s32maxNumber),
  id: (reg) => reg.id,
  range: (reg) => (/pkt/.test(regTypeStr(reg.type)) ? reg.num : null),
};

const slotOf =
  (no: number) =>
  ({ frame }: Scene): Slot | undefined =>
    frame.stack[no];

/** The register itself, or the one that is spilled to the slot. */
function regOf(place: Place): (scene: Scene) => Reg {
  const { no } = place;
  if (place.kind === 'reg') return ({ frame }) => frame.regs[no];
  const slot = slotOf(no);
  return (scene) => {
    const found = slot(scene);
    return found !== undefined && found.types >> 21 === STACK_SPILL ? found.reg : NOT_INIT_REG;
  };
}

const REG_QUALITIES: Readonly<Partial<Record<Quality, (reg: Reg) => boolean>>> = {
  pointer: (reg) => reg.type !== NOT_INIT && reg.type !== SCALAR_VALUE,
  nullable: (reg) => (reg.type & PTR_MAYBE_NULL) !== 0,
  known: (reg) => reg.type === SCALAR_VALUE && isConst(reg.scalar),
  unknown: (reg) => reg.type === SCALAR_VALUE && isUnknown(reg.scalar),
  precise: (reg) => reg.precise,
};

const SLOT_KINDS: Readonly<Partial<Record<Quality, number>>> = {
  spill: STACK_SPILL,
  misc: STACK_MISC,
  zero: STACK_ZERO,
  dynptr: STACK_DYNPTR,
  iter: STACK_ITER,
};

function natureTest(place: Place, nature: Nature): Test {
  const reg = regOf(place);
  if ('type' in nature) {
    const byType = new Map<number, boolean>();
    return (scene) => {
      const { type } = reg(scene);
      let same = byType.get(type);
      if (same === undefined) byType.set(type, (same = regTypeStr(type).replace(/_$/, '') === nature.type));
      return same;
    };
  }
  const { quality } = nature;
  if (quality === 'uninit') {
    if (place.kind === 'reg') return (scene) => reg(scene).type === NOT_INIT;
    const slot = slotOf(place.no);
    return (scene) => {
      const found = slot(scene);
      return found === undefined || !saysSomething(found);
    };
  }
  const kind = SLOT_KINDS[quality];
  if (kind !== undefined) {
    if (place.kind === 'reg') return () => false;
    const slot = slotOf(place.no);
    return (scene) => {
      const found = slot(scene);
      return found !== undefined && found.types >> 21 === kind;
    };
  }
  const test = REG_QUALITIES[quality]!;
  return (scene) => test(reg(scene));
}
