import type { Stop, WatchCheck, WatchQueries, WatchWords } from '../protocol/watch.ts';
import { lastAtMost } from '../trace/columns.ts';
import type { Trace } from '../trace/trace.ts';
import { compileWatch } from '../trace/watch/compile.ts';
import { suggest } from '../trace/watch/complete.ts';
import { isMomentary } from '../trace/watch/condition.ts';
import { WatchError } from '../trace/watch/lexer.ts';
import { ATTRIBUTES, ENDS, HELD, QUALITIES, QUANTITIES, WORDS } from '../trace/watch/names.ts';
import { parseWatch } from '../trace/watch/parse.ts';
import { scan } from '../trace/watch/scan.ts';
import { analyse, traceCache } from './analysis.ts';
import type { RunAccess } from './run-access.ts';
import { calleeOf, type StepSource } from './views/step.ts';

/** Watches whose matches are remembered per walk. */
const KEPT = 32;

const HELP: readonly WatchWords[] = [
  { title: 'Conditions', rows: WORDS },
  { title: 'Numbers', rows: QUANTITIES },
  {
    title: 'Numbers of a register',
    rows: ATTRIBUTES.map(({ name, means }) => ({ name: `r1.${name}`, means })),
  },
  { title: 'What can be held', rows: HELD.map(({ name, means }) => ({ name: `${name} held`, means })) },
  { title: 'What a register or slot is', rows: QUALITIES },
  { title: 'Paths', rows: ENDS.map(({ name, means }) => ({ name: `path ${name}`, means })) },
];

function check(text: string): WatchCheck {
  try {
    return { problem: null, momentary: isMomentary(parseWatch(text)) };
  } catch (error) {
    if (!(error instanceof WatchError)) throw error;
    return { problem: { message: error.message, from: error.at, to: error.end }, momentary: false };
  }
}

function compiled(source: StepSource, text: string) {
  return compileWatch(parseWatch(text), {
    calleeOf: (insn) => calleeOf(source, insn),
    lineOf: (insn) => source.text.sourceMap[insn]?.line ?? 0,
  });
}

/** The first of ascending `steps` beyond `from` in a direction, -1 if there is none. */
function beyond(steps: Int32Array, from: number, direction: 1 | -1): number {
  const index = direction > 0 ? lastAtMost(steps, from) + 1 : lastAtMost(steps, from - 1);
  return steps[index] ?? -1;
}

function nextBreakpoint(trace: Trace, from: number, direction: 1 | -1, stops: ReadonlySet<number>): number {
  if (stops.size === 0) return -1;
  const { insns } = trace;
  for (let step = from + direction; step >= 0 && step < insns.length; step += direction)
    if (stops.has(insns[step])) return step;
  return -1;
}

/** Breakpoints and watches: where a walk is to stop. */
export function watchQueries(access: RunAccess): WatchQueries {
  const cache = traceCache<Int32Array>(KEPT);
  /** Counts the requests to give up. */
  let stopped = 0;

  function* matchesOf(source: StepSource, text: string): Generator<number, Int32Array> {
    const key = text.trim();
    const known = cache.get(source.trace, key);
    return known ?? cache.set(source.trace, key, yield* scan(source.trace, compiled(source, text)));
  }

  function listener(onProgress: (done: number) => void): (done: number) => boolean {
    const mine = stopped;
    return (done) => {
      if (stopped === mine) onProgress(done);
      return stopped !== mine;
    };
  }

  return {
    checkWatch: async (text) => check(text),

    async completeWatch(text, at, id) {
      const run = id === null ? null : access.runOf(id);
      const names = new Set<string>();
      if (run !== null && run.reading !== null && run.reading.program !== null) {
        const { program, text: read, model } = run.reading;
        const shown = { program, text: read, model, env: run.recorded?.env ?? null };
        for (const { index } of run.result.insns) names.add(calleeOf(shown, index));
      }
      names.delete('');
      return suggest(text, at, [...names].sort());
    },

    watchWords: async () => HELP,

    watchMatches(run, text, step, onProgress) {
      return analyse(
        access,
        run,
        function* (source) {
          const steps = yield* matchesOf(source, text);
          const at = lastAtMost(steps, step);
          return {
            count: steps.length,
            before: beyond(steps, step, -1),
            after: beyond(steps, step, 1),
            at: steps[at] === step ? at + 1 : 0,
          };
        },
        listener(onProgress),
      );
    },

    nextStop(run, from, direction, { insns, watches }, onProgress) {
      return analyse(
        access,
        run,
        function* (source): Generator<number, Stop | 'none'> {
          const { trace } = source;
          const breakpoints = new Set(insns);
          let best = nextBreakpoint(trace, from, direction, breakpoints);
          const all: Int32Array[] = [];
          for (const [i, text] of watches.entries()) {
            const search = matchesOf(source, text);
            let next = search.next();
            for (; !next.done; next = search.next()) yield (i + next.value) / watches.length;
            all.push(next.value);
            const found = beyond(next.value, from, direction);
            if (found >= 0 && (best < 0 || (direction > 0 ? found < best : found > best))) best = found;
          }
          if (best < 0) return 'none';
          const hit = (steps: Int32Array): boolean => steps[lastAtMost(steps, best)] === best;
          return {
            step: best,
            insn: trace.insnAt(best),
            breakpoint: breakpoints.has(trace.insnAt(best)),
            watches: all.flatMap((steps, i) => (hit(steps) ? [i] : [])),
          };
        },
        listener(onProgress),
      );
    },

    stopWatching() {
      stopped++;
      return Promise.resolve();
    },
  };
}
