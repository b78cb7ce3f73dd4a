/** The thread of the benchmark: holds programs and verifies them when asked. Bundled like the page's own worker. */
import { arenaMark, arenaReset, arenaUsage } from '../domain/scalar.ts';
import { verify } from '../engine/verify.ts';
import { loadKernelTypes, type KernelTypes } from '../kernel/load.ts';
import { createKernelModel, type KernelModel } from '../kernel/model.ts';
import { readBundle } from '../program/bundle.ts';
import type { Program } from '../program/program.ts';
import type { Env } from '../state/env.ts';
import { TraceRecorder } from '../trace/recorder.ts';
import type { Trace } from '../trace/trace.ts';

/** What one verification came to. */
export interface BenchRun {
  readonly verdict: string;
  readonly errno: number;
  readonly message: string;
  readonly insns: number;
  /** States that were kept, and the most at any one time. */
  readonly states: number;
  readonly peakStates: number;
  /** Wall time in milliseconds. */
  readonly wall: number;
  /** Values that the arena held at the end. */
  readonly scalars: number;
  /** Steps of the trace, 0 without one. */
  readonly steps: number;
}

/** A question to the thread; every one is answered by a message with the same `call`. */
export type BenchCall =
  | { readonly call: number; readonly kind: 'types'; readonly files: Readonly<Record<string, Uint8Array>> }
  | { readonly call: number; readonly kind: 'program'; readonly id: string; readonly bundle: string }
  | {
      readonly call: number;
      readonly kind: 'run';
      readonly id: string;
      readonly level: 0 | 1 | 2;
      readonly trace: boolean;
      /** Keep the explored states after the walk, until the next question. */
      readonly hold?: boolean;
    }
  | { readonly call: number; readonly kind: 'forget' };

let types: KernelTypes | null = null;
const programs = new Map<string, { program: Program; model: KernelModel }>();

/** The latest trace, or the states of the latest run with the history that they refer to: kept, so that their memory can be measured. */
const kept: { latest: Trace | Pick<Env, 'explored' | 'history'> | null } = { latest: null };
const start = arenaMark();

function forget(): void {
  kept.latest = null;
  arenaReset(start);
}

function runOne({ id, level, trace: traced, hold }: Extract<BenchCall, { kind: 'run' }>): BenchRun {
  const known = programs.get(id);
  if (known === undefined) throw new Error(`no program ${id}`);
  forget();
  const began = performance.now();
  const recorder = traced ? new TraceRecorder() : null;
  const { verdict, errno, message, stats, env } = verify(known.program, known.model, {
    level,
    observers: recorder === null ? undefined : [recorder],
    // without a listener the arena would be emptied before it can be looked at
    onEnv: (env) => recorder?.attach(env),
  });
  const trace = recorder?.finish(verdict === 'rejected') ?? null;
  const wall = performance.now() - began;
  kept.latest = trace;
  if (hold === true && env !== null) kept.latest = { explored: env.explored, history: env.history };
  return {
    verdict,
    errno,
    message,
    insns: stats?.insnProcessed ?? 0,
    states: stats?.totalStates ?? 0,
    peakStates: stats?.peakStates ?? 0,
    wall,
    scalars: arenaUsage().used,
    steps: trace?.length ?? 0,
  };
}

async function answer(asked: BenchCall): Promise<BenchRun | null> {
  switch (asked.kind) {
    case 'types':
      types = await loadKernelTypes((name) => Promise.resolve(asked.files[name]));
      return null;
    case 'program': {
      const { program } = readBundle(asked.bundle);
      programs.set(asked.id, {
        program,
        model: createKernelModel({
          types,
          semantics: [],
          invented: program.invented,
          kfuncFlags: program.kfuncFlags,
        }),
      });
      return null;
    }
    case 'run':
      return runOne(asked);
    case 'forget':
      forget();
      return null;
  }
}

addEventListener('message', (event) => {
  const asked = (event as MessageEvent<BenchCall>).data;
  answer(asked).then(
    (result) => postMessage({ call: asked.call, result }),
    (error: unknown) =>
      postMessage({
        call: asked.call,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
  );
});
