import { count } from '../playground/verdict-words.ts';
import { action } from '../shell/actions.ts';
import { keysText } from '../shell/keys.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { Button } from '../ui/Button.tsx';
import type { IconName } from '../ui/Icon.tsx';

function Control({
  id,
  icon,
  disabled,
}: {
  readonly id: string;
  readonly icon: IconName;
  readonly disabled: boolean;
}) {
  const playground = usePlayground();
  const { title, keys, run } = action(id);
  return (
    <Button
      icon={icon}
      title={`${title} (${keysText(keys[0] ?? '')})`}
      disabled={disabled}
      onClick={() => run(playground)}
    />
  );
}

/** A pair of buttons around what they move through. */
function Pair({
  prev,
  next,
  text,
  disabled,
}: {
  readonly prev: string;
  readonly next: string;
  readonly text: string;
  readonly disabled: boolean;
}) {
  return (
    <span className="walk-pair">
      <Control id={prev} icon="back" disabled={disabled} />
      <span>{text}</span>
      <Control id={next} icon="forward" disabled={disabled} />
    </span>
  );
}

/** Slider and buttons over the steps of the walk. */
export function WalkControls() {
  const playground = usePlayground();
  const step = useApp((state) => state.step);
  const stats = useApp((state) => state.run?.result.stats);
  const failed = useApp(
    (state) =>
      state.run !== null && state.run.result.verdict !== 'accepted' && state.run.result.stats.steps > 0,
  );
  const total = stats?.steps ?? 0;
  const none = step === null || total === 0;
  const at = step?.step ?? 0;
  return (
    <div className="walk-controls">
      <div className="walk-row">
        <Control id="first" icon="first" disabled={none} />
        <Control id="step-back" icon="back" disabled={none} />
        <input
          type="range"
          data-pane={none ? undefined : 'walk'}
          aria-label="Step"
          aria-valuetext={none ? 'no steps' : `step ${at + 1} of ${total}, instruction ${step.insn}`}
          min={0}
          max={Math.max(total - 1, 0)}
          value={Math.min(at, Math.max(total - 1, 0))}
          disabled={none}
          style={{ '--share': total > 1 ? at / (total - 1) : 0 } as React.CSSProperties}
          onChange={(event) => playground.move({ to: 'step', step: Number(event.currentTarget.value) })}
        />
        <Control id="step" icon="forward" disabled={none} />
        <Control id="last" icon="last" disabled={none} />
        <span className="walk-count">
          {none ? '–' : count(at + 1)}
          <span className="faint"> / {count(total)}</span>
        </span>
      </div>
      <div className="walk-row pairs">
        <Pair prev="prev-branch" next="next-branch" text="Branch" disabled={none} />
        <Pair
          prev="prev-visit"
          next="next-visit"
          text={none ? 'Visit' : `Visit ${count(step.visit)} of ${count(step.visits)}`}
          disabled={none}
        />
        <Pair
          prev="prev-path"
          next="next-path"
          text={none ? 'Path' : `Path ${count(step.path + 1)} of ${count(stats?.paths ?? 0)}`}
          disabled={none}
        />
        {failed && (
          <Button
            icon="target"
            title={`To the failure (${keysText('f')})`}
            onClick={() => playground.move({ to: 'failure' })}
          >
            Failure
          </Button>
        )}
      </div>
    </div>
  );
}
