import { useEffect, useState } from 'react';
import type { Comparison, StepView } from '../../worker/protocol.ts';
import { count } from '../playground/verdict-words.ts';
import { usePlayground } from '../shell/context.ts';
import { Button } from '../ui/Button.tsx';
import { sideRows } from './side-rows.ts';

/** What both walks know before a step, side by side; steps go together from where the walks part. */
export function SideBySide({ comparison }: { readonly comparison: Comparison }) {
  const playground = usePlayground();
  const { left, right, firstDifference } = comparison;
  const start = firstDifference?.rightStep ?? 0;
  const [at, setAt] = useState({ of: comparison, step: start });
  const [views, setViews] = useState<{
    readonly of: Comparison;
    readonly left: StepView | null;
    readonly right: StepView | null;
  } | null>(null);
  const [all, setAll] = useState(false);
  // a new comparison begins where it parts
  const step = at.of === comparison ? at.step : start;
  const last = Math.max(left.stats.steps, right.stats.steps) - 1;

  useEffect(() => {
    let wanted = true;
    const view = (run: number, steps: number): Promise<StepView | null> =>
      step < steps ? playground.ask((worker) => worker.step(run, step)) : Promise.resolve(null);
    Promise.all([view(left.run, left.stats.steps), view(right.run, right.stats.steps)]).then(
      ([one, other]) => {
        if (wanted) setViews({ of: comparison, left: one, right: other });
      },
      // the runs were released: a newer comparison is on its way
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [playground, comparison, left, right, step]);

  if (last < 0) return null;
  const shown = views?.of === comparison ? views : null;
  const rows = shown === null ? [] : sideRows(shown.left, shown.right);
  const differing = rows.filter((row) => row.differs);
  const go = (to: number): void => setAt({ of: comparison, step: Math.min(Math.max(to, 0), last) });
  const insn = (result: Comparison['left'], view: StepView | null): string =>
    view === null
      ? 'the walk has ended'
      : `${view.insn}: ${result.insns.find((row) => row.index === view.insn)?.llvm ?? ''}`;
  return (
    <div className="side-by-side">
      <div className="side-steps">
        <Button icon="back" title="Both a step back" disabled={step === 0} onClick={() => go(step - 1)} />
        <span className="side-step">
          step {count(step + 1)} of {count(last + 1)}
        </span>
        <Button
          icon="forward"
          title="Both a step forward"
          disabled={step === last}
          onClick={() => go(step + 1)}
        />
        {firstDifference !== null && step !== start && (
          <button type="button" className="step-link" onClick={() => go(start)}>
            where they part
          </button>
        )}
        <label className="side-all">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} /> all
          values
        </label>
      </div>
      {shown !== null && (
        <div className="table-frame" tabIndex={0} role="region" aria-label="Both states">
          <table className="side-table">
            <thead>
              <tr>
                <th scope="col">Before step {count(step + 1)}</th>
                <th scope="col">compared with</th>
                <th scope="col">as set here</th>
              </tr>
            </thead>
            <tbody>
              <tr className={insn(left, shown.left) === insn(right, shown.right) ? '' : 'differs'}>
                <th scope="row">instruction</th>
                <td>{insn(left, shown.left)}</td>
                <td>{insn(right, shown.right)}</td>
              </tr>
              {(all ? rows : differing).map(({ name, left: one, right: other, differs }) => (
                <tr key={name} className={differs ? 'differs' : ''}>
                  <th scope="row">{name}</th>
                  <td>{one}</td>
                  <td>{other}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown !== null && differing.length === 0 && <p className="faint">Both know and hold the same here.</p>}
    </div>
  );
}
