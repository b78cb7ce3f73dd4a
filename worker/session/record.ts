import { Diagnosis } from '../diagnose/diagnosis.ts';
import { arenaUsage } from '../domain/scalar.ts';
import { Cancelled } from '../engine/explore.ts';
import { verifySliced, type Outcome, type VerifyOptions } from '../engine/verify.ts';
import type { Report } from '../failure/report.ts';
import type { KernelModel } from '../kernel/model.ts';
import type { Program } from '../program/program.ts';
import type { Env } from '../state/env.ts';
import { TraceRecorder } from '../trace/recorder.ts';
import type { Trace } from '../trace/trace.ts';
import { breathe, SLICE_MS } from './breathe.ts';

/** Asked between slices of work: true makes the run give up. Told how many instructions were processed. */
export type Listener = (insns: number) => boolean;

/** What became of a program, and its walk if that was asked for. */
export interface Recorded {
  readonly outcome: Outcome;
  readonly trace: Trace | null;
  readonly env: Env | null;
  /** The program asked for the kernel's types, which the model does not have. */
  readonly typesMissing: boolean;
  /** It gave up because there was no room for another value. */
  readonly arenaFull: boolean;
  readonly ms: number;
}

/** A log of the kernel's, taken apart. */
export interface Log {
  readonly text: string;
  /** Where each line begins, and where the text ends. */
  readonly lines: Int32Array;
  /** Number of processed instructions that each line belongs to, -1 for none. */
  readonly steps: Int32Array;
  /** What the report at the end of a rejection was made from, null if there is none. */
  readonly report: Report | null;
}

/** Begins the text of an outcome that lacked room. */
const ARENA_FULL = 'the value arena is full';

/** Runs the core in slices. Null if it was told to give up. */
async function drive(program: Program, model: KernelModel, options: VerifyOptions, listen: Listener): Promise<Outcome | null> {
  const walk = verifySliced(program, model, options);
  let until = performance.now() + SLICE_MS;
  for (let next = walk.next(); ; next = walk.next()) {
    if (next.done) return next.value;
    if (performance.now() < until) continue;
    await breathe();
    if (listen(next.value)) {
      walk.throw(new Cancelled('the walk was stopped'));
      return null;
    }
    until = performance.now() + SLICE_MS;
  }
}

/** Verifies without a log; with `traced`, records every step. Values of the trace live in the arena until it is reset. */
export async function runRecorded(program: Program, model: KernelModel, traced: boolean, listen: Listener): Promise<Recorded | null> {
  const began = performance.now();
  const recorder = traced ? new TraceRecorder() : null;
  let typesMissing = false;
  let env: Env | null = null;
  const asking: KernelModel = model.hasBtf
    ? model
    : {
        ...model,
        btf: () => {
          typesMissing = true;
          return model.btf();
        },
        moduleBtf: (name) => {
          typesMissing = true;
          return model.moduleBtf(name);
        },
      };
  const outcome = await drive(
    program,
    asking,
    {
      level: 0,
      observers: recorder === null ? undefined : [recorder],
      onEnv: (started) => {
        env = started;
        recorder?.attach(started);
      },
    },
    listen,
  );
  if (outcome === null) return null;
  const trace = recorder === null || env === null ? null : recorder.finish(outcome.verdict !== 'accepted');
  const stopped = outcome.verdict === 'not-modelled';
  return { outcome, trace, env, typesMissing: typesMissing && stopped, arenaFull: stopped && outcome.message.startsWith(ARENA_FULL), ms: performance.now() - began };
}

/** A reporter that remembers what it reported. */
class KeepingDiagnosis extends Diagnosis {
  report: Report | null = null;
  override render(report: Report): string {
    this.report = report;
    return super.render(report);
  }
}

/** The kernel's log at a level. Null if it was told to give up. */
export async function runLogged(program: Program, model: KernelModel, level: 1 | 2, listen: Listener): Promise<Log | null> {
  const reporter = new KeepingDiagnosis();
  const outcome = await drive(program, model, { level, reporter }, listen);
  if (outcome === null) return null;
  const text = outcome.log;
  const steps = outcome.writer?.lineSteps() ?? new Int32Array(0);
  const lines = new Int32Array(steps.length + 1);
  let at = 0;
  for (let i = 0; i < steps.length; i++) {
    lines[i] = at;
    const newline = text.indexOf('\n', at);
    at = newline < 0 ? text.length : newline + 1;
  }
  lines[steps.length] = text.length;
  // the last line is the run's statistics
  if (steps.length !== 0 && text.startsWith('processed ', lines[steps.length - 1])) steps[steps.length - 1] = -1;
  return { text, lines, steps, report: reporter.report };
}

/** Is so much of the arena in use that recordings should be given up before the next run? */
export function arenaIsTight(): boolean {
  const { used, capacity } = arenaUsage();
  return used > capacity * 0.4;
}
