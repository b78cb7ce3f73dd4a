import type { ContextKind } from '../failure/report.ts';
import { REF_IRQ, REF_LOCK_MASK, REF_PTR, type Reference } from '../state/reference.ts';
import type { MapInfo } from '../state/map-info.ts';
import { BtfRef, IterExt } from '../state/reg.ts';
import type { Mirror } from './mirror.ts';

/** What can be held over a stretch of code. */
export type HeldKind = Exclude<ContextKind, 'none'> | 'ref';

/** Something that was held, and where: on any path, by the instruction that took it. */
export interface Lane {
  readonly kind: HeldKind;
  /** Id of the first reference, lock or irq flag that was taken there; 0 for RCU and preemption. */
  readonly id: number;
  /** Instruction that took it, -1 for regions that are counted only. */
  readonly takenAt: number;
  readonly label: string;
  /** By instruction: 1 if it was held before it on some explored path. */
  readonly at: Uint8Array;
}

/** What an acquired reference, lock or irq flag is, in a word or two: `task_struct`, `lock in m`, `iter_num`. */
export function labelOf(ref: Reference, state: Mirror): string {
  if (ref.type === REF_IRQ) return 'saved irq flags';
  if ((ref.type & REF_LOCK_MASK) !== 0) return isMap(ref.ptr) ? `lock in ${ref.ptr.name}` : 'lock';
  for (const frame of state.frames) {
    for (const reg of frame.regs) if (reg.id === ref.id && reg.ext instanceof BtfRef) return reg.ext.btf.type(reg.ext.id).name;
    for (const { reg } of frame.stack) {
      if (reg.id !== ref.id) continue;
      if (reg.ext instanceof IterExt) return reg.ext.btf.type(reg.ext.id).name.replace(/^bpf_/, '');
      if (reg.ext instanceof BtfRef) return reg.ext.btf.type(reg.ext.id).name;
    }
  }
  return `reference ${ref.id}`;
}

function isMap(object: object | null): object is MapInfo {
  return object !== null && 'def' in object && 'name' in object;
}

/** Gathers lanes while a walk is recorded. */
export class LaneRecorder {
  readonly lanes: Lane[] = [];
  private readonly byKey = new Map<string, Lane>();
  private active: Lane[] = [];

  constructor(private readonly insns: number) {}

  /** What is held changed to what `state` says. */
  update(state: Mirror): void {
    const active: Lane[] = [];
    for (const ref of state.refs) {
      if (ref.type === REF_IRQ) active.push(this.lane('irq', ref, state));
      else if ((ref.type & REF_LOCK_MASK) !== 0) active.push(this.lane('lock', ref, state));
      else if (ref.type === REF_PTR) active.push(this.lane('ref', ref, state));
      if (ref.forbidFault) active.push(this.lane('nofault', ref, state));
    }
    if (state.context.activeRcuLocks !== 0) active.push(this.counted('rcu', 'RCU read section'));
    if (state.context.activePreemptLocks !== 0) active.push(this.counted('preempt', 'preemption off'));
    this.active = active;
  }

  /** Instruction `insn` is walked with what is held now. */
  mark(insn: number): void {
    const { active } = this;
    for (let i = 0; i < active.length; i++) active[i].at[insn] = 1;
  }

  private lane(kind: HeldKind, ref: Reference, state: Mirror): Lane {
    const key = `${kind} ${ref.insnIdx}`;
    let lane = this.byKey.get(key);
    if (lane === undefined) {
      lane = { kind, id: ref.id, takenAt: ref.insnIdx, label: labelOf(ref, state), at: new Uint8Array(this.insns) };
      this.keep(key, lane);
    }
    return lane;
  }

  private counted(kind: HeldKind, label: string): Lane {
    let lane = this.byKey.get(kind);
    if (lane === undefined) this.keep(kind, (lane = { kind, id: 0, takenAt: -1, label, at: new Uint8Array(this.insns) }));
    return lane;
  }

  private keep(key: string, lane: Lane): void {
    this.byKey.set(key, lane);
    this.lanes.push(lane);
  }
}
