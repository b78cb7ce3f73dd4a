import { isConditionalJump } from '../isa/flow.ts';
import type { SeekTarget, StepView, VerifierWorker } from '../protocol.ts';
import { jump, nearestVisit } from '../trace/cursor.ts';
import { runLogged } from './record.ts';
import { NoSuchRun, type RunAccess } from './run-access.ts';
import { logLines } from './views/log.ts';
import { stepView, type StepSource } from './views/step.ts';

function target({ trace, program }: StepSource, from: number, to: SeekTarget): number {
  if (to.to === 'step') return to.step;
  if (to.to === 'insn') return nearestVisit(trace, from, to.insn);
  const failed = trace.paths.at(-1)?.end === 'rejected';
  return jump(trace, from, to.to, {
    isBranch: (insn) => isConditionalJump(program.insns.code[insn]),
    failure: failed ? trace.length - 1 : null,
  });
}

/** Steps of a walk, ways between them, and its log. */
export function walkQueries({ runOf, recordingOf, sourceOf, patiently }: RunAccess): Pick<VerifierWorker, 'step' | 'seek' | 'log'> {
  async function viewOf(id: number, pick: (source: StepSource) => number): Promise<StepView> {
    const source = await sourceOf(runOf(id));
    const step = pick(source);
    if (!Number.isInteger(step) || step < 0 || step >= source.trace.length) throw new NoSuchRun(`run ${id} has no step ${step}`);
    return stepView(source, step);
  }

  return {
    step: (run, step) => viewOf(run, () => step),
    seek: (run, from, to) => viewOf(run, (source) => target(source, from, to)),

    async log(id, level, from, to) {
      const run = runOf(id);
      const program = run.reading?.program ?? null;
      if (program === null) return { total: 0, lines: [] };
      const { model } = run.reading!;
      const recorded = await recordingOf(run);
      const log = (run.logs[level] ??= await patiently(run, async (listen) => run.logs[level] ?? runLogged(program, model, level, listen)));
      return { total: log.steps.length, lines: logLines(log, recorded?.trace ?? null, from, to) };
    },
  };
}
