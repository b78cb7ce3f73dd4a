import type { BenchRun } from '../../worker/cli/bench.ts';
import type { Host, Question } from './host.ts';
import type { BenchProgram } from './programs.ts';
import { median } from './report.ts';

/** Runs per round of which the fastest counts; the oracle does the same with the kernel. */
export const LOADS = 3;

/** A run and the time that it took. */
export interface Sample extends BenchRun {
  /** Processor milliseconds of the thread, wall milliseconds where that is not known. */
  readonly cpu: number;
  /** Processor milliseconds of all threads of the process. */
  readonly allCpu: number;
}

/** The samples of a program, one a round; the first warmed up. */
export interface Samples {
  readonly plain: Sample[];
  readonly traced: Sample[];
}

/** What a program's samples come to; times in milliseconds. */
export interface Timing {
  readonly insns: number;
  readonly errno: number;
  /** The first run's: compilation of the code included. */
  readonly first: number;
  readonly ours: number;
  readonly wall: number;
  readonly all: number;
  /** Null if it was not run with a trace. */
  readonly traced: number | null;
}

async function sample({ ask, clock }: Host, question: Question<'run'>): Promise<Sample> {
  const cpu = clock?.cpu() ?? 0;
  const all = clock?.processCpu() ?? 0;
  const run = await ask(question);
  const took = clock === null ? run.wall : clock.cpu() - cpu;
  return { ...run, cpu: took, allCpu: clock === null ? run.wall : clock.processCpu() - all };
}

async function fastest(host: Host, question: Question<'run'>, loads: number): Promise<Sample> {
  let best = await sample(host, question);
  for (let n = 1; n < loads; n++) {
    const next = await sample(host, question);
    if (next.cpu < best.cpu) best = next;
  }
  return best;
}

/** No samples yet, of any program. */
export function noSamples(programs: readonly BenchProgram[]): ReadonlyMap<string, Samples> {
  return new Map(programs.map(({ id }) => [id, { plain: [], traced: [] }]));
}

/** Takes one more sample of every program, without and with a trace. */
export async function takeSamples(
  host: Host,
  samples: ReadonlyMap<string, Samples>,
  level: 0 | 1 | 2,
  trace: boolean,
): Promise<void> {
  for (const [id, { plain, traced }] of samples) {
    const loads = plain.length === 0 ? 1 : LOADS;
    plain.push(await fastest(host, { kind: 'run', id, level, trace: false }, loads));
    if (trace) traced.push(await fastest(host, { kind: 'run', id, level, trace: true }, loads));
  }
}

const counted = (samples: readonly Sample[]): readonly Sample[] =>
  samples.length > 1 ? samples.slice(1) : samples;

/** Medians of the rounds; the one that warmed up counts only if there is no other. */
export function timing({ plain, traced }: Samples): Timing {
  const of = counted(plain);
  return {
    insns: of[0].insns,
    errno: of[0].errno,
    first: plain[0].cpu,
    ours: median(of.map((s) => s.cpu)),
    wall: median(of.map((s) => s.wall)),
    all: median(of.map((s) => s.allCpu)),
    traced: traced.length === 0 ? null : median(counted(traced).map((s) => s.cpu)),
  };
}
