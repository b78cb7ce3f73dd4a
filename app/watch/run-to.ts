import * as Comlink from 'comlink';
import type { VerifyResult } from '../../worker/protocol.ts';
import type { Stop } from '../../worker/protocol/watch.ts';
import type { Playground } from '../playground/playground.ts';
import { stops, toggleLine } from './stops.ts';

/** Instructions that begin on the given lines of the text. */
export function insnsOn(result: VerifyResult, lines: readonly number[]): number[] {
  const wanted = new Set(lines);
  return result.insns.flatMap(({ index, span }) => (span !== null && wanted.has(span.line) ? [index] : []));
}

/** Runs to the next (1) or previous (-1) breakpoint or match of a watch, and says so if there is none. */
export async function runTo(playground: Playground, direction: 1 | -1): Promise<void> {
  const { run, step } = playground.store.getState();
  const { lines, watches } = stops.getState();
  const texts = watches.filter(({ on }) => on).map(({ text }) => text);
  if (run === null || step === null) return;
  if (lines.length === 0 && texts.length === 0) {
    playground.notify(
      'info',
      'There is no breakpoint and no watch. Click left of a line, or write a watch in the Watch pane.',
    );
    return;
  }
  const onProgress = Comlink.proxy((done: number) => stops.setState({ searching: done }));
  let stop: Stop | 'none' | null;
  try {
    stop = await playground.ask((worker) =>
      worker.nextStop(
        run.result.run,
        step.step,
        direction,
        { insns: insnsOn(run.result, lines), watches: texts },
        onProgress,
      ),
    );
  } catch (reason) {
    // A newer run has taken over, or a watch cannot be read, which its pane says.
    if (playground.store.getState().run === run)
      playground.notify(
        'warning',
        `The walk could not be searched: ${reason instanceof Error ? reason.message : String(reason)}`,
      );
    return;
  } finally {
    stops.setState({ searching: null });
  }
  if (playground.store.getState().run !== run || stop === null) return;
  if (stop === 'none')
    playground.notify(
      'info',
      direction > 0
        ? 'No further stop: nothing matches later in the walk.'
        : 'No earlier stop: nothing matches before this step.',
    );
  else playground.move({ to: 'step', step: stop.step });
}

/** Where the editor's caret stands, for as long as somebody types there. */
export const caret: { line: (() => number | null) | null } = { line: null };

/** A breakpoint at the editor's line, else at the instruction where the walk stands; or none there any more. */
export function toggleHere({ store }: Playground): void {
  const { run, step } = store.getState();
  const line = caret.line?.() ?? run?.result.insns.find(({ index }) => index === step?.insn)?.span?.line;
  if (line === undefined) return;
  const there = stops.getState().lines.includes(line);
  toggleLine(line);
  store.setState({
    announcement: there ? `No breakpoint on line ${line} any more` : `Breakpoint on line ${line}`,
  });
}
