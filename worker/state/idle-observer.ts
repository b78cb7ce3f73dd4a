import type { ContextKind } from '../failure/report.ts';
import type { Location, ModReason, Observer } from './observer.ts';
import type { Reg } from './reg.ts';
import type { State } from './state.ts';

/** An observer that looks at nothing; observers extend it and look at what they care about. */
export class IdleObserver implements Observer {
  readonly wantsSteps: boolean = false;
  readonly wantsWrites: boolean = false;
  readonly wantsSearch: boolean = false;
  begin(_subprogno: number, _state: State): void {}
  step(_state: State, _prevInsnIdx: number): void {}
  pushed(_state: State, _at: number, _from: number): void {}
  popped(_next: State | null): void {}
  checkpoint(_checkpoint: State): void {}
  pruned(_state: State, _by: State, _kind: 'safe' | 'loop'): void {}
  considered(_known: State, _state: State): void {}
  backtracks(_from: State): void {}
  backtracked(_insnIdx: number): void {}
  exited(_state: State): void {}
  branch(_insnIdx: number, _taken: boolean): void {}
  modified(_at: Location, _before: Reg | null, _after: Reg | null, _reason: ModReason, _origin: Location | null): void {}
  acquired(_insnIdx: number, _refId: number): void {}
  released(_insnIdx: number, _refId: number): void {}
  region(_insnIdx: number, _kind: ContextKind, _enter: boolean, _depth: number): void {}
  precise(_state: State, _frameno: number, _kind: 'reg' | 'slot' | 'stack-arg', _no: number): void {}
  eachReg(_visit: (reg: Reg) => void): void {}
}

/** Tells several observers the same, in order. */
export class Observers implements Observer {
  readonly wantsSteps: boolean;
  readonly wantsWrites: boolean;
  readonly wantsSearch: boolean;
  private readonly all: readonly Observer[];

  constructor(all: readonly Observer[]) {
    this.all = all;
    this.wantsSteps = all.some((o) => o.wantsSteps);
    this.wantsWrites = all.some((o) => o.wantsWrites);
    this.wantsSearch = all.some((o) => o.wantsSearch);
  }
  begin(subprogno: number, state: State): void {
    for (const o of this.all) o.begin(subprogno, state);
  }
  step(state: State, prevInsnIdx: number): void {
    for (const o of this.all) if (o.wantsSteps) o.step(state, prevInsnIdx);
  }
  pushed(state: State, at: number, from: number): void {
    for (const o of this.all) o.pushed(state, at, from);
  }
  popped(next: State | null): void {
    for (const o of this.all) o.popped(next);
  }
  checkpoint(checkpoint: State): void {
    for (const o of this.all) o.checkpoint(checkpoint);
  }
  pruned(state: State, by: State, kind: 'safe' | 'loop'): void {
    for (const o of this.all) o.pruned(state, by, kind);
  }
  considered(known: State, state: State): void {
    for (const o of this.all) if (o.wantsSearch) o.considered(known, state);
  }
  backtracks(from: State): void {
    for (const o of this.all) if (o.wantsSearch) o.backtracks(from);
  }
  backtracked(insnIdx: number): void {
    for (const o of this.all) if (o.wantsSearch) o.backtracked(insnIdx);
  }
  exited(state: State): void {
    for (const o of this.all) o.exited(state);
  }
  branch(insnIdx: number, taken: boolean): void {
    for (const o of this.all) o.branch(insnIdx, taken);
  }
  modified(at: Location, before: Reg | null, after: Reg | null, reason: ModReason, origin: Location | null): void {
    for (const o of this.all) o.modified(at, before, after, reason, origin);
  }
  acquired(insnIdx: number, refId: number): void {
    for (const o of this.all) o.acquired(insnIdx, refId);
  }
  released(insnIdx: number, refId: number): void {
    for (const o of this.all) o.released(insnIdx, refId);
  }
  region(insnIdx: number, kind: ContextKind, enter: boolean, depth: number): void {
    for (const o of this.all) o.region(insnIdx, kind, enter, depth);
  }
  precise(state: State, frameno: number, kind: 'reg' | 'slot' | 'stack-arg', no: number): void {
    for (const o of this.all) o.precise(state, frameno, kind, no);
  }
  eachReg(visit: (reg: Reg) => void): void {
    for (const o of this.all) o.eachReg(visit);
  }
}
