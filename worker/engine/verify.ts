import { finish } from '../cfg/after/finish.ts';
import { MapRefused, structRecords } from '../cfg/maps.ts';
import type { Context } from '../cfg/context.ts';
import { prepare } from '../cfg/prepare.ts';
import { ArenaFull, arenaMark, arenaReset } from '../domain/scalar.ts';
import { SILENT } from '../failure/messages.ts';
import type { Report } from '../failure/report.ts';
import { NotModelled, Rejection } from '../failure/rule.ts';
import type { Arg } from '../failure/format.ts';
import { KernelTypesMissing, type KernelModel } from '../kernel/model.ts';
import { isGplCompatible } from '../kernel/prog-traits.ts';
import { LogWriter } from '../log/writer.ts';
import { forgetWanted } from '../precision/wanted.ts';
import type { Program } from '../program/program.ts';
import { Env, type Capabilities, type Stats } from '../state/env.ts';
import { Observers } from '../state/idle-observer.ts';
import type { Observer } from '../state/observer.ts';
import { attachOf } from './attach.ts';
import { Cancelled, INSN_LIMIT } from './explore.ts';
import { walkProgram } from './walk.ts';

const BPF_F_STRICT_ALIGNMENT = 1;
const BPF_F_ANY_ALIGNMENT = 2;
const BPF_F_TEST_STATE_FREQ = 8;
const BPF_F_TEST_REG_INVARIANTS = 128;

/** Writes the `Verification failed:` report into a log; see `diagnose/diagnosis.ts`. Unused without a log. */
export interface Reporter extends Observer {
  /** Before the first check: the program, what is found out about it as it is, and how the log prints instructions. */
  prepares(setting: Pick<Context, 'program' | 'facts' | 'print'>): void;
  /** Before the walk. */
  begins(env: Env): void;
  render(report: Report): string;
}

export interface VerifyOptions {
  /** 0: no log. */
  readonly level: 0 | 1 | 2;
  readonly observers?: readonly Observer[];
  readonly reporter?: Reporter;
  /** Given the run before its walk begins. */
  readonly onEnv?: (env: Env) => void;
  /** Asked every few thousand instructions; true stops the run. */
  readonly cancelled?: () => boolean;
  readonly onProgress?: (insns: number) => void;
}

/** What became of a program. */
export interface Outcome {
  readonly verdict: 'accepted' | 'rejected' | 'not-modelled';
  /** 0 if accepted. */
  readonly errno: number;
  /** The text of the rejection, or what is not modelled; empty if accepted. */
  readonly message: string;
  /** Rule of a rejection and its arguments. */
  readonly rule: string | null;
  readonly args: readonly Arg[];
  /** Instruction at which the program was rejected, null if none. */
  readonly failedAt: number | null;
  readonly stats: Stats | null;
  /** The kernel's log at the level asked for. */
  readonly log: string;
  /** The writer of the log, for its lines by step; null without a log. */
  readonly writer: LogWriter | null;
  /** The run, null if the program did not get as far as a walk. */
  readonly env: Env | null;
}

/** What the loader may do: everything, or nothing (sysctl kernel.unprivileged_bpf_disabled is 0). */
export function capabilitiesOf(program: Program): Capabilities {
  const p = program.privileged;
  return { bpfCapable: p, allowPtrLeaks: p, allowUninitStack: p, bypassSpecV1: p, bypassSpecV4: p };
}

/** Verifies a program as Linux would (kernel: bpf_check). Bad programs are outcomes; errors that are thrown are ours. */
export function verify(program: Program, model: KernelModel, options: VerifyOptions): Outcome {
  const walk = verifySliced(program, model, options);
  for (let next = walk.next(); ; ) {
    if (next.done) return next.value;
    options.onProgress?.(next.value);
    next = options.cancelled?.() ? walk.throw(new Cancelled('the walk was stopped')) : walk.next();
  }
}

/**
 * As {@link verify}, but looks up every few thousand instructions: yields how many were processed, and goes on when it
 * is asked to. Throwing {@link Cancelled} into it ends it with an outcome. Only one may be under way at a time.
 */
export function* verifySliced(program: Program, model: KernelModel, options: VerifyOptions): Generator<number, Outcome, void> {
  const mark = arenaMark();
  try {
    return yield* run(program, model, options);
  } finally {
    // what observers keep of the run stays valid until the next one
    if (options.observers === undefined && options.onEnv === undefined) arenaReset(mark);
  }
}

function* run(program: Program, model: KernelModel, options: VerifyOptions): Generator<number, Outcome, void> {
  const writer = options.level === 0 ? null : new LogWriter(options.level, program);
  const messages = writer ?? SILENT;
  const caps = capabilitiesOf(program);
  const reporter = writer === null ? null : (options.reporter ?? null);
  if (reporter !== null) writer!.reporter = (report) => reporter.render(report);
  let env: Env | null = null;
  let rejection: Rejection | null = null;
  let walking = false;
  forgetWanted();
  try {
    const prepared = prepare(program, model, messages, caps, (ctx) => reporter?.prepares(ctx));
    env = new Env({
      program,
      model,
      facts: prepared.facts,
      caps,
      traits: prepared.traits,
      messages,
      strictAlignment: (program.flags & (BPF_F_STRICT_ALIGNMENT | BPF_F_ANY_ALIGNMENT)) === BPF_F_STRICT_ALIGNMENT,
      testStateFreq: caps.bpfCapable && (program.flags & BPF_F_TEST_STATE_FREQ) !== 0,
      testRegInvariants: (program.flags & BPF_F_TEST_REG_INVARIANTS) !== 0,
      gplCompatible: isGplCompatible(program.license),
    });
    env.maps = [...prepared.maps];
    env.usedMaps = [...prepared.usedMaps];
    env.arena = prepared.arena;
    env.liveness = prepared.liveness;
    env.attach = attachOf(program, prepared.attach);
    if (program.btf !== null) env.structRecords = structRecords(program.btf, model);
    env.walk = writer;
    env.obs = observersOf(options, writer, reporter);
    writer?.attach(env, prepared.print);
    reporter?.begins(env);
    options.onEnv?.(env);
    walking = true;
    yield* walkProgram(env, writer);
    walking = false;
    env.maxStackDepth = finish(prepared).maxDepth;
  } catch (error) {
    if (error instanceof Rejection) rejection = error;
    else return notModelled(error, writer, env);
  }
  if (writer !== null && (rejection === null || env !== null || saysStats(rejection))) writer.text(statsLine(env?.stats ?? null));
  return {
    verdict: rejection === null ? 'accepted' : 'rejected',
    errno: rejection?.errno ?? 0,
    message: rejection?.message ?? '',
    rule: rejection?.rule.id ?? null,
    args: rejection?.args ?? [],
    failedAt: rejection === null ? null : (rejection.insn ?? (walking ? env!.insnIdx : null)),
    stats: env?.stats ?? null,
    log: writer?.wholeText() ?? '',
    writer,
    env,
  };
}

function observersOf(options: VerifyOptions, writer: LogWriter | null, reporter: Reporter | null): Observer | null {
  const all: Observer[] = [];
  if (writer !== null) all.push(writer);
  if (reporter !== null) all.push(reporter);
  all.push(...(options.observers ?? []));
  return all.length === 0 ? null : all.length === 1 ? all[0] : new Observers(all);
}

/** The system call's own refusals leave no statistics. */
function saysStats(rejection: Rejection): boolean {
  return !rejection.rule.id.startsWith('load.') && rejection.rule.id !== 'cfg.lastInsnWide';
}

function statsLine(stats: Stats | null): string {
  const s = stats;
  return (
    `processed ${s?.insnProcessed ?? 0} insns (limit ${INSN_LIMIT}) max_states_per_insn ${s?.maxStatesPerInsn ?? 0} ` +
    `total_states ${s?.totalStates ?? 0} peak_states ${s?.peakStates ?? 0} mark_read ${s?.longestMarkReadWalk ?? 0}\n`
  );
}

function notModelled(error: unknown, writer: LogWriter | null, env: Env | null): Outcome {
  if (
    !(error instanceof NotModelled) &&
    !(error instanceof MapRefused) &&
    !(error instanceof KernelTypesMissing) &&
    !(error instanceof ArenaFull) &&
    !(error instanceof Cancelled)
  ) {
    throw error;
  }
  return {
    verdict: 'not-modelled',
    errno: 0,
    message: error.message,
    rule: null,
    args: [],
    failedAt: error instanceof NotModelled ? error.where : null,
    stats: env?.stats ?? null,
    log: writer?.wholeText() ?? '',
    writer,
    env,
  };
}
