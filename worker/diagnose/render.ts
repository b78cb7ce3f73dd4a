import type { DerefKind, Report } from '../failure/report.ts';
import { plainTypeName } from '../kernel/plain-types.ts';
import type { Location } from '../state/observer.ts';
import { Reference, REF_LOCK, REF_RES_LOCK, REF_RES_LOCK_IRQ } from '../state/reference.ts';
import { Reg } from '../state/reg.ts';
import type { State } from '../state/state.ts';
import { lastChange, type Scope } from './causal-path.ts';
import type { EventLog } from './event-log.ts';
import { causalPathText } from './history-text.ts';
import { forbiddingRegion, REGIONS } from './regions.ts';
import { accessOffset } from './values.ts';
import { place, type Setting } from './windows.ts';
import { wrap } from './wrap.ts';

const REGISTER = 'Register Type Safety';
const MEMORY = 'Memory Safety';
const RESOURCE = 'Resource Lifetime Safety';
const CALL = 'Call Type Safety';
const CONTEXT = 'Execution Context Safety';
const STRUCTURE = 'Program Structure';
const POLICY = 'Policy';

/** What every report consists of, besides places that only some have. */
interface Sections {
  readonly category: string;
  readonly problem: string;
  readonly reason: string;
  /** Remark at the failing instruction; the problem if not given. */
  readonly at?: string;
  /** What the causal path is to show; null: there is none. */
  readonly path: Scope | null;
  readonly suggestion: string;
}

/** Writes the report that a rejection asks for. `state` is what holds at the failing instruction; null before the walk. */
export function renderReport(report: Report, setting: Setting, history: EventLog, state: State | null): string {
  const s = sections(report, history, state);
  let text = `\nVerification failed: ${s.category}: ${s.problem[0].toUpperCase()}${s.problem.slice(1)}\n`;
  text += `\nReason:\n${wrap(s.reason, '  ')}`;
  text += `\nAt:\n${place(setting, report.insn, 'error', s.at ?? s.problem)}`;
  if (s.path !== null) text += causalPathText(setting, history, s.path);
  if (report.kind === 'lock' && report.activeLock instanceof Reference) text += activeLock(setting, report.activeLock);
  return `${text}\nSuggestion:\n${wrap(s.suggestion, '  ')}\n`;
}

function sections(report: Report, history: EventLog, state: State | null): Sections {
  switch (report.kind) {
    case 'register-type':
      return { ...plain(report, REGISTER), path: registerPath(state, report.regno) };
    case 'memory':
      return plain(report, MEMORY);
    case 'structure':
      return plain(report, STRUCTURE);
    case 'resource':
    case 'lock':
      return plain(report, RESOURCE);
    case 'irq':
      return { ...plain(report, RESOURCE), path: report.depth === 0 ? null : { kind: 'region', region: 'irq', depth: report.depth } };
    case 'policy':
      return {
        category: POLICY,
        problem: 'operation is not allowed',
        reason: `The ${report.operation} is not allowed: ${report.reason}.`,
        at: `policy check failed for ${report.operation}`,
        path: null,
        suggestion: report.suggestion,
      };
    case 'leak':
      return {
        category: RESOURCE,
        problem: 'unreleased resource',
        reason: `Owned resource (id=${report.refId}) was acquired at instruction ${report.allocInsn} and still needs to be released before this exit path.`,
        at: `owned resource (id=${report.refId}) still needs release`,
        path: { kind: 'reference', refId: report.refId },
        suggestion: 'Release or transfer ownership of the acquired resource on every path before the program exits.',
      };
    case 'invalid-deref':
      return invalidDeref(report, state);
    case 'unreadable-reg':
      return unreadable(report.regno, history, state);
    case 'stack-arg-uninit':
      return missingStackArg(report, state);
    case 'mem-bounds':
      return outsideBounds(report, state);
    case 'call-type':
      return badArgument(report, state);
    case 'ctx-forbidden':
    case 'ctx-active':
    case 'ctx-required':
    case 'ctx-underflow':
      return wrongContext(report, state);
  }
}

type ReportOf<K extends Report['kind']> = Extract<Report, { readonly kind: K }>;

function plain(report: { readonly problem: string; readonly reason: string; readonly suggestion: string }, category: string): Sections {
  return { category, problem: report.problem, reason: report.reason, path: null, suggestion: report.suggestion };
}

function activeLock(setting: Setting, lock: Reference): string {
  return `\nActive lock:\n${place(setting, lock.insnIdx, 'acquired', `active ${lockName(lock.type)} has verifier identity ${lock.id}`)}`;
}

function lockName(type: number): string {
  switch (type) {
    case REF_LOCK:
      return 'bpf_spin_lock';
    case REF_RES_LOCK:
      return 'resource spin lock';
    case REF_RES_LOCK_IRQ:
      return 'IRQ-saving resource spin lock';
    default:
      return 'lock';
  }
}

/** How a register of the current frame came by its value; null without a register. */
function registerPath(state: State | null, regno: number): Scope | null {
  return regno < 0 ? null : { kind: 'value', at: inCurrentFrame(state, 'reg', regno) };
}

function inCurrentFrame(state: State | null, kind: 'reg' | 'stack-arg', no: number): Location {
  const frame = state!.top();
  return { frameno: frame.frameno, frameId: frame.diagFrameId, kind, no, end: 0 };
}

const ADD_NULL_CHECK = 'Add a NULL check before the access and dereference the pointer only on the non-NULL path.';
const KEEP_ORIGINAL =
  'Preserve the original pointer in another register, or use only offsets this pointer type permits before dereferencing it.';
const KEEP_POINTER =
  'Preserve a pointer-valued register where needed, or reload and revalidate the pointer after scalar arithmetic, ' +
  'helper calls, or other operations that can invalidate it.';

const DEREF: Readonly<Record<DerefKind, { reason(reg: string, type: string, offset: bigint): string; suggestion: string }>> = {
  scalar: { reason: (reg) => `${reg} is an integer scalar here, not a pointer to memory.`, suggestion: KEEP_POINTER },
  nullable: {
    reason: (reg, type) =>
      `${reg} may be NULL here (${type}). The program could dereference NULL on this path, so the verifier cannot prove this access is safe.`,
    suggestion: ADD_NULL_CHECK,
  },
  modified: {
    reason: (reg, _type, offset) =>
      `${reg} has offset ${offset} here, but this pointer type must be dereferenced in its original form.`,
    suggestion: KEEP_ORIGINAL,
  },
  invalid: {
    reason: (reg, type) => `${reg} has type ${type} here, which is not valid for this memory access.`,
    suggestion: KEEP_POINTER,
  },
};

function invalidDeref(report: ReportOf<'invalid-deref'>, state: State | null): Sections {
  const { deref, regName } = report;
  const type = plainTypeName(asReg(report.reg).type);
  return {
    category: REGISTER,
    problem: 'invalid dereference',
    reason: DEREF[deref].reason(regName, type, report.offset),
    at: deref === 'modified' ? `dereference requires the original ${type} pointer` : `invalid dereference of ${regName} (${type})`,
    path: registerPath(state, report.regno),
    suggestion: DEREF[deref].suggestion,
  };
}

function unreadable(regno: number, history: EventLog, state: State | null): Sections {
  const change = lastChange(history, inCurrentFrame(state, 'reg', regno));
  const common = { category: REGISTER, problem: 'unreadable register', at: `R${regno} is not readable`, path: registerPath(state, regno) };
  if (change !== null && (change.after === null || change.after.type === 0)) {
    return {
      ...common,
      reason: `R${regno} is not readable here. A previous operation invalidated this register, so the verifier cannot use it as an input.`,
      suggestion: 'Avoid using the register after it is invalidated, or initialize it again before this instruction.',
    };
  }
  if (history.lost === 0) {
    return {
      ...common,
      reason: `R${regno} has never been initialized on this path, so the verifier cannot use it as an input.`,
      suggestion: `Initialize R${regno} on every path before this instruction.`,
    };
  }
  return {
    ...common,
    reason: `R${regno} is not readable here. It may never have been initialized, or an earlier operation may have invalidated it.`,
    suggestion: 'Initialize the register on every path, or initialize it again after any operation that invalidates it.',
  };
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth', 'eleventh', 'twelfth'];
const ordinal = (n: number): string => ORDINALS[n - 1] ?? '';

function missingStackArg(report: ReportOf<'stack-arg-uninit'>, state: State | null): Sections {
  const number = ordinal(report.slot + 6);
  const also = [number === '' ? '' : `${number} argument`, report.argName].filter((text) => text !== '').join(', ');
  const arg = `outgoing stack argument ${report.slot + 1}${also === '' ? '' : ` (${also})`}`;
  return {
    category: REGISTER,
    problem: 'missing stack argument',
    reason:
      `${report.callee === '' ? 'The callee' : `Function ${report.callee}`} expects ${report.nargs} arguments, ` +
      `but ${arg} is not initialized at this call.`,
    at: `${arg} is not initialized`,
    path: report.slot < 0 ? null : { kind: 'value', at: inCurrentFrame(state, 'stack-arg', report.slot) },
    suggestion: 'Write the outgoing stack argument after any operation that may invalidate stored pointer values, and before making this call.',
  };
}

function outsideBounds(report: ReportOf<'mem-bounds'>, state: State | null): Sections {
  const offset = accessOffset(asReg(report.reg), report.off);
  return {
    category: MEMORY,
    problem: 'access outside bounds',
    reason:
      `The verifier cannot prove offset + access_size <= object_size. Here, ${report.proof}. ${report.regName} is ${report.typeName}; ` +
      `offset is ${offset}; access_size is ${report.size}; object_size is ${report.memSize}.`,
    at: 'access may be outside object bounds',
    path: registerPath(state, report.regno),
    suggestion: 'Add or adjust a bounds check that proves offset + access_size stays within the object.',
  };
}

function badArgument(report: ReportOf<'call-type'>, state: State | null): Sections {
  const number = ordinal(report.argno);
  const name = report.argName;
  const arg =
    number !== '' ? `${number} argument${name === '' ? '' : ` (${name})`}` : `argument${name === '' ? '' : ` ${name}`}`;
  const onStack: Scope | null = report.stackArgSlot < 0 ? null : { kind: 'value', at: inCurrentFrame(state, 'stack-arg', report.stackArgSlot) };
  return {
    category: CALL,
    problem: 'invalid call argument',
    reason: `The ${arg} to ${report.callName} does not satisfy the verifier contract: ${report.reason}.`,
    at: `invalid ${arg} for ${report.callName}`,
    path: registerPath(state, report.regno) ?? onStack,
    suggestion: report.suggestion,
  };
}

/** `an active lock region (depth 1)` */
function activeRegions(depth: number, name: string): string {
  return depth === 1 ? `an active ${name} (depth 1)` : `${depth} active ${name}s (depth ${depth})`;
}

function wrongContext(report: ReportOf<'ctx-forbidden' | 'ctx-active' | 'ctx-required' | 'ctx-underflow'>, state: State | null): Sections {
  const { operation, suggestion } = report;
  const region = report.kind === 'ctx-forbidden' ? forbiddingRegion(state!) : report.context;
  const { name, constraint, depth: depthOf } = REGIONS[region];
  const depth = depthOf(state!);
  const common = { category: CONTEXT, problem: 'operation is not allowed in this context', suggestion };
  switch (report.kind) {
    case 'ctx-forbidden': {
      const because = constraint === '' ? '' : ` because ${constraint}`;
      const inside = constraint === '' || depth === 0 ? '' : ` This path is still inside ${activeRegions(depth, name)}.`;
      return {
        ...common,
        reason: `The operation ${operation} cannot be used in ${name}${because}.${inside}`,
        at: `${operation} is not allowed in ${name}`,
        path: region === 'none' ? null : { kind: 'region', region, depth },
      };
    }
    case 'ctx-active':
      return {
        ...common,
        reason: `The operation ${operation} cannot be used while this path is still inside ${activeRegions(depth, name)}. Leave the region before this operation.`,
        at: `${operation} is not allowed before leaving ${name}`,
        path: { kind: 'region', region, depth },
      };
    case 'ctx-required':
      return {
        ...common,
        problem: 'required context is not active',
        reason: `The operation ${operation} requires an active ${name}, but this path is outside one.`,
        at: `${operation} requires ${name}`,
        path: null,
      };
    case 'ctx-underflow':
      return {
        ...common,
        problem: 'unmatched context exit',
        reason: `The operation ${operation} tries to leave ${name}, but this path has no active ${name} to leave. The current depth is 0.`,
        at: `${operation} has no matching enter on this path`,
        path: { kind: 'region', region, depth: 0 },
      };
  }
}

function asReg(reg: unknown): Reg {
  if (!(reg instanceof Reg)) throw new Error('the report lacks its register');
  return reg;
}
