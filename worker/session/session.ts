import { arenaMark, arenaReset } from '../domain/scalar.ts';
import { INSN_LIMIT } from '../engine/explore.ts';
import type { Case, Judged } from '../explain/context.ts';
import { explain } from '../explain/explain.ts';
import type { FetchBytes } from '../kernel/load.ts';
import type { Comparison, Explanation, Progress, VerifierWorker, VerifyRequest, VerifyResult } from '../protocol.ts';
import type { Program } from '../program/program.ts';
import { about } from './about.ts';
import { compareWalks } from './compare.ts';
import { factsOf, refusedFacts } from './case.ts';
import { complete } from './editor/complete.ts';
import { convertText } from './editor/convert.ts';
import { definition } from './editor/definition.ts';
import { hover } from './editor/hover.ts';
import { formatSource } from '../asm/format-source.ts';
import { exportQueries } from './export.ts';
import { createKernelSource } from './kernel-source.ts';
import { kfuncQueries } from './kfunc-queries.ts';
import { pastedQueries } from './pasted-queries.ts';
import { createLock } from './lock.ts';
import { objectQueries } from './objects.ts';
import { outlookQueries } from './outlook.ts';
import { pathQueries } from './path-queries.ts';
import { precisionQueries } from './precision-queries.ts';
import { proofQueries } from './proof-queries.ts';
import { ruleQueries } from './rule-queries.ts';
import { read, type Reading } from './reading.ts';
import { arenaIsTight, runLogged, runRecorded, type Listener, type Recorded } from './record.ts';
import { badInput, resultOf, failed } from './result.ts';
import { NoSuchRun, type RunAccess } from './run-access.ts';
import type { Run } from './run.ts';
import { linesOfStep } from './views/log.ts';
import type { StepSource } from './views/step.ts';
import { graphQueries } from './graph.ts';
import { sourceQueries } from './source.ts';
import { visitQueries } from './visits.ts';
import { walkQueries } from './walk-queries.ts';
import { watchQueries } from './watch.ts';

const programOf = (run: Run): Program | null => run.reading?.program ?? null;

/** Logs of runs longer than this are written only when somebody reads them. */
const EAGER_LOG = 20_000;
/** How often a long run reports how far it is, in milliseconds. */
const REPORT_MS = 150;

/**
 * Everything the page asks of the worker. `fetchBytes` reads a file of the kernel's types. The core verifies one
 * program at a time; while it does, questions about recorded walks are answered between its slices.
 */
export function createSession(fetchBytes: FetchBytes): VerifierWorker {
  const kernel = createKernelSource(fetchBytes);
  const runs = new Map<number, Run>();
  const exclusive = createLock();
  const base = arenaMark();
  let lastRun = 0;
  /** Number of the newest request; older ones give up. */
  let newest = 0;

  function runOf(id: number): Run {
    const run = runs.get(id);
    if (run === undefined) throw new NoSuchRun(`there is no run ${id}: it was released`);
    return run;
  }

  /** Gives all recordings up; they come back when somebody asks for them. */
  function dropRecordings(): void {
    for (const run of runs.values()) run.recorded = null;
    arenaReset(base);
  }

  async function record(reading: Reading, traced: boolean, listen: Listener): Promise<Recorded | null> {
    if (arenaIsTight()) dropRecordings();
    const shared = arenaMark() !== base;
    const recorded = await runRecorded(reading.program!, reading.model, traced, listen);
    if (!shared || recorded === null || !recorded.arenaFull) return recorded;
    // alone it may fit
    dropRecordings();
    return runRecorded(reading.program!, reading.model, traced, listen);
  }

  /**
   * Works for a question about a run. A newer request goes first: then the work begins again behind it, unless the run
   * was released meanwhile.
   */
  async function patiently<T>(run: Run, work: (listen: Listener) => Promise<T | null>): Promise<T> {
    for (;;) {
      const mine = newest;
      const result = await exclusive(() => work(() => newest !== mine || !runs.has(run.id)));
      if (result !== null) return result;
      runOf(run.id);
    }
  }

  function aside<T>(work: (listen: Listener) => Promise<T | null>): Promise<T | null> {
    const mine = newest;
    return exclusive(async () => (newest === mine ? work(() => newest !== mine) : null));
  }

  function listener(mine: number, onProgress: (p: Progress) => void): Listener {
    let last = performance.now();
    return (insns) => {
      if (mine !== newest) return true;
      if (performance.now() - last > REPORT_MS) {
        last = performance.now();
        onProgress({ insns, limit: INSN_LIMIT });
      }
      return false;
    };
  }

  async function verifyOne(request: VerifyRequest, listen: Listener): Promise<VerifyResult | null> {
    const id = ++lastRun;
    let reading: Reading;
    try {
      reading = await read(request, kernel);
    } catch (error) {
      const run = failed(id, request, error);
      runs.set(id, run);
      return run.result;
    }
    if (reading.program === null) {
      const run = badInput(id, request, reading);
      runs.set(id, run);
      return run.result;
    }
    try {
      let recorded = await record(reading, request.trace, listen);
      if (recorded?.typesMissing) {
        reading = await read(request, kernel, true);
        recorded = await record(reading, request.trace, listen);
      }
      if (recorded === null) return null;
      const run: Run = { id, request, reading, recorded, logs: {}, result: resultOf(id, reading, recorded), explanation: null };
      if (run.result.stats.insns <= EAGER_LOG && recorded.outcome.verdict !== 'not-modelled') {
        for (const level of [1, 2] as const) {
          const log = await runLogged(reading.program!, reading.model, level, listen);
          if (log === null) return null;
          run.logs[level] = log;
        }
        run.result = { ...run.result, logLines: run.logs[1]!.steps.length };
      }
      runs.set(id, run);
      return run.result;
    } catch (error) {
      // a fault of ours must not look like a verdict
      const run = failed(id, request, error, reading);
      runs.set(id, run);
      return run.result;
    }
  }

  /** The recorded walk of a run, recorded again if it was given up. */
  async function recordingOf(run: Run): Promise<Recorded | null> {
    if (run.recorded !== null || programOf(run) === null || run.result.verdict === 'bad-input') return run.recorded;
    return patiently(run, async (listen) => (run.recorded ??= await record(run.reading!, run.request.trace, listen)));
  }

  async function sourceOf(run: Run): Promise<StepSource> {
    const recorded = await recordingOf(run);
    const trace = recorded?.trace ?? null;
    if (recorded === null || trace === null || trace.length === 0) throw new NoSuchRun(`run ${run.id} has no steps on record`);
    const { env } = recorded;
    const { text, program, model } = run.reading!;
    return {
      text,
      program: program!,
      model,
      env,
      trace,
      logLines: (step) => {
        const [one, two] = [run.logs[1], run.logs[2]];
        return { level1: one === undefined ? null : linesOfStep(one, trace, step), level2: two === undefined ? null : linesOfStep(two, trace, step) };
      },
    };
  }

  /** Work on a changed source, until a time: given up for newer requests, and done again after them. Null when the time is over. */
  async function untilTime<T>(run: Run, until: number, work: (listen: Listener) => Promise<T | null>): Promise<T | null> {
    const { done } = await patiently(run, async (listen) => {
      const isLate = (): boolean => performance.now() > until;
      const done = await work((insns) => isLate() || listen(insns));
      return done === null && !isLate() ? null : { done };
    });
    return done;
  }

  /** What becomes of a changed source, under the run's what-ifs? */
  async function judge(run: Run, source: string, until: number): Promise<Judged | null> {
    const { program, model } = await read({ ...run.request, source }, kernel);
    if (program === null) return null;
    const recorded = await untilTime(run, until, (listen) => runRecorded(program, model, false, listen));
    return recorded === null ? null : { accepted: recorded.outcome.verdict === 'accepted', message: recorded.outcome.message };
  }

  /** For the files that answer one topic each: `...topicQueries(access)` below. */
  const access: RunAccess = { kernel, runOf, recordingOf, sourceOf, patiently, aside, record };

  return {
    about: () => Promise.resolve(about()),

    verify(request, onProgress) {
      const mine = ++newest;
      return exclusive(async () => (mine === newest ? verifyOne(request, listener(mine, onProgress)) : null));
    },

    cancel() {
      newest++;
      return Promise.resolve();
    },

    compare(left, right) {
      const mine = ++newest;
      return exclusive(async (): Promise<Comparison | null> => {
        const listen = listener(mine, () => undefined);
        if (listen(0)) return null;
        const first = await verifyOne({ ...left, trace: true }, listen);
        const second = first === null ? null : await verifyOne({ ...right, trace: true }, listen);
        if (first === null || second === null) return null;
        return { left: first, right: second, firstDifference: compareWalks(runOf(first.run), runOf(second.run)) };
      });
    },

    ...exportQueries(access),
    ...graphQueries(access),
    ...kfuncQueries(access),
    ...objectQueries(access),
    ...outlookQueries(access),
    ...pastedQueries(),
    ...pathQueries(access),
    ...precisionQueries(access),
    ...proofQueries(access),
    ...ruleQueries(),
    ...sourceQueries(access),
    ...visitQueries(access),
    ...walkQueries(access),
    ...watchQueries(access),

    async explain(id): Promise<Explanation> {
      const run = runOf(id);
      if (run.explanation !== null) return run.explanation;
      const recorded = await recordingOf(run);
      const { reading, result } = run;
      const rest: Pick<Case, 'judge' | 'again'> = {
        judge: (source, until) => judge(run, source, until),
        again: async (source, until) => {
          const reading = await read({ ...run.request, source }, kernel);
          if (reading.program === null) return null;
          const facts = await untilTime(run, until, (listen) => refusedFacts(source, reading, listen));
          return facts === null || facts === 'passes' ? null : { ...facts, ...rest };
        },
      };
      const explanation = await explain({ ...factsOf(run.request.source, reading, recorded, result, run.logs[1]?.report ?? null), ...rest });
      run.explanation = explanation;
      return explanation;
    },

    complete: async (source, line, col) => complete(source, line, col, kernel),
    async hover(source, line, col, run, step) {
      const known = run === null ? undefined : runs.get(run);
      const steps = known === undefined || step === null || known.request.source !== source || (known.recorded?.trace ?? null) === null ? null : await sourceOf(known);
      return hover(source, line, col, kernel, steps, step);
    },
    definition: async (source, line, col) => definition(source, line, col, kernel),
    format: async (source) => formatSource(source),
    convert: async (text) => convertText(text),

    release(id) {
      runs.delete(id);
      return Promise.resolve();
    },
  };
}
