import type { ContextKind, Report } from '../failure/report.ts';
import type { Env } from '../state/env.ts';
import { IdleObserver } from '../state/idle-observer.ts';
import type { Location, ModReason } from '../state/observer.ts';
import type { Reg } from '../state/reg.ts';
import type { State } from '../state/state.ts';
import { copiedFrom, keepsLineage } from './causal-path.ts';
import { EventLog } from './event-log.ts';
import { renderReport } from './render.ts';
import { sameValue } from './values.ts';
import type { Setting } from './windows.ts';

/**
 * Remembers what happened on the path being walked and writes the `Verification failed:` report about it
 * (kernel: diagnostics.c). One run, one Diagnosis; pass it only where somebody reads the log.
 */
export class Diagnosis extends IdleObserver {
  override readonly wantsWrites = true;
  private readonly history = new EventLog();
  /** Where the history ended when each pending path was put aside. */
  private readonly pending: number[] = [];
  private setting: Setting | null = null;
  private env: Env | null = null;

  /** From here on reports are about this program. */
  prepares(setting: Setting): void {
    this.setting = setting;
  }

  /** Its walk begins. */
  begins(env: Env): void {
    this.env = env;
  }

  /** The report as it stands in the log, newlines included. */
  render(report: Report): string {
    if (this.setting === null) throw new Error('a report before its program is known');
    return renderReport(report, this.setting, this.history, this.env?.cur ?? null);
  }

  override eachReg(visit: (reg: Reg) => void): void {
    this.history.eachReg(visit);
  }

  override begin(): void {
    this.history.restore(0);
    this.pending.length = 0;
  }

  override pushed(): void {
    this.pending.push(this.history.end);
  }

  override popped(next: State | null): void {
    if (next !== null) this.history.restore(this.pending.pop()!);
  }

  override branch(insn: number, taken: boolean): void {
    this.history.add({ kind: 'branch', insn, taken });
  }

  override modified(at: Location, before: Reg | null, after: Reg | null, reason: ModReason, origin: Location | null): void {
    if (after === null && at.kind !== 'stack-range' && (before === null || before.type === 0)) return;
    const { insnIdx: insn, insns, cur } = this.env!;
    const from = origin ?? copiedFrom(insns, insn, at, cur.top());
    const isSame = from === null && before !== null && after !== null && keepsLineage(insns, insn, at, reason) && sameValue(before, after);
    if (!isSame) this.history.add({ kind: 'change', insn, at, origin: from, before, after, reason });
  }

  override acquired(insn: number, refId: number): void {
    this.history.add({ kind: 'acquired', insn, refId });
  }

  override released(insn: number, refId: number): void {
    this.history.add({ kind: 'released', insn, refId });
  }

  override region(insn: number, region: ContextKind, enter: boolean, depth: number): void {
    this.history.add({ kind: 'region', insn, region, enter, depth });
  }
}
