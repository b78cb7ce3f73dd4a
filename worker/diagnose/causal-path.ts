import type { ContextKind } from '../failure/report.ts';
import type { Insns } from '../isa/insns.ts';
import * as op from '../isa/opcodes.ts';
import type { Location } from '../state/observer.ts';
import type { ChangeEvent, EventLog, HistoryEvent } from './event-log.ts';

/** What a report's causal path is about: where a value came from, a resource, or a region that the path is in. */
export type Scope =
  | { readonly kind: 'value'; readonly at: Location }
  | { readonly kind: 'reference'; readonly refId: number }
  | { readonly kind: 'region'; readonly region: ContextKind; readonly depth: number };

/** Operations that change a value and leave it the same value: the path to it goes on before them. */
const KEEPS_LINEAGE = new Set<number>([
  op.BPF_ADD,
  op.BPF_SUB,
  op.BPF_MUL,
  op.BPF_OR,
  op.BPF_AND,
  op.BPF_LSH,
  op.BPF_RSH,
  op.BPF_ARSH,
  op.BPF_XOR,
  op.BPF_NEG,
  op.BPF_END,
]);

/** Is it arithmetic on a register's own value? */
export function keepsLineage(insns: Insns, insn: number, at: Location, reason: ChangeEvent['reason']): boolean {
  if (reason !== 'write' || at.kind !== 'reg') return false;
  const code = insns.code[insn];
  return (op.classOf(code) === op.BPF_ALU || op.classOf(code) === op.BPF_ALU64) && KEEPS_LINEAGE.has(op.opOf(code));
}

/** The register that an instruction copies into `at`, null if it copies none; `top` is the current frame. */
export function copiedFrom(insns: Insns, insn: number, at: Location, top: { readonly frameno: number; readonly diagFrameId: number }): Location | null {
  const code = insns.code[insn];
  const cls = op.classOf(code);
  const reg = (frameno: number, frameId: number): Location => ({ frameno, frameId, kind: 'reg', no: insns.src[insn], end: 0 });
  if (at.kind === 'reg') {
    const isMove = (cls === op.BPF_ALU || cls === op.BPF_ALU64) && op.opOf(code) === op.BPF_MOV && op.sourceOf(code) === op.BPF_X;
    return isMove ? reg(at.frameno, at.frameId) : null;
  }
  return at.kind !== 'stack-range' && cls === op.BPF_STX ? reg(top.frameno, top.diagFrameId) : null;
}

/** Did a change at `changed` change what is at `at`? */
function touches(changed: Location, at: Location): boolean {
  if (changed.frameId !== at.frameId || changed.frameno !== at.frameno) return false;
  if (changed.kind === 'stack-range' && at.kind === 'slot') {
    const start = -8 * (at.no + 1);
    return changed.no < start + 8 && changed.end > start;
  }
  return changed.kind === at.kind && changed.kind !== 'stack-range' && changed.no === at.no;
}

/** The latest change of what is at `at`, null if none is known. */
export function lastChange(log: EventLog, at: Location): ChangeEvent | null {
  for (let i = log.length - 1; i >= 0; i--) {
    const event = log.at(i);
    if (event.kind === 'change' && touches(event.at, at)) return event;
  }
  return null;
}

/**
 * The events of the current path that led to what a report is about: every branch, and what changed the value, took
 * the resource or entered the region, from where it began.
 */
export function causalPath(log: EventLog, scope: Scope, insns: Insns): HistoryEvent[] {
  const lineage = scope.kind === 'value' ? lineageOf(log, scope.at, insns) : null;
  const start = lineage !== null && lineage.size !== 0 ? earliest(lineage) : startOf(log, scope);
  const path: HistoryEvent[] = [];
  for (let i = start; i < log.length; i++) {
    const event = log.at(i);
    if (event.kind === 'change' ? lineage !== null && lineage.has(i) : belongs(event, scope)) path.push(event);
  }
  return path;
}

/** Positions of the changes that made the value at `at`, followed backwards through copies to the write that made it. */
function lineageOf(log: EventLog, at: Location, insns: Insns): Set<number> {
  const lineage = new Set<number>();
  let target = at;
  for (let i = log.length - 1; i >= 0; i--) {
    const event = log.at(i);
    if (event.kind !== 'change' || !touches(event.at, target)) continue;
    lineage.add(i);
    if (event.origin !== null) target = event.origin;
    else if ((event.reason === 'write' || event.reason === 'spill') && !keepsLineage(insns, event.insn, event.at, event.reason)) break;
  }
  return lineage;
}

/** Lineages are found from the latest change backwards. */
function earliest(lineage: ReadonlySet<number>): number {
  let last = 0;
  for (const i of lineage) last = i;
  return last;
}

function startOf(log: EventLog, scope: Scope): number {
  for (let i = log.length - 1; i >= 0; i--) {
    const event = log.at(i);
    if (scope.kind === 'reference') {
      if (event.kind === 'acquired' && event.refId === scope.refId) return i;
    } else if (scope.kind === 'region' && scope.depth !== 0) {
      if (event.kind !== 'region' || event.region !== scope.region) continue;
      if (event.enter && event.depth === 1) return i;
      if (!event.enter && event.depth === 0) return 0;
    } else return 0;
  }
  return 0;
}

function belongs(event: Exclude<HistoryEvent, ChangeEvent>, scope: Scope): boolean {
  switch (event.kind) {
    case 'branch':
      return true;
    case 'region':
      return scope.kind === 'region' && event.region === scope.region;
    default:
      return scope.kind === 'reference' && event.refId === scope.refId;
  }
}
