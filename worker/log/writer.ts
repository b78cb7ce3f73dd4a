import { say, type Messages } from '../failure/messages.ts';
import type { Report } from '../failure/report.ts';
import type { Program } from '../program/program.ts';
import type { Env } from '../state/env.ts';
import { IdleObserver } from '../state/idle-observer.ts';
import type { State } from '../state/state.ts';
import type { WalkText } from '../state/walk-text.ts';
import { findLine, sameLine, sourceText, type LineRow } from './source-lines.ts';
import { formatScratched, formatState } from './state-text.ts';

/** Characters that are kept of a log; of a longer one the beginning is lost, as in the kernel's own buffer. */
const LIMIT = 1 << 28;

/** Lines with less text before the state still align it here (kernel: BPF_LOG_ALIGNMENT). */
const STATE_COLUMN = 40;

/**
 * Writes the text that the kernel's verifier writes at log level 1 or 2. At level 1 only the path being walked
 * is kept: what was written since a path was put aside is taken back when that path is taken up.
 */
export class LogWriter extends IdleObserver implements Messages, WalkText {
  readonly level: 1 | 2;
  /** Renders the `Verification failed:` report; without one there is no report. */
  reporter: ((report: Report) => string) | null = null;
  private readonly parts: string[] = [];
  /** Position after each part. */
  private readonly ends: number[] = [];
  private end = 0;
  /** Where what is kept begins. */
  private start = 0;
  /** Positions at which steps begin, and which steps. */
  private readonly stepStarts: number[] = [];
  private readonly stepNumbers: number[] = [];
  /** Where the log ended when each pending path was put aside. */
  private readonly pending: number[] = [];
  private env: Env | null = null;
  private print: (insn: number) => string = String;
  private insnTexts: string[] = [];
  private lastLine: LineRow | null = null;
  /** End of the last instruction line, and its length; 0 before the first. */
  private insnEnd = 0;
  private insnLength = 0;

  constructor(
    level: 1 | 2,
    private readonly program: Program,
  ) {
    super();
    this.level = level;
  }

  /** From here on instructions and states of this run are written. */
  attach(env: Env, print: (insn: number) => string): void {
    this.env = env;
    this.print = print;
    this.insnTexts = new Array<string>(env.insns.length).fill('');
  }

  text(text: string): void {
    if (text === '') return;
    this.parts.push(text);
    this.end += text.length;
    this.ends.push(this.end);
    if (this.end - this.start > LIMIT) this.dropOldest();
  }

  /** Positions before this one were dropped: the log is longer than a string may be. */
  get droppedBefore(): number {
    return this.start;
  }

  report(report: Report): void {
    if (this.reporter !== null) this.text(this.reporter(report));
  }

  /** How much was written; to come back to with {@link truncate}. */
  position(): number {
    return this.end;
  }

  /** Takes back what was written after `position`. */
  truncate(position: number): void {
    const { parts, ends, stepStarts } = this;
    while (parts.length !== 0 && ends[ends.length - 1] > position) {
      const start = ends.length > 1 ? ends[ends.length - 2] : this.start;
      const part = parts.pop()!;
      ends.pop();
      if (start < position) {
        parts.push(part.slice(0, position - start));
        ends.push(position);
      }
    }
    this.end = position;
    if (this.start > position) this.start = position;
    while (stepStarts.length !== 0 && stepStarts[stepStarts.length - 1] >= position) {
      stepStarts.pop();
      this.stepNumbers.pop();
    }
  }

  override begin(): void {
    this.lastLine = null;
  }

  override pushed(): void {
    this.pending.push(this.end);
  }

  override popped(next: State | null): void {
    if (next === null) return;
    const position = this.pending.pop()!;
    if (this.level === 1) this.truncate(position);
  }

  /** A walk ended well: at level 1 nothing of it is kept. */
  walkDone(): void {
    if (this.level === 1) this.truncate(0);
  }

  /** The source line of an instruction, unless it was the last one written (kernel: verbose_linfo). */
  sourceLine(insn: number, prefix: string): void {
    const row = findLine(this.program, insn);
    if (row === null || row === this.lastLine) return;
    if (this.lastLine !== null && sameLine(row, this.lastLine)) return;
    this.text(prefix + sourceText(this.program, row));
    this.lastLine = row;
  }

  /** `(b7) r0 = 0`, as instruction lines and precision lines show it. */
  insnText(insn: number): string {
    const known = this.insnTexts[insn];
    if (known !== '') return known;
    return (this.insnTexts[insn] = this.print(insn));
  }

  /** Instruction `step` is about to be walked; `newPath`: it is the first after another path was left. */
  insn(state: State, prevInsn: number, newPath: boolean, step: number): void {
    const env = this.env!;
    const insn = state.insnIdx;
    this.stepStarts.push(this.end);
    this.stepNumbers.push(step);
    if (newPath && this.level === 2) {
      this.text(`\nfrom ${prevInsn} to ${insn}${state.speculative ? ' (speculative execution)' : ''}:${formatState(state, state.frames.length - 1)}\n`);
    }
    if ((env.scratchedRegs | env.scratchedSlotsLo | env.scratchedSlotsHi) !== 0) this.insnState(env);
    this.sourceLine(insn, '; ');
    const before = this.end;
    this.text(`${insn}: ${this.insnText(insn)}`);
    this.text('\n');
    this.insnLength = this.end - before;
    this.insnEnd = this.end;
  }

  /** What changed since the last state line, beside the instruction if nothing was written since (kernel: print_insn_state). */
  insnState(env: Env): void {
    const text = formatScratched(env, env.cur, env.cur.frames.length - 1) + '\n';
    env.scratchNone();
    if (this.insnEnd !== 0 && this.insnEnd === this.end) {
      this.truncateStep(this.end - 1);
      const from = Math.max(this.insnLength + 4, STATE_COLUMN);
      const width = ((from + 7) & ~7) - this.insnLength - 1;
      this.text(' '.repeat(Math.max(width, 1)) + ';' + text);
    } else {
      this.text(`${env.insnIdx}:${text}`);
    }
  }

  frame(state: State, frameno: number): void {
    this.text(formatState(state, frameno) + '\n');
  }

  /** The path ends because its state is covered by another one. */
  safe(state: State, prevInsn: number, newPath: boolean): void {
    const insn = this.env!.insnIdx;
    if (newPath) say(this, '\nfrom %d to %d%s: safe\n', prevInsn, insn, state.speculative ? ' (speculative execution)' : '');
    else say(this, '%d: safe\n', insn);
  }

  /** Everything written so far. */
  wholeText(): string {
    return this.parts.join('');
  }

  /** For each line of {@link wholeText}, the step that it belongs to, -1 for lines before the walk. */
  lineSteps(): Int32Array {
    const text = this.wholeText();
    const steps: number[] = [];
    let mark = 0;
    let step = -1;
    for (let at = 0; at < text.length; ) {
      while (mark < this.stepStarts.length && this.stepStarts[mark] <= this.start + at) step = this.stepNumbers[mark++];
      steps.push(step);
      const newline = text.indexOf('\n', at);
      at = newline < 0 ? text.length : newline + 1;
    }
    return Int32Array.from(steps);
  }

  private dropOldest(): void {
    const half = this.start + LIMIT / 2;
    let cut = 0;
    while (this.ends[cut] < half) cut++;
    this.start = this.ends[cut];
    this.parts.splice(0, cut + 1);
    this.ends.splice(0, cut + 1);
  }

  /** Truncates without forgetting steps: a state line continues its instruction's line. */
  private truncateStep(position: number): void {
    const starts = this.stepStarts.length;
    const keep = starts === 0 ? null : [this.stepStarts[starts - 1], this.stepNumbers[starts - 1]];
    this.truncate(position);
    if (keep !== null && this.stepStarts.length < starts) {
      this.stepStarts.push(Math.min(keep[0], position));
      this.stepNumbers.push(keep[1]);
    }
  }
}
