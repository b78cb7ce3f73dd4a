/** The thread of the benchmark: holds programs and verifies them when asked. Bundled like the page's own worker. */
import { arenaMark, arenaReset, arenaUsage } from '../domain/scalar.ts';
import { verify, verifySliced } from '../engine/verify.ts';
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
  readonly states: number;
  /** Wall time in milliseconds. */
  readonly wall: number;
  /** Values that the arena held at the end. */
  readonly scalars: number;
  /** Steps of the trace, 0 without one. */
  readonly steps: number;
}

/** A verification that stands still in the middle of its walk, or has ended. */
export interface BenchPause {
  readonly ended: boolean;
  readonly insns: number;
  /** The most explored states at any one time so far. */
  readonly peakStates: number;
  /** Values that the arena holds. */
  readonly scalars: number;
}

/**
 * A question to the thread: run a program in one go; or begin, and `advance` until so many instructions are processed or
 * it ends, so that its memory can be measured in between. What it keeps is kept until the next program, or `forget`. Every one is answered by a message with the same `call`. */
export type BenchCall =
  | { readonly call: number; readonly kind: 'types'; readonly files: Readonly<Record<string, Uint8Array>> }
  | { readonly call: number; readonly kind: 'program'; readonly id: string; readonly bundle: string }
  | {
      readonly call: number;
      readonly kind: 'run';
      readonly id: string;
      readonly level: 0 | 1 | 2;
      readonly trace: boolean;
    }
  | { readonly call: number; readonly kind: 'begin'; readonly id: string }
  | { readonly call: number; readonly kind: 'advance'; readonly until: number }
  | { readonly call: number; readonly kind: 'forget' };

let types: KernelTypes | null = null;
const programs = new Map<string, { program: Program; model: KernelModel }>();

/** A verification that was begun, with its run once it has one: both hold all that it needs. */
interface Begun {
  readonly walk: Generator<number, unknown, void>;
  env: Env | null;
}

/** The latest trace, or what was begun: kept, so that its memory can be measured. */
const kept: { trace: Trace | null; begun: Begun | null } = { trace: null, begun: null };
const start = arenaMark();

function forget(): void {
  kept.trace = null;
  kept.begun = null;
  arenaReset(start);
}

function programOf(id: string): { program: Program; model: KernelModel } {
  const known = programs.get(id);
  if (known === undefined) throw new Error(`no program ${id}`);
  return known;
}

function begin(id: string): BenchPause {
  const known = programOf(id);
  forget();
  const begun: Begun = {
    walk: verifySliced(known.program, known.model, { level: 0, onEnv: (env) => (begun.env = env) }),
    env: null,
  };
  kept.begun = begun;
  return pause(begun, false);
}

function advance(until: number): BenchPause {
  const { begun } = kept;
  if (begun === null) throw new Error('nothing was begun');
  for (;;) {
    const next = begun.walk.next();
    if (next.done === true) return pause(begun, true);
    if (next.value >= until) return pause(begun, false);
  }
}

function pause({ env }: Begun, ended: boolean): BenchPause {
  return {
    ended,
    insns: env?.stats.insnProcessed ?? 0,
    peakStates: env?.stats.peakStates ?? 0,
    scalars: arenaUsage().used,
  };
}

function runOne({ id, level, trace: traced }: Extract<BenchCall, { kind: 'run' }>): BenchRun {
  const known = programOf(id);
  forget();
  const began = performance.now();
  const recorder = traced ? new TraceRecorder() : null;
  const { verdict, errno, message, stats } = verify(known.program, known.model, {
    level,
    observers: recorder === null ? undefined : [recorder],
    // without a listener the arena would be emptied before it can be looked at
    onEnv: (env) => recorder?.attach(env),
  });
  const trace = recorder?.finish(verdict === 'rejected') ?? null;
  const wall = performance.now() - began;
  kept.trace = trace;
  return {
    verdict,
    errno,
    message,
    insns: stats?.insnProcessed ?? 0,
    states: stats?.totalStates ?? 0,
    wall,
    scalars: arenaUsage().used,
    steps: trace?.length ?? 0,
  };
}

async function answer(asked: BenchCall): Promise<BenchRun | BenchPause | null> {
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
    case 'begin':
      return begin(asked.id);
    case 'advance':
      return advance(asked.until);
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
