import { isConditionalJump, jumpTarget } from '../isa/flow.ts';
import { printLlvm } from '../isa/llvm-print.ts';
import * as op from '../isa/opcodes.ts';
import { formatReg } from '../log/reg-text.ts';
import { NOT_INIT } from '../kernel/types.ts';
import type { Explanation } from '../protocol.ts';
import type { Reg } from '../state/reg.ts';
import { REF_IRQ, REF_LOCK_MASK } from '../state/reference.ts';
import { labelOf } from '../trace/lanes.ts';
import { CHANGE_REG, changeKey } from '../trace/changes.ts';
import { CONTEXT_KINDS, EVENT_ACQUIRED, EVENT_ENTERED, EVENT_RELEASED } from '../trace/trace.ts';
import { callee, culprit, type WalkedCase } from './context.ts';

type Link = Explanation['chain'][number];

/** Branches shown at most. */
const BRANCHES = 3;
/** How many copies back the origin of a value is followed. */
const HOPS = 6;

const REGION: Readonly<Record<string, string>> = {
  rcu: 'The RCU read section begins here',
  preempt: 'Preemption is disabled here',
  irq: 'Interrupts are disabled here',
  nofault: 'Faulting is forbidden from here on',
  lock: 'The lock is taken here',
};

/** The steps that led to a rejection, in the order in which they were walked; the last one is the rejection itself. */
export function causes(c: WalkedCase): Link[] {
  const links = new Map<number, string>();
  const add = (step: number, why: string): void => {
    if (step >= 0 && step !== c.step) links.set(step, links.has(step) ? `${links.get(step)!}; ${why}` : why);
  };
  held(c, add);
  if (c.result.rule === 'search.infiniteLoop') sameBefore(c, add);
  if (c.result.rule === 'kfunc.noAcquired') lastRelease(c, add);
  originOf(c, culprit(c), add);
  const first = Math.min(...links.keys());
  if (Number.isFinite(first)) branches(c, first, add);
  return [
    ...[...links].sort((a, b) => a[0] - b[0]).map(([step, why]) => ({ step, insn: c.trace.insnAt(step), why })),
    { step: c.step, insn: c.insn, why: sentence(c.result.message) },
  ];
}

function sentence(message: string): string {
  const line = message.split('\n')[0];
  return line === '' ? 'The program is rejected here' : `Rejected: ${line}`;
}

/** Where what is held at the rejection was taken, as far as the rule is about it. */
function held(c: WalkedCase, add: (step: number, why: string) => void): void {
  const { report, trace, step } = c;
  const rule = c.result.rule ?? '';
  const now = trace.mirrorAt(step);
  const wants = (kind: string): boolean => {
    if (report?.kind === 'leak' || rule === 'context.referenceLeak') return kind === 'ref';
    if (report?.kind === 'ctx-active' || report?.kind === 'ctx-required' || report?.kind === 'ctx-underflow') return kind === report.context;
    if (report?.kind === 'lock') return kind === 'lock';
    if (report?.kind === 'irq') return kind === 'irq';
    return report?.kind === 'ctx-forbidden' && kind !== 'ref';
  };
  const open = new Set<string>();
  if (wants('lock')) for (const ref of now.refs) if ((ref.type & REF_LOCK_MASK) !== 0) open.add('lock');
  if (wants('irq') && now.refs.some((ref) => ref.type === REF_IRQ)) open.add('irq');
  if (wants('rcu') && now.context.activeRcuLocks !== 0) open.add('rcu');
  if (wants('preempt') && now.context.activePreemptLocks !== 0) open.add('preempt');
  if (wants('nofault') && now.context.forbidFaultCount !== 0) open.add('nofault');
  const refs = new Map(wants('ref') ? now.refs.filter((ref) => ref.ptr === null && ref.type !== REF_IRQ).map((ref) => [ref.id, ref]) : []);
  for (const event of trace.eventsBefore(step)) {
    if (event.kind === EVENT_ACQUIRED && refs.has(event.data)) {
      const after = event.step + 1 < trace.length ? trace.mirrorAt(event.step + 1) : now;
      add(event.step, `${labelOf(refs.get(event.data)!, after)} is acquired here (id ${event.data})`);
      refs.delete(event.data);
    }
    if (event.kind === EVENT_ENTERED) {
      const kind = CONTEXT_KINDS[event.data & 15];
      if (open.has(kind)) {
        add(event.step, REGION[kind]);
        if (kind !== 'nofault' && event.data >> 4 <= 1) open.delete(kind);
      }
    }
    if (refs.size === 0 && open.size === 0) return;
  }
}

/** Where a register got what it holds: through copies, to the call, load or branch that made it. */
function originOf(c: WalkedCase, regno: number, add: (step: number, why: string) => void): void {
  const { trace, program } = c;
  if (regno < 0) return;
  const { insns } = program;
  const depth = trace.mirrorAt(c.step).frames.length - 1;
  let wanted = regno;
  let at = c.step;
  for (let hops = 0; hops < HOPS; hops++) {
    const changed = trace.lastChange(at, changeKey(CHANGE_REG, depth, wanted));
    const maker = changed < 0 ? -1 : trace.before(changed);
    if (maker < 0) return;
    const after = trace.mirrorAt(changed).frames[depth].regs[wanted];
    const before = trace.mirrorAt(maker).frames[depth]?.regs[wanted];
    if (before === undefined) return;
    const insn = trace.insnAt(maker);
    const code = insns.code[insn];
    const cls = code & 7;
    const name = callee(c, insn);
    const text = `R${wanted} = ${textOf(after, depth)}`;
    at = maker;
    if (trace.eventsOf(maker).some((event) => event.kind === EVENT_RELEASED) && wanted !== 0) {
      add(maker, `${name} releases what R${wanted} was: ${textOf(before, depth)}`);
    } else if (name !== '' && wanted !== 0 && after.type === NOT_INIT) {
      return add(maker, `R${wanted} is lost in the call of ${name}: it was ${textOf(before, depth)}`);
    } else if (name !== '' && wanted === 0) {
      return add(maker, `${text}, the result of ${name}`);
    } else if ((cls === op.BPF_ALU64 || cls === op.BPF_ALU) && insns.dst[insn] === wanted) {
      const isMove = (code & 0xf0) === op.BPF_MOV;
      add(maker, isMove && code & op.BPF_X ? `${text}, copied from R${insns.src[insn]}` : text);
      if (isMove) {
        if ((code & op.BPF_X) === 0) return;
        wanted = insns.src[insn];
      }
    } else if ((cls === op.BPF_LDX || cls === op.BPF_LD) && insns.dst[insn] === wanted) {
      return add(maker, `${text}, loaded from memory`);
    } else if (isConditionalJump(code)) add(maker, `${text} after this comparison`);
    // what merely became unread or precise is no origin
    else if (after.type !== NOT_INIT && textOf(before, depth) !== textOf(after, depth)) add(maker, text);
  }
}

function textOf(reg: Reg, frameno: number): string {
  return reg.type === NOT_INIT ? 'uninit' : formatReg(reg, frameno);
}

/** Where the walk was in the same state before: at the last visit of the instruction. */
function sameBefore(c: WalkedCase, add: (step: number, why: string) => void): void {
  for (const step of c.trace.way(c.step)) {
    if (step === c.step || c.trace.insnAt(step) !== c.insn) continue;
    return add(step, 'The walk was here before, in the same state');
  }
}

/** Where what is missing was given back. */
function lastRelease(c: WalkedCase, add: (step: number, why: string) => void): void {
  for (const event of c.trace.eventsBefore(c.step)) {
    if (event.kind !== EVENT_RELEASED) continue;
    return add(event.step, `${callee(c, c.trace.insnAt(event.step))} gave it back here`);
  }
}

/** The last decisions between the first cause and the rejection. */
function branches(c: WalkedCase, first: number, add: (step: number, why: string) => void): void {
  const { trace, program } = c;
  let found = 0;
  let next = c.step;
  for (const step of trace.way(c.step)) {
    if (step <= first || found === BRANCHES) return;
    const insn = trace.insnAt(step);
    if (step !== c.step && isConditionalJump(program.insns.code[insn])) {
      const taken = jumpTarget(program.insns, insn) === trace.insnAt(next);
      add(step, `${printLlvm(program.insns, insn, { label: labelsOf(c) })}: ${taken ? 'taken' : 'not taken'}`);
      found++;
    }
    next = step;
  }
}

function labelsOf(c: WalkedCase): (slot: number) => string | null {
  return (slot) => c.text.outline.labels.find((label) => label.slot === slot)?.name ?? null;
}
