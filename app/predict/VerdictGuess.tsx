import { useApp, usePlayground } from '../shell/context.ts';
import { Button } from '../ui/Button.tsx';
import { predict } from './predict.ts';
import { useQuestionFocus } from './use-question-focus.ts';

/** In the verdict's place until somebody has guessed it. */
export function VerdictGuess() {
  const playground = usePlayground();
  const latest = useApp((state) => state.latest);
  const first = useQuestionFocus(latest, true);
  return (
    <div className="verdict-bar guessing" role="group" aria-label="Guess the verdict" data-gives-back="">
      <span className="pill">Accepted or rejected?</span>
      <Button ref={first} icon="check" tone="plain" onClick={() => predict.guess(playground, 'accepted')}>
        Accepted
      </Button>
      <Button icon="cross" tone="plain" onClick={() => predict.guess(playground, 'rejected')}>
        Rejected
      </Button>
      <Button onClick={() => predict.reveal(playground)}>Just show it</Button>
    </div>
  );
}
