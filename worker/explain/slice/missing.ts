import { isConst } from '../../domain/inspect.ts';
import { view } from '../../domain/scalar.ts';
import * as op from '../../isa/opcodes.ts';
import { NOT_INIT, PTR_MAYBE_NULL, PTR_TRUSTED, SCALAR_VALUE, typeIsPktPointer } from '../../kernel/types.ts';
import type { Reg } from '../../state/reg.ts';
import type { WalkedCase } from '../context.ts';
import type { Origin } from './data.ts';
import { textOf, valueAt, type Place } from './place.ts';

/** What would have had to be known, and where it was known last. */
export interface Missing {
  /** A sentence without its full stop: `R0 is not NULL`. */
  readonly fact: string;
  /** The step that ended it, -1 if it was never true on this path. */
  readonly until: number;
  /** How it ended; empty if it never was. */
  readonly how: string;
}

interface Fact {
  /** The fact about the register; `no` is its number. */
  readonly says: (no: number, c: WalkedCase) => string;
  /** Is it true of a value? */
  readonly holds: (value: Reg, c: WalkedCase) => boolean;
}

const isPointer = (r: Reg): boolean => r.type !== NOT_INIT && r.type !== SCALAR_VALUE;
const notNull: Fact = {
  says: (no) => `R${no} is not NULL`,
  holds: (r) => isPointer(r) && (r.type & PTR_MAYBE_NULL) === 0,
};
const hasValue: Fact = { says: (no) => `R${no} has a value`, holds: (r) => r.type !== NOT_INIT };
const pointer: Fact = {
  says: (no) => `R${no} is a pointer that may be followed`,
  holds: (r) => isPointer(r) && (r.type & PTR_MAYBE_NULL) === 0,
};
const notNegative: Fact = {
  says: (no) => `the offset in R${no} is not negative`,
  holds: (r) => r.type !== NOT_INIT && view(r.scalar).smin >= 0n,
};
const belowSize: Fact = {
  says(no, c) {
    const { report } = c;
    if (report?.kind !== 'mem-bounds') return `the offset in R${no} has an upper bound`;
    return `the offset in R${no} is at most ${report.memSize - report.size} (${report.memSize} bytes of memory, ${report.size} read or written)`;
  },
  holds(r, c) {
    const most = c.report?.kind === 'mem-bounds' ? BigInt(Math.max(c.report.memSize, 1)) : 1n << 29n;
    return r.type !== NOT_INIT && view(r.scalar).umax < most;
  },
};
const bounded: Fact = {
  says: (no) => `R${no} has an upper bound`,
  holds: (r) => r.type === SCALAR_VALUE && view(r.scalar).umax < 1n << 29n,
};
const positive: Fact = {
  says: (no) => `R${no} is not negative`,
  holds: (r) => r.type === SCALAR_VALUE && view(r.scalar).smin >= 0n,
};
const nonZero: Fact = {
  says: (no) => `R${no} is not zero`,
  holds: (r) => r.type === SCALAR_VALUE && view(r.scalar).umin > 0n,
};
const trusted: Fact = {
  says: (no) => `R${no} is a trusted pointer, or one that is held by a reference`,
  holds: (r) => (r.type & PTR_TRUSTED) !== 0 || (isPointer(r) && r.id !== 0 && r.parentId !== 0),
};
const expected: Fact = {
  says: (no, c) => `R${no} is ${wanted(c).includes(',') ? 'one of: ' : ''}${wanted(c)}`,
  holds: (r, c) =>
    wanted(c)
      .split(', ')
      .some((type) => textOf(r, 0).startsWith(type)),
};
const packetRange: Fact = {
  says: (no) => `the packet was compared with data_end up to the last byte that is accessed behind R${no}`,
  holds: () => false,
};
const known: Fact = {
  says(no, c) {
    const [low, high] = allowed(c);
    return low === null
      ? `R${no} is a number that is known well enough`
      : `R${no} lies between ${low} and ${high}`;
  },
  holds(r, c) {
    const [low, high] = allowed(c);
    if (r.type !== SCALAR_VALUE) return false;
    return low === null || (view(r.scalar).smin >= low && view(r.scalar).smax <= high!);
  },
};
/** The range that a rule's text asks for. */
function allowed(c: WalkedCase): readonly [bigint | null, bigint | null] {
  const range = /should have been in \[(-?\d+), (-?\d+)\]/.exec(c.result.message);
  return range === null ? [null, null] : [BigInt(range[1]), BigInt(range[2])];
}
const scalar: Fact = { says: (no) => `R${no} is a number`, holds: (r) => r.type === SCALAR_VALUE };

/** The type that a rule's text asks for. */
function wanted(c: WalkedCase): string {
  return /expected=(.*)$/.exec(c.result.message.split('\n')[0])?.[1] ?? 'of the type that is expected';
}

const inside: Fact = {
  says(no, c) {
    const { report } = c;
    if (report?.kind !== 'mem-bounds') return `the access through R${no} lies inside of its memory`;
    return `the ${report.size} bytes that are accessed through R${no} lie inside of its ${report.memSize} bytes`;
  },
  holds: () => false,
};

const FACTS: Readonly<Record<string, Fact>> = {
  'reg.notReadable': hasValue,
  'memory.unbounded': belowSize,
  'memory.max-outside': belowSize,
  'memory.min-outside': inside,
  'memory.negative-min': notNegative,
  'memory.size-negative': positive,
  'memory.size-unbounded': bounded,
  'memory.size-zero': nonZero,
  'call.possiblyNullHelper': notNull,
  'kfunc.possiblyNull': notNull,
  'alu.nullable': notNull,
  'call.argNull': notNull,
  'kfunc.notTrusted': trusted,
  'call.wrongType': expected,
  'memory.not-memory': expected,
  'packet.outside': packetRange,
  'call.valueOutOfRange': known,
  'exit.notKnown': known,
  'alu.offsetUnbounded': bounded,
  'alu.mixedBounds': positive,
  'stack.unbounded': bounded,
  'stack.var-out-of-bounds': bounded,
  'kfunc.notScalar': scalar,
  'call.argNotScalar': scalar,
};

/** The missing fact about what the rejection is about, followed through the changes that made it. */
export function missingFact(
  c: WalkedCase,
  places: readonly Place[],
  origins: readonly Origin[],
): Missing | null {
  const subject = places.find((place) => place.kind === 'reg');
  if (subject === undefined) return null;
  const now = valueAt(c.trace.mirrorAt(c.step), subject);
  if (now === undefined || 'types' in now) return null;
  let fact = FACTS[c.result.rule ?? ''] as Fact | undefined;
  if (c.result.rule === 'memory.invalid-access')
    fact = (now.type & PTR_MAYBE_NULL) !== 0 ? notNull : now.type === NOT_INIT ? hasValue : pointer;
  if (fact === undefined) return null;
  if (typeIsPktPointer(now.type) && /^memory\./.test(c.result.rule ?? '')) fact = packetRange;
  const index = fact === belowSize ? indexOf(c, origins) : null;
  if (index !== null) {
    const most = BigInt(index.most);
    fact = {
      says: () => `R${index.no}, which is added to the pointer, is at most ${most}`,
      holds: (r) => r.type === SCALAR_VALUE && view(r.scalar).umax <= most,
    };
    // only what became of the index counts
    origins = origins.filter(
      ({ step, place }) => step < index.step && (place.kind === 'slot' || isScalarAt(c, step, place)),
    );
  }
  const says = fact.says(subject.no, c);
  for (const { step, place } of [...origins].sort((a, b) => b.step - a.step)) {
    const before = registerIn(valueAt(c.trace.mirrorAt(step), place));
    const afterStep = nextOnWay(c, step);
    const after = afterStep < 0 ? null : registerIn(valueAt(c.trace.mirrorAt(afterStep), place));
    if (before === null || after === null || !fact.holds(before, c) || fact.holds(after, c)) continue;
    const name = place.kind === 'reg' ? `R${place.no}` : `fp-${(place.no + 1) * 8}`;
    return {
      fact: says,
      until: step,
      how: `${name} was ${textOf(before, place.frame)} and became ${textOf(after, place.frame)}`,
    };
  }
  return { fact: says, until: -1, how: '' };
}

/** The number whose addition made the pointer's offset unknown, and the largest value that leaves room for the access. */
function indexOf(
  c: WalkedCase,
  origins: readonly Origin[],
): { readonly no: number; readonly step: number; readonly most: number } | null {
  const { report } = c;
  if (report?.kind !== 'mem-bounds') return null;
  const { insns } = c.program;
  for (const { step } of origins) {
    const insn = c.trace.insnAt(step);
    if (insns.code[insn] !== (op.BPF_ALU64 | op.BPF_ADD | op.BPF_X)) continue;
    const regs = c.trace.mirrorAt(step).frames.at(-1)!.regs;
    const no = [insns.src[insn], insns.dst[insn]].find(
      (r) => regs[r].type === SCALAR_VALUE && !isConst(regs[r].scalar),
    );
    const most = report.memSize - report.size - Math.max(report.off, 0);
    if (no !== undefined && most >= 0) return { no, step, most };
  }
  return null;
}

function isScalarAt(c: WalkedCase, step: number, place: Place): boolean {
  const after = nextOnWay(c, step);
  const value = after < 0 ? null : registerIn(valueAt(c.trace.mirrorAt(after), place));
  return value !== null && value.type === SCALAR_VALUE;
}

function registerIn(value: ReturnType<typeof valueAt>): Reg | null {
  if (value === undefined) return null;
  return 'types' in value ? value.reg : value;
}

/** The step that follows another on the way to the rejection. */
export function nextOnWay(c: WalkedCase, step: number): number {
  const { trace } = c;
  if (step + 1 < trace.length && trace.before(step + 1) === step && trace.leadsTo(step + 1, c.step))
    return step + 1;
  for (let at = c.step; at >= 0;) {
    const path = trace.pathOf(at);
    if (path.parentStep === step) return path.start;
    at = path.parentStep;
  }
  return -1;
}
