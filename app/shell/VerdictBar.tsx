import { useEffect, useState } from 'react';
import type { Verdict } from '../../worker/protocol.ts';
import { count, duration, verdictWord } from '../playground/verdict-words.ts';
import { useVerdictHidden } from '../predict/use-predict.ts';
import { VerdictGuess } from '../predict/VerdictGuess.tsx';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import type { IconName } from '../ui/Icon.tsx';
import { focusPane } from './action.ts';
import { useApp, usePlayground } from './context.ts';
import { showPane } from './layout.ts';

const ICONS: Readonly<Record<Verdict, IconName>> = {
  accepted: 'check',
  rejected: 'cross',
  'not-modelled': 'gap',
  'bad-input': 'pencil',
};

/** A run that takes longer is shown as one that runs. */
const NOTICEABLE_MS = 250;

/** True once a run has lasted long enough to speak of. */
function useLongRun(): boolean {
  const since = useApp((state) => (state.phase.kind === 'verifying' ? state.phase.since : null));
  const [long, setLong] = useState<number | null>(null);
  useEffect(() => {
    if (since === null) return;
    const timer = setTimeout(() => setLong(since), NOTICEABLE_MS);
    return () => clearTimeout(timer);
  }, [since]);
  return since !== null && long === since;
}

function Running() {
  const playground = usePlayground();
  const progress = useApp((state) => (state.phase.kind === 'verifying' ? state.phase.progress : null));
  return (
    <div className="verdict-bar running">
      <span className="pill">
        <Icon name="wait" />
        Verifying
      </span>
      <progress aria-label="Instructions processed" value={progress?.insns} max={progress?.limit} />
      <span className="figures">{progress === null ? '' : `${count(progress.insns)} instructions`}</span>
      <Button tone="plain" onClick={() => playground.cancel()}>
        Cancel
      </Button>
    </div>
  );
}

function Figures() {
  const stats = useApp((state) => state.latest?.result.stats);
  if (stats === undefined) return null;
  const rows = [
    ['processed', count(stats.insns)],
    ['states', count(stats.states)],
    ['peak', count(stats.peakStates)],
    ['time', duration(stats.ms)],
  ] as const;
  return (
    <dl className="figures">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The verdict and its figures, always in view. */
export function VerdictBar() {
  const playground = usePlayground();
  const phase = useApp((state) => state.phase);
  const result = useApp((state) => state.latest?.result);
  const firstProblem = useApp((state) =>
    state.latest?.result.problems.find((problem) => problem.severity === 'error'),
  );
  const long = useLongRun();
  const hidden = useVerdictHidden();
  if (phase.kind === 'broken')
    return (
      <div className="verdict-bar verdict-broken" role="alert">
        <span className="pill">
          <Icon name="gap" />
          Verifier stopped
        </span>
        <span className="verdict-message">{phase.message}</span>
        <Button tone="strong" icon="restart" onClick={() => playground.restart()}>
          Restart
        </Button>
      </div>
    );
  if (long) return <Running />;
  if (phase.kind === 'cancelled')
    return (
      <div className="verdict-bar verdict-cancelled">
        <span className="pill">
          <Icon name="cross" />
          Cancelled
        </span>
        <Button tone="plain" icon="restart" onClick={() => playground.verifyAgain()}>
          Verify again
        </Button>
      </div>
    );
  if (hidden) return <VerdictGuess />;
  if (result === undefined) return <div className="verdict-bar" />;
  const message =
    result.verdict === 'bad-input' && firstProblem !== undefined
      ? `line ${firstProblem.span.line}: ${firstProblem.message}`
      : result.message;
  return (
    <div className={`verdict-bar verdict-${result.verdict}`}>
      <button
        type="button"
        className="pill"
        title="Why?"
        onClick={() => {
          showPane('why');
          focusPane('why');
        }}
      >
        <Icon name={ICONS[result.verdict]} />
        {verdictWord(result.verdict)}
      </button>
      <span className="verdict-message" title={message}>
        {message}
      </span>
      {result.verdict !== 'bad-input' && <Figures />}
    </div>
  );
}
