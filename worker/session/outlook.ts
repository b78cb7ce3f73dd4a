import type { OutlookQueries } from '../protocol/outlook.ts';
import { NoSuchRun, type RunAccess } from './run-access.ts';
import { stepView } from './views/step.ts';

/** What a step leads to. */
export function outlookQueries({ runOf, sourceOf }: RunAccess): OutlookQueries {
  return {
    async outlook(run, step) {
      const source = await sourceOf(runOf(run));
      const { trace } = source;
      if (!Number.isInteger(step) || step < 0 || step >= trace.length) throw new NoSuchRun(`run ${run} has no step ${step}`);
      const path = trace.pathOf(step);
      const walked = trace.paths.filter((other) => other.parentStep === step).length;
      const waiting = trace.unexplored.filter((other) => other.step === step).length;
      return { step, next: step + 1 < path.stop ? stepView(source, step + 1) : null, aside: walked + waiting };
    },
  };
}
