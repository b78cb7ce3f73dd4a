import { progType } from '../kernel/prog-types.ts';
import type { Problem as TextProblem } from '../program/text/problem.ts';
import type { Problem, RunStats, VerifyRequest, VerifyResult } from '../protocol.ts';
import type { Reading } from './reading.ts';
import type { Recorded } from './record.ts';
import type { Run } from './run.ts';
import { insnViews, subprogViews } from './views/insns.ts';
import { kfuncViews } from './views/kfuncs.ts';
import { laneSpans } from './views/lanes.ts';

const NO_STATS: RunStats = { insns: 0, states: 0, peakStates: 0, steps: 0, paths: 0, ms: 0 };

/** What the page is told of a text's mistakes. */
export function problemsOf(problems: readonly TextProblem[]): Problem[] {
  return problems.map(({ line, col, endLine, endCol, severity, id, message, fix }) => ({
    span: { line, col, endLine, endCol },
    severity,
    id,
    message,
    fixes: fix === undefined ? [] : [{ title: fix.title, edits: fix.edits.map((e) => ({ span: { line: e.line, col: e.col, endLine: e.line, endCol: e.endCol }, text: e.text })) }],
  }));
}

/** The answer to a request whose program was walked, or refused before its walk. */
export function resultOf(run: number, reading: Reading, recorded: Recorded): VerifyResult {
  const { outcome, trace, env, ms } = recorded;
  const program = reading.program!;
  const shown = { text: reading.text, program, model: reading.model, env };
  const { stats } = outcome;
  return {
    run,
    verdict: outcome.verdict,
    errno: outcome.errno,
    message: outcome.message.trimEnd(),
    rule: outcome.rule,
    failedAt: outcome.failedAt,
    stats: {
      insns: stats?.insnProcessed ?? 0,
      states: stats?.totalStates ?? 0,
      peakStates: stats?.peakStates ?? 0,
      steps: trace?.length ?? 0,
      paths: trace?.paths.length ?? 0,
      ms,
    },
    insns: insnViews(shown, trace?.visits ?? null),
    subprogs: subprogViews(shown),
    problems: problemsOf(reading.text.problems),
    kfuncs: kfuncViews(program, reading.model, reading.textFlags),
    lanes: trace === null ? [] : laneSpans(trace),
    semantics: reading.semantics,
    textSemantics: reading.textSemantics,
    progType: progType(program.progType)?.name ?? String(program.progType),
    logLines: 0,
  };
}

/** The answer to a text that is no program. */
export function badInput(id: number, request: VerifyRequest, reading: Reading): Run {
  const problems = problemsOf(reading.text.problems);
  const first = problems.find((problem) => problem.severity === 'error');
  return {
    id,
    request,
    reading,
    recorded: null,
    logs: {},
    explanation: null,
    result: { ...empty(id, reading), verdict: 'bad-input', message: first === undefined ? '' : `line ${first.span.line}: ${first.message}`, problems },
  };
}

/** The answer when something other than the program failed: the kernel's types could not be had, or the verifier itself is wrong. */
export function failed(id: number, request: VerifyRequest, error: unknown, reading: Reading | null = null): Run {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const message = reading === null ? `the kernel’s types could not be loaded (${what})` : `the verifier itself failed on this program, which is a bug in it (${what})`;
  return {
    id,
    request,
    reading,
    recorded: null,
    logs: {},
    explanation: null,
    result: { ...empty(id, reading), verdict: 'not-modelled', message, problems: reading === null ? [] : problemsOf(reading.text.problems) },
  };
}

function empty(run: number, reading: Reading | null): VerifyResult {
  return {
    run,
    verdict: 'not-modelled',
    errno: 0,
    message: '',
    rule: null,
    failedAt: null,
    stats: NO_STATS,
    insns: [],
    subprogs: [],
    problems: [],
    kfuncs: [],
    lanes: [],
    semantics: reading?.semantics ?? [],
    textSemantics: reading?.textSemantics ?? [],
    progType: '',
    logLines: 0,
  };
}
